package reliability

import (
	"counterflow/data"
	"counterflow/data/reference"
)

// Class is what is known of a lane beforehand that makes it likely that the
// exporter misnames a destination.
type Class uint8

// The classes.
const (
	Ordinary Class = iota
	ToHub          // the importer is an entrepot
	FromHub        // the exporter is
	classes
)

// hubsOf marks the entrepots.
func hubsOf() *[1 << data.EconomyBits]bool {
	marks := new([1 << data.EconomyBits]bool)
	for _, h := range reference.Hubs() {
		marks[h.Economy] = true
	}
	return marks
}

func (m *Model) classOf(exporter, importer data.Economy) Class {
	switch {
	case m.hubs[exporter]:
		return FromHub
	case m.hubs[importer]:
		return ToHub
	}
	return Ordinary
}

// usuallyMisnamed is what misnaming leans on: the exporter says too little where
// a hub may stand between, too much where one is named.
var usuallyMisnamed = [classes]component{{0.05, -0.4, 0.08}, {0.1, 0.5, 0.12}, {0.1, 0.5, 0.12}}

// leastMisnamed keeps misnaming on its side of zero.
const leastMisnamed = 0.15
