package data

import "fmt"

// Economy is a customs territory, held as its ISO 3166-1 alpha-3 code packed
// into 15 bits, so that economies sort by their code. The zero value is no
// economy.
type Economy uint16

// Exporter and Importer are the two roles of an economy in one corridor. They
// are types of their own so that the sides cannot be swapped by mistake.
type (
	Exporter Economy
	Importer Economy
)

// The two codes that are not economies. Both lie in ISO's user-assigned range.
var (
	// World is the total over all partners that a reporter publishes beside
	// the partners themselves.
	World = MustEconomy("WLD")
	// Unallocated gathers partners that are no single economy: areas not
	// elsewhere specified, bunkers, free zones, confidential partners.
	Unallocated = MustEconomy("QXX")
)

// EconomyBits is the width of a packed economy.
const EconomyBits = 15

// ParseEconomy packs a code of three ASCII letters, in either case. It does not
// ask whether such an economy exists: data/reference does.
func ParseEconomy(code string) (Economy, error) {
	if len(code) != 3 {
		return 0, fmt.Errorf("economy %q is not three letters", code)
	}
	var packed Economy
	for i := 0; i < 3; i++ {
		letter := code[i] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			return 0, fmt.Errorf("economy %q is not three letters", code)
		}
		packed = packed<<5 | Economy(letter-'A'+1)
	}
	return packed, nil
}

// MustEconomy is ParseEconomy for codes written in source; it panics on any
// other text.
func MustEconomy(code string) Economy {
	e, err := ParseEconomy(code)
	if err != nil {
		panic(err)
	}
	return e
}

// String gives the three letters, or "" for no economy.
func (e Economy) String() string {
	if e == 0 {
		return ""
	}
	return string([]byte{
		'A' - 1 + byte(e>>10&31),
		'A' - 1 + byte(e>>5&31),
		'A' - 1 + byte(e&31),
	})
}

// MarshalText writes the three letters.
func (e Economy) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads three letters; an empty text is no economy.
func (e *Economy) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*e = 0
		return nil
	}
	parsed, err := ParseEconomy(string(text))
	*e = parsed
	return err
}

func (e Exporter) String() string { return Economy(e).String() }
func (i Importer) String() string { return Economy(i).String() }

// MarshalText writes the exporter's three letters.
func (e Exporter) MarshalText() ([]byte, error) { return Economy(e).MarshalText() }

// MarshalText writes the importer's three letters.
func (i Importer) MarshalText() ([]byte, error) { return Economy(i).MarshalText() }
