package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"counterflow/data"
	"counterflow/data/reference"
)

// Options is what the reader of a report may choose. The zero value asks for
// the defaults.
type Options struct {
	Title   string    // of the report, "Trade-flow reconciliation" where empty
	Version string    // of the program, printed and put into the metadata
	Cases   int       // cases listed, each with a dossier, 200 where zero
	Lanes   int       // lanes that get a chart of their own, 12 where zero
	Pages   []string  // names of the sections wanted, all where empty
	DPI     []int     // resolutions of the PNG files, 150 where empty
	Threads int       // charts drawn at once, one a processor where zero
	Tables  string    // hash of the tables that the report is made of, printed where given
	Created time.Time // date in the metadata of the PDF; a fixed one where zero

	// Names of economies and goods; those of data/reference where nil.
	Economy func(data.Economy) string
	Goods   func(data.Commodity) string
}

// Check reports a choice that cannot be met.
func (o Options) Check() error {
	for _, name := range o.Pages {
		if !slices.Contains(Sections(), name) {
			return fmt.Errorf("pages: there is no section %q; choose from %s", name, strings.Join(Sections(), ", "))
		}
	}
	for _, dpi := range o.DPI {
		if dpi < 36 || dpi > 1200 {
			return fmt.Errorf("dpi: %d is outside 36 to 1200", dpi)
		}
	}
	if o.Cases < 0 || o.Lanes < 0 || o.Threads < 0 {
		return fmt.Errorf("cases, lanes and threads cannot be negative; leave them out for the defaults")
	}
	return nil
}

// filled puts the defaults where nothing was chosen.
func (o Options) filled() Options {
	if o.Title == "" {
		o.Title = "Trade-flow reconciliation"
	}
	if o.Cases == 0 {
		o.Cases = 200
	}
	if o.Lanes == 0 {
		o.Lanes = 12
	}
	if o.Version == "" {
		o.Version = "development version"
	}
	if len(o.DPI) == 0 {
		o.DPI = []int{150}
	}
	if o.Economy == nil {
		o.Economy = reference.Name
	}
	if o.Goods == nil {
		o.Goods = reference.GoodName
	}
	return o
}

// wants says whether a section was asked for.
func (o Options) wants(section string) bool {
	return len(o.Pages) == 0 || slices.Contains(o.Pages, section)
}

// coded names an economy with its code: "France (FRA)".
func (o Options) coded(e data.Economy) string {
	name, code := o.Economy(e), e.String()
	if name == "" || name == code {
		return code
	}
	return name + " (" + code + ")"
}

// goods names a commodity with its code: "Antimony oxides (282580)", and all
// goods together as such. A code without a name is "HS 270112".
func (o Options) goods(c data.Commodity) string {
	name, code := o.Goods(c), c.Code()
	switch {
	case c == 0:
		return ""
	case c.In(data.EditionUnknown) == data.AllGoods:
		return "all goods"
	case name != "" && name != code:
		return name + " (" + code + ")"
	case c.Edition() == data.EditionOther:
		return "code " + code
	}
	return "HS " + code
}
