package source

// Mode is a mode of transport in UN Comtrade's list; 0 is the total over all
// modes, and any mode that the list does not hold.
type Mode uint8

// modes lists the codes with the place of the mode that each is a subdivision
// of, 0 for none (UN Comtrade's list of modes of transport, 2024).
var modes = [...]struct {
	code   string
	within Mode
}{
	{"0", 0},
	{"1000", 0},                                        // air
	{"2000", 0}, {"2100", 2}, {"2200", 2}, {"2900", 2}, // water: sea, inland, other
	{"3000", 0}, {"3100", 6}, {"3200", 6}, {"3900", 6}, // land: rail, road, other
	{"9000", 0}, {"9100", 10}, // other: pipelines and cables
	{"9110", 11}, {"9120", 11}, {"9190", 11},
	{"9200", 10}, {"9300", 10}, {"9900", 10}, // post, self-propelled, other
}

// The modes that others are subdivisions of.
const (
	Air            Mode = 1
	Water          Mode = 2
	Land           Mode = 6
	OtherTransport Mode = 10
)

func (m Mode) String() string {
	switch m {
	case 0:
		return ""
	case Air:
		return "air"
	case Water:
		return "water"
	case Land:
		return "land"
	case OtherTransport:
		return "other"
	}
	return modes[m].code
}

// Whole is the mode that a mode is a subdivision of in the end, itself where it
// is none.
func (m Mode) Whole() Mode {
	for modes[m].within != 0 {
		m = modes[m].within
	}
	return m
}

func parseMode(text []byte) Mode {
	for i := range modes {
		if modes[i].code == string(text) {
			return Mode(i)
		}
	}
	return 0
}

// Within says whether goods carried by this mode are counted in another too.
func (m Mode) Within(other Mode) bool {
	for m != 0 {
		if m = modes[m].within; m == other {
			return other != 0
		}
	}
	return false
}
