package reference

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// rowsOf splits an embedded table and insists on its header. The tables are
// part of the program, so a broken one is a defect and panics at the start.
func rowsOf(name, text string, header ...string) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("%s: %v", name, err))
	}
	if len(rows) < 2 || !slices.Equal(rows[0], header) {
		panic(fmt.Sprintf("%s: header is not %v", name, header))
	}
	return rows[1:]
}
