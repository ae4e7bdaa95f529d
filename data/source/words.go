package source

import (
	"bytes"

	"counterflow/data"
)

// parseFlow reads the ways in which publishers write a direction. part is true
// for flows that are contained in exports or imports.
func parseFlow(text []byte) (direction data.Direction, part, ok bool) {
	switch fold(string(text)) {
	case "x", "e", "exp", "export", "exports", "2":
		return data.Export, false, true
	case "m", "i", "imp", "import", "imports", "1":
		return data.Import, false, true
	case "rx", "reexport", "reexports", "3":
		return data.ReExport, false, true
	case "rm", "reimport", "reimports", "4":
		return data.ReImport, false, true
	case "dx", "domesticexport", "domesticexports", "xip", "xop", "fm", "foreignimport", "mip", "mop":
		return 0, true, true
	}
	return 0, false, false
}

// parsePeriod reads 2024, 2024-07, 202407, 2024-07-01 and 20240701; a day stands
// for its month.
func parsePeriod(text []byte) (data.Period, bool) {
	if len(text) >= 8 && len(text) <= 10 {
		text = bytes.ReplaceAll(text, []byte{'-'}, nil)
		if len(text) == 8 {
			text = text[:6]
		}
	}
	p, err := data.ParsePeriod(string(text))
	return p, err == nil
}

// missing says whether a field stands for "nothing stated".
func missing(text []byte) bool {
	switch len(text) {
	case 0:
		return true
	case 1:
		return text[0] == '-' || text[0] == ':' || text[0] == '.'
	case 2, 3, 4:
		switch string(bytes.ToUpper(text)) {
		case "NA", "N/A", "NAN", "NULL", "NONE", "..", "...":
			return true
		}
	}
	return false
}

// total says whether the code of a dividing column means "all of them".
func total(text []byte) bool {
	if missing(text) {
		return true
	}
	switch string(text) {
	case "0", "C00", "TOTAL", "all":
		return true
	}
	return false
}

// truth reads a flag.
func truth(text []byte) bool {
	switch string(text) {
	case "1", "true", "TRUE", "True", "t", "T", "yes", "Y":
		return true
	}
	return false
}
