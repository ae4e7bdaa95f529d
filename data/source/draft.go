package source

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/data/reference"
)

// Draft is a mapping to start from, of a file whose header is not known. Every
// line should be looked at before it is used.
type Draft struct {
	Columns []string `json:"columns"` // ROLE=COLUMN, as ParseMapping reads it
	Missing []string `json:"missing"` // roles for which no column was found
}

// draftRows is how many rows are looked at.
const draftRows = 2000

// hints are parts of names, in several languages, that tell alike columns apart.
var hints = map[role][]string{
	rolePeriod:    {"period", "time", "date", "month", "monat", "mes", "mois", "year", "jahr", "ano", "annee"},
	roleReporter:  {"report", "declar", "meld", "origin", "from", "export"},
	rolePartner:   {"partner", "dest", "import", "counter", "pais", "pays", "land", "country"},
	roleFlow:      {"flow", "trade", "dir", "richtung", "flux", "flujo", "imex"},
	roleCommodity: {"hs", "cn", "ncm", "cmd", "commod", "prod", "ware", "code", "kode", "item"},
	roleValue:     {"usd", "value", "wert", "valor", "valeur", "amount", "dollar", "fob", "cif"},
	roleWeight:    {"kg", "weight", "net", "gewicht", "peso", "poids", "masse", "ton"},
}

// DraftMapping looks at the first rows of a table and says which column may play
// which role: by what stands in it, and by its name where several would do.
func DraftMapping(path string) (*Draft, error) {
	in, err := open(path)
	if err != nil {
		return nil, err
	}
	defer in.file.Close()
	text := bufio.NewReaderSize(in.text, 1<<16)
	header, err := headerLine(text)
	if err != nil {
		return nil, dataErrorf("%s: line 1: %w", in.name, err)
	}
	rows, err := io.ReadAll(io.LimitReader(text, blockSize))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, dataErrorf("%s: %w", in.name, rootCause(err))
	}
	d := &drafting{delimiter: widest(header)}
	d.names = splitHeader(header, d.delimiter)
	d.look(rows)
	return d.draft(), nil
}

// widest is the delimiter by which a header has the most columns.
func widest(header []byte) byte {
	return slices.MaxFunc([]byte{',', ';', '\t', '|'}, func(a, b byte) int {
		return cmp.Compare(bytes.Count(header, []byte{a}), bytes.Count(header, []byte{b}))
	})
}

// drafting is the look at one table.
type drafting struct {
	delimiter byte
	names     []string
	seen      []sightings
}

// sightings counts what the cells of a column could be.
type sightings struct {
	filled, periods, economies, flows, codes, numbers, decimals int
	values                                                      map[string]bool
}

func (d *drafting) look(rows []byte) {
	d.seen = make([]sightings, len(d.names))
	for i := range d.seen {
		d.seen[i].values = map[string]bool{}
	}
	r := newRow(len(d.names))
	for at, n := 0, 0; at < len(rows) && n < draftRows; n++ {
		next := r.split(rows, at, d.delimiter)
		if at = next; r.blank() || !r.fits(len(d.names)) {
			continue
		}
		for i := range d.names {
			d.seen[i].cell(r.field(i))
		}
	}
}

func (s *sightings) cell(text []byte) {
	if missing(text) {
		return
	}
	s.filled++
	s.values[string(text)] = true
	if p, ok := parsePeriod(bytes.Clone(text)); ok && p.Year() > 1960 && p.Year() < 2100 {
		s.periods++
	}
	if _, ok := reference.ByBytes(text); ok {
		s.economies++
	}
	if parseFlow(text).ok {
		s.flows++
	}
	if n := len(text); allDigits(text) && n >= 4 && n <= data.CommodityDigits {
		s.codes++
	}
	if _, ok := data.ParseFixed(text, 3); ok {
		s.numbers++
		if bytes.IndexByte(text, '.') >= 0 {
			s.decimals++
		}
	}
}

// share is how far the cells of a column could play a role, 0 to 1.
func (s *sightings) share(r role) float64 {
	if s.filled == 0 {
		return 0
	}
	n := map[role]int{
		rolePeriod: s.periods, roleReporter: s.economies, rolePartner: s.economies, roleFlow: s.flows,
		roleCommodity: s.codes, roleValue: s.numbers, roleWeight: s.numbers,
	}[r]
	if r == roleFlow && len(s.values) > 6 || r == roleCommodity && s.decimals > 0 {
		return 0
	}
	return float64(n) / float64(s.filled)
}

// enough is the share of cells that must fit. Partners include groups and names
// that no list has.
func enough(r role) float64 {
	if r == rolePartner || r == roleReporter {
		return 0.6
	}
	return 0.9
}

// draft gives roles to columns, the most telling role first.
func (d *drafting) draft() *Draft {
	usual := assign([]byte(strings.Join(d.names, "\x1f")), separator)
	taken := map[int]bool{}
	out := &Draft{}
	for _, r := range []role{rolePeriod, roleFlow, roleReporter, rolePartner, roleCommodity, roleWeight, roleValue} {
		best, bestScore := -1, 0.0
		for i := range d.names {
			if taken[i] || d.seen[i].share(r) < enough(r) {
				continue
			}
			if score := d.score(r, i, usual.at[r] == i); score > bestScore {
				best, bestScore = i, score
			}
		}
		name := mappable[slices.IndexFunc(mappable, func(m mappableRole) bool { return m.role == r })].name
		if best < 0 {
			out.Missing = append(out.Missing, name)
			continue
		}
		taken[best] = true
		out.Columns = append(out.Columns, name+"="+d.names[best])
	}
	return out
}

// score is the share, with a lead for a name that says so, and for places where a
// file usually has a role: reporters are few and stand before partners.
func (d *drafting) score(r role, column int, usual bool) float64 {
	score := d.seen[column].share(r)
	if usual {
		return score + 2
	}
	name := fold(d.names[column])
	for _, hint := range hints[r] {
		if strings.Contains(name, hint) {
			score++
			break
		}
	}
	switch r {
	case roleValue, roleWeight:
		if score < 1.5 { // any number could be an amount: its name must say so
			return 0
		}
	case roleCommodity:
		score += min(0.5, float64(len(d.seen[column].values))/1000)
	}
	return score - float64(column)*1e-6
}
