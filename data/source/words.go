package source

import (
	"bytes"

	"counterflow/data"
)

// flowWord is what a text in the place of a flow means.
type flowWord struct {
	direction data.Direction
	part      bool // contained in exports or imports
	ok        bool
}

// parseFlow reads the ways in which publishers write a direction.
func parseFlow(text []byte) flowWord {
	switch fold(string(text)) {
	case "x", "e", "exp", "export", "exports", "2":
		return flowWord{direction: data.Export, ok: true}
	case "m", "i", "imp", "import", "imports", "1":
		return flowWord{direction: data.Import, ok: true}
	case "rx", "reexport", "reexports", "3":
		return flowWord{direction: data.ReExport, ok: true}
	case "rm", "reimport", "reimports", "4":
		return flowWord{direction: data.ReImport, ok: true}
	case "dx", "domesticexport", "domesticexports", "xip", "xop", "fm", "foreignimport", "foreignimports", "mip", "mop":
		return flowWord{part: true, ok: true}
	}
	return flowWord{}
}

// parsePeriod reads 2024, 2024-07, 202407, 2024M07, 2024-07-01 and 20240701,
// with or without a time of day behind; a day stands for its month.
func parsePeriod(text []byte) (data.Period, bool) {
	text = bytes.TrimSpace(text)
	if len(text) > 10 && (text[10] == ' ' || text[10] == 'T') {
		text = text[:10]
	}
	switch {
	case len(text) == 10 && text[4] == '-' && text[7] == '-' && isDay(text[8:]):
		text = text[:7]
	case len(text) == 8 && allDigits(text) && isDay(text[6:]):
		text = text[:6]
	case len(text) == 7 && text[4] == 'M':
		text = append(append(make([]byte, 0, 6), text[:4]...), text[5:]...)
	}
	p, err := data.ParsePeriod(string(text))
	return p, err == nil
}

func isDay(text []byte) bool {
	return allDigits(text) && string(text) >= "01" && string(text) <= "31"
}

// missing says whether a field stands for "nothing stated".
func missing(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	if c := text[0]; c >= '0' && c <= '9' || len(text) > 4 {
		return false
	}
	switch string(bytes.ToUpper(text)) {
	case "-", ":", ".", "..", "...", "NA", "N/A", "NAN", "NULL", "NONE":
		return true
	}
	return len(bytes.TrimSpace(text)) == 0
}

// total says whether the code of a dividing column means "all of them".
func total(text []byte) bool {
	if len(text) == 1 && text[0] == '0' || missing(text) {
		return true
	}
	switch string(bytes.ToUpper(text)) {
	case "C00", "W00", "WLD", "TOTAL", "ALL":
		return true
	}
	return false
}

// truth reads a flag.
func truth(text []byte) bool {
	switch string(bytes.ToLower(text)) {
	case "1", "true", "t", "yes", "y":
		return true
	}
	return false
}
