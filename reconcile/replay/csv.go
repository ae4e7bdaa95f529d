package replay

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"counterflow/reconcile/evaluate"
)

// Column is one column of the table of cases.
type Column struct {
	Name, About string
	text        func(*Case) string
}

// Columns of the table of cases, in their order. Empty is none.
var Columns = []Column{
	{"kind", "what the data show", func(c *Case) string { return string(c.Kind) }},
	{"commodity", "goods", func(c *Case) string { return c.Commodity.Code() }},
	{"related_commodity", "the second code of a code switch", func(c *Case) string { return c.Related.Code() }},
	{"exporter", "none for a stock build", func(c *Case) string { return c.Exporter.String() }},
	{"importer", "", func(c *Case) string { return c.Importer.String() }},
	{"via", "third economy", func(c *Case) string { return c.Via.String() }},
	{"start", "the earliest start that any month gave", func(c *Case) string { return c.Start.String() }},
	{"end", "as last listed", func(c *Case) string { return c.End.String() }},
	{"first_listed", "the first month whose run lists it", func(c *Case) string { return c.FirstListed.String() }},
	{"q_value", "then", func(c *Case) string { return number(c.Q) }},
	{"months_to_list", "from start to first_listed", func(c *Case) string { return c.ListedAfter.Text() }},
	{"from_first", "listed in the first month run, and perhaps before", func(c *Case) string { return strconv.FormatBool(c.FromFirst) }},
	{"first_found", "the first month in which it counts as found", func(c *Case) string { return c.FirstFound.String() }},
	{"months_to_find", "from start to first_found", func(c *Case) string { return c.FoundAfter.Text() }},
	{"months_listed", "number of months whose run lists it", func(c *Case) string { return strconv.Itoa(c.MonthsListed) }},
	{"stands", "listed in the last month run", func(c *Case) string { return strconv.FormatBool(c.Stands) }},
	{"dropped_after", "where it does not stand, the last month that lists it", func(c *Case) string { return c.Dropped.String() }},
}

func number(r evaluate.Ratio) string {
	if v := float64(r); !math.IsNaN(v) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return ""
}

// WriteCSV writes the cases.
func (t *Table) WriteCSV(to io.Writer) error {
	w := csv.NewWriter(to)
	cells := make([]string, len(Columns))
	for i := range Columns {
		cells[i] = Columns[i].Name
	}
	if err := w.Write(cells); err != nil {
		return err
	}
	for i := range t.Cases {
		for k := range Columns {
			cells[k] = Columns[k].text(&t.Cases[i])
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
