package main

import (
	"fmt"
	"strconv"
	"strings"
)

// byteSize reads 512MB, 2GB, 1048576.
type byteSize int64

var byteUnits = []struct {
	suffix string
	bytes  int64
}{{"GB", 1 << 30}, {"G", 1 << 30}, {"MB", 1 << 20}, {"M", 1 << 20}, {"KB", 1 << 10}, {"K", 1 << 10}, {"B", 1}, {"", 1}}

func (b *byteSize) Set(text string) error {
	upper := strings.ToUpper(strings.TrimSpace(text))
	for _, unit := range byteUnits {
		number, ok := strings.CutSuffix(upper, unit.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(n >= 0 && n*float64(unit.bytes) <= 1<<60) {
			break
		}
		*b = byteSize(n * float64(unit.bytes))
		return nil
	}
	return fmt.Errorf("%q is no size; write 512MB or 2GB", text)
}

func (b *byteSize) String() string {
	n := int64(*b)
	for _, unit := range byteUnits {
		if n >= unit.bytes && n%unit.bytes == 0 && unit.bytes > 1 && len(unit.suffix) == 2 {
			return strconv.FormatInt(n/unit.bytes, 10) + unit.suffix
		}
	}
	return strconv.FormatInt(n, 10)
}

func (b *byteSize) Type() string { return "size" }
