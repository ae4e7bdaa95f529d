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
var indifferent = []string{"flows", "events", "rates", "concordance", "factors", "balances", "consignments", "thresholds", "memory", "threads"}

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
	differ = append(differ, files(before, after)...)
	same := slices.EqualFunc(before.Events, after.Events, func(x, y data.Event) bool { return reflect.DeepEqual(x, y) })
	if !same {
		differ = append(differ, Setting{"events", fmt.Sprintf("%d events", len(before.Events)), fmt.Sprintf("%d events, not the same", len(after.Events))})
	}
	return differ
}

// files lists the files beside the flows whose bytes differ; events are compared by
// what they say.
func files(before, after *Run) []Setting {
	var differ []Setting
	then := map[string]File{}
	for _, f := range before.Files {
		then[f.Setting] = f
	}
	for _, f := range after.Files {
		if was := then[f.Setting]; was.SHA256 != f.SHA256 && f.Setting != "events" {
			differ = append(differ, Setting{f.Setting, was.text(), f.text()})
		}
		delete(then, f.Setting)
	}
	for _, was := range before.Files {
		if _, gone := then[was.Setting]; gone && was.Setting != "events" {
			differ = append(differ, Setting{was.Setting, was.text(), File{}.text()})
		}
	}
	return differ
}

// text names a file and the beginning of its hash.
func (f File) text() string {
	if f.Name == "" {
		return "none"
	}
	return fmt.Sprintf("%s (SHA-256 %.12s)", f.Name, f.SHA256)
}
