package source

import (
	"bytes"
	"fmt"
	"strings"
)

// Reasons that only publishers with rows of their own kind give.
const (
	Suppressed Reason = "suppressed" // a line that hides which goods it is about
	NoRate     Reason = "no_rate"    // no exchange rate for the period
)

// dialect is how one publisher writes rows that have to be said otherwise before
// they can be parsed: values in another currency, codes of its own.
type dialect struct {
	name string
	// owns says whether a header, its names folded, is of this publisher.
	owns func(has map[string]bool) bool
	// open finds the columns, or names what is missing.
	open func(at columnFinder, o Options) (translator, error)
}

var dialects = []dialect{comext, census, sdmx, imts, baci}

// translator says one row in canonical words, or refuses it. It is used by
// several goroutines and keeps nothing.
type translator interface {
	translate(from *row, to *canonical) *Reject
	// columns names, for each canonical column, the publisher's column behind it.
	columns() canonical
	// divides says whether columns of the file tell totals from their parts.
	divides() bool
}

// canonical is one row in the columns that the parser reads. Empty fields are
// missing.
type canonical struct {
	period, reporter, partner, via, flow, commodity, edition, mode, procedure, supply, value, valuation, weight, estimated, quantity, unit []byte
}

const canonicalHeader = "period\x1freporter\x1fpartner\x1fvia\x1fflow\x1fcommodity\x1fclassification\x1fmode\x1fcustomscode\x1fmoscode\x1fvalue_usd\x1fvaluation\x1fnet_kg\x1fweight_estimated\x1fqty\x1fqty_unit"

// separator stands between canonical fields; no publisher writes it.
const separator = 0x1f

func (c *canonical) fields() [16][]byte {
	return [...][]byte{c.period, c.reporter, c.partner, c.via, c.flow, c.commodity, c.edition, c.mode, c.procedure, c.supply, c.value, c.valuation, c.weight, c.estimated, c.quantity, c.unit}
}

// appendTo writes the row. Bytes that would change its shape become ?, so that
// a damaged field is refused as it stands.
func (c *canonical) appendTo(text []byte) []byte {
	for i, field := range c.fields() {
		if i > 0 {
			text = append(text, separator)
		}
		for _, b := range field {
			if b == separator || b == '\n' || b == '\r' || b == '"' {
				b = '?'
			}
			text = append(text, b)
		}
	}
	return append(text, '\n')
}

// layoutOf reads a header line: one that the mapping of the settings is for, else
// one of a publisher with rows of its own kind, else any with the columns that are
// needed.
func layoutOf(header []byte, o Options) (*Layout, error) {
	if layout, err := o.Columns.layout(header, o.Rates); layout != nil || err != nil {
		return layout, err
	}
	if layout, err := recogniseDialect(header, o); layout != nil || err != nil {
		return layout, err
	}
	return recognise(header)
}

// parsed is the layout of the rows that the parser gets.
func (l *Layout) parsed() *Layout {
	if l.foreign != nil {
		return l.foreign.parsed
	}
	return l
}

// foreign is a recognised dialect.
type foreign struct {
	translator translator
	parsed     *Layout // of the canonical rows, columns under their publisher's names
}

// recogniseDialect gives the layout of a header that is of a publisher with
// rows of its own kind, nil for any other.
func recogniseDialect(header []byte, o Options) (*Layout, error) {
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		layout := &Layout{Delimiter: delimiter, Columns: splitHeader(header, delimiter)}
		at := columnFinder{}
		has := map[string]bool{}
		for i := len(layout.Columns) - 1; i >= 0; i-- {
			name, _, _ := strings.Cut(layout.Columns[i], ":") // SDMX may write labels behind codes
			at[fold(name)], has[fold(name)] = i, true
		}
		for _, d := range dialects {
			if !d.owns(has) {
				continue
			}
			t, err := d.open(at, o)
			if err != nil {
				return nil, fmt.Errorf("layout %s: %w", d.name, err)
			}
			layout.Name = d.name
			layout.foreign = newForeign(t, d.name)
			layout.divided = layout.foreign.parsed.divided
			return layout, nil
		}
	}
	return nil, nil
}

func newForeign(t translator, name string) *foreign {
	parsed := assign([]byte(canonicalHeader), separator)
	parsed.Name, parsed.divided = name, t.divides()
	names := t.columns()
	for i, published := range names.fields() {
		if len(published) > 0 {
			parsed.Columns[i] = string(published)
		}
	}
	return &foreign{t, parsed}
}

// block says every row of a block in canonical words. A refused row is counted
// and leaves a blank line, so that lines keep their numbers; a quoted newline
// leaves one as well.
func (f *foreign) block(b block, file *Layout, count *counter) block {
	to := make([]byte, 0, len(b.text))
	from := newRow(len(file.Columns))
	line := b.line
	for at := 0; at < len(b.text); {
		next := from.split(b.text, at, file.Delimiter)
		lines := bytes.Count(b.text[at:next], newline)
		switch {
		case from.blank():
			to = append(to, '\n')
		default:
			to = f.row(from, file, to, func(r *Reject) {
				r.Line = line
				count.rows[b.file]++
				count.refuseAs(b.file, *r)
			})
		}
		for range lines - 1 {
			to = append(to, '\n')
		}
		line += int64(max(lines, 1))
		at = next
	}
	return block{text: to, line: b.line, file: b.file}
}

func (f *foreign) row(from *row, file *Layout, to []byte, refuse func(*Reject)) []byte {
	if !from.fits(len(file.Columns)) {
		refuse(&Reject{Reason: NotARow, Value: fmt.Sprintf("%d fields", from.fields),
			Hint: fmt.Sprintf("the header has %d columns; quote fields that hold the delimiter", len(file.Columns))})
		return append(to, '\n')
	}
	var c canonical
	if no := f.translator.translate(from, &c); no != nil {
		no.Value = clip(no.Value, 80)
		refuse(no)
		return append(to, '\n')
	}
	return c.appendTo(to)
}

// refuseAs counts a refusal that is described already.
func (c *counter) refuseAs(file int, r Reject) {
	c.refused[file][r.Reason]++
	if kept := c.samples[file][r.Reason]; len(kept) < samplesKept {
		c.samples[file][r.Reason] = append(kept, r)
	}
}

// columnFinder gives the places of folded column names.
type columnFinder map[string]int

// first gives the place of the first name that is there, -1 for none.
func (at columnFinder) first(names ...string) int {
	for _, name := range names {
		if i, ok := at[name]; ok {
			return i
		}
	}
	return -1
}

// need is first for columns that a layout cannot do without; what is missing is
// gathered under what it says.
func (at columnFinder) need(missing *[]string, what string, names ...string) int {
	i := at.first(names...)
	if i < 0 {
		*missing = append(*missing, what)
	}
	return i
}

func noColumns(missing []string) error {
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("no column for %s; fetch the file with it", strings.Join(missing, ", nor for "))
}
