package mirror

import (
	"strconv"

	"counterflow/data/reference"
)

// benchEconomies are the numeric codes of two hundred economies.
var benchEconomies = func() []string {
	var codes []string
	for _, e := range reference.Economies() {
		if e.Kind == reference.KindEconomy && e.Code > 0 && e.Instead == 0 && len(codes) < 200 {
			codes = append(codes, strconv.Itoa(e.Code))
		}
	}
	return codes
}()
