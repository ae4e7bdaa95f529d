package reference

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"counterflow/data"
)

// Kind says what a code in the place of a reporter or partner stands for.
type Kind uint8

// The kinds.
const (
	KindEconomy     Kind = iota + 1 // a customs territory
	KindHistoric                    // a territory that declared under this code only in the years given
	KindGroup                       // the EU, ASEAN ...: its members are there as well
	KindWorld                       // the total over all partners
	KindUnallocated                 // areas not elsewhere specified, bunkers, free zones, confidential
)

var kindNames = [...]string{"", "economy", "historic", "group", "world", "unallocated"}

func (k Kind) String() string { return kindNames[k] }

// Entry is one row of the table of economies.
type Entry struct {
	Code     int          // number in UN Comtrade, -1 where it has none
	Economy  data.Economy // what it is read as; none for a group
	ISO2     string
	Name     string // English
	Kind     Kind
	From, To int      // first and last year of the code, 0 where not limited
	Instead  int      // number that Comtrade's reporters use for the same economy, 0 where this one
	Aliases  []string // other spellings and codes
	Note     string
	Source   string // un, iso, eurostat, imf: see economies.origin.txt
}

//go:embed economies.csv
var economiesCSV string

var entries = parseEntries(economiesCSV)

// Economies lists the table in order of Comtrade's numbers; rows without a
// number come last.
func Economies() []Entry { return append([]Entry(nil), entries...) }

func parseEntries(text string) []Entry {
	rows := rowsOf("economies.csv", text, "code", "iso3", "iso2", "name", "kind",
		"valid_from", "valid_to", "instead", "aliases", "note", "source")
	list := make([]Entry, 0, len(rows))
	for _, row := range rows {
		e := Entry{
			Code: number(row[0], -1), ISO2: row[2], Name: row[3], Kind: kindOf(row[4]),
			From: number(row[5], 0), To: number(row[6], 0), Instead: number(row[7], 0),
			Note: row[9], Source: row[10],
		}
		if row[1] != "" {
			e.Economy = data.MustEconomy(row[1])
		}
		if row[8] != "" {
			e.Aliases = strings.Split(row[8], "|")
		}
		list = append(list, e)
	}
	return list
}

func kindOf(text string) Kind {
	for k, name := range kindNames {
		if k > 0 && name == text {
			return Kind(k)
		}
	}
	panic(fmt.Sprintf("economies.csv: kind %q is none of %v", text, kindNames[1:]))
}

// number reads a whole number, or gives the stand-in where the text is empty.
func number(text string, empty int) int {
	if text == "" {
		return empty
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

// names gives the English name of each economy: that of its first row that is
// an economy, else that of its first row of any kind. A row with Instead set is
// a second code of an economy and does not name it.
var names = func() map[data.Economy]string {
	m := make(map[data.Economy]string, len(entries))
	rank := make(map[data.Economy]int, len(entries))
	for _, e := range entries {
		standing := 3
		switch {
		case e.Economy == 0:
			continue
		case e.Kind == KindEconomy && e.Instead == 0 && e.Source != "eurostat":
			standing = 1
		case e.Kind != KindHistoric:
			standing = 2
		}
		if was, seen := rank[e.Economy]; !seen || standing < was {
			m[e.Economy], rank[e.Economy] = e.Name, standing
		}
	}
	m[data.Unallocated] = "Unallocated"
	return m
}()

// Name is the English name of an economy, its three letters where the table
// has none, and "" for no economy.
func Name(e data.Economy) string {
	if name, ok := names[e]; ok {
		return name
	}
	return e.String()
}
