package claims

import (
	"fmt"
	"strings"

	"counterflow/data"
)

// Lane is one commodity, exporter and importer. Trade without a partner has
// data.Unallocated at one end.
type Lane struct {
	Goods    data.Commodity
	Exporter data.Exporter
	Importer data.Importer
}

// String is commodity:exporter:importer.
func (l Lane) String() string { return fmt.Sprintf("%s:%s:%s", l.Goods, l.Exporter, l.Importer) }

// joinLanes lists the lanes of counterparts, joined by |.
func joinLanes(with []Counterpart) string {
	var names []string
	for i := range with {
		names = append(names, with[i].Lane.String())
	}
	return strings.Join(names, "|")
}

// ParseLanes reads what FoundOn holds: lanes as commodity:exporter:importer, joined by
// |; none of an empty text.
func ParseLanes(text string) ([]Lane, error) {
	var lanes []Lane
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == '|' }) {
		parts := strings.Split(one, ":")
		if len(parts) != 3 {
			return nil, fmt.Errorf("%q is no lane; write commodity:exporter:importer", one)
		}
		goods, err := data.ParseCommodity(parts[0], data.EditionUnknown)
		if err != nil {
			return nil, fmt.Errorf("lane %q: %w", one, err)
		}
		exporter, err := data.ParseEconomy(parts[1])
		if err != nil {
			return nil, fmt.Errorf("lane %q: %w", one, err)
		}
		importer, err := data.ParseEconomy(parts[2])
		if err != nil {
			return nil, fmt.Errorf("lane %q: %w", one, err)
		}
		lanes = append(lanes, Lane{goods, data.Exporter(exporter), data.Importer(importer)})
	}
	return lanes, nil
}
