package difference

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"counterflow/data"
)

// indifferent are settings that cannot change a result, or that name files whose
// content is compared instead.
var indifferent = []string{"flows", "events", "rates", "concordance", "memory", "threads"}

// settings lists what differs, in the order of the settings. A setting added to
// the settings of a run is compared without further ado.
func settings(before, after *Run) []Setting {
	var differ []Setting
	b, a := reflect.ValueOf(before.Settings), reflect.ValueOf(after.Settings)
	for i := range b.NumField() {
		name, _, _ := strings.Cut(b.Type().Field(i).Tag.Get("yaml"), ",")
		x, y := b.Field(i).Interface(), a.Field(i).Interface()
		if !slices.Contains(indifferent, name) && !reflect.DeepEqual(x, y) {
			differ = append(differ, Setting{name, fmt.Sprint(x), fmt.Sprint(y)})
		}
	}
	same := slices.EqualFunc(before.Events, after.Events, func(x, y data.Event) bool { return reflect.DeepEqual(x, y) })
	if !same {
		differ = append(differ, Setting{"events", fmt.Sprintf("%d events", len(before.Events)), fmt.Sprintf("%d events, not the same", len(after.Events))})
	}
	return differ
}
