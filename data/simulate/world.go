package simulate

import (
	"fmt"

	"counterflow/data"
)

// Version is part of what decides the bytes of a world. It rises whenever the
// same settings would give other files.
const Version = 1

// lead is the number of months that are simulated before the first declared
// one, so that its arrivals have departures.
const lead = 4

// World is a simulated world: what really moved, and what the parties wrote
// down about it.
type World struct {
	Settings Settings
	// Truth lists planted cases and look-alikes, in the order of their kinds.
	Truth []Truth

	seed      seed
	horizon   int // months, the lead included
	published int // months that are published, the lead included
	economies []economy
	goods     []good
	lanes     []*lane
	ranked    []*lane // the lanes that existed before any plan, in order of their keys
	laneIndex map[laneAt]*lane
	byBuyer   map[[2]int][]*lane // ranked lanes by good and importer
	byGood    [][]*lane          // ranked lanes by good
	plan      []*planned
	shifts    []shift
	spells    []spell
	opened    []opening
	parcels   parcels
}

// opening is the month in which an economy starts to make a good.
type opening struct{ good, economy, month int }

// Make draws a world. It reads no clock and no file: the same settings give the
// same world.
func Make(s Settings) (*World, error) {
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	w := &World{Settings: s.clone(), seed: seed(s.Seed), horizon: s.Months + lead, published: s.Months + lead, laneIndex: map[laneAt]*lane{}}
	if s.Through > 0 {
		w.published = s.Through + lead
	}
	w.drawEconomies()
	w.drawGoods()
	w.drawLanes()
	w.drawTrade()
	w.drawPlan()
	w.drawParcels()
	for i := range w.economies {
		w.economies[i].columns = w.economies[i].comtradeColumns()
	}
	w.Truth = w.truth()
	return w, nil
}

// strength is how strong an honest cause is, 0 where it is off.
func (w *World) strength(c Cause) float64 { return w.Settings.Causes[c] }

func (w *World) on(c Cause) bool { return w.strength(c) > 0 }

// period is the calendar month of a month of the world.
func (w *World) period(m int) data.Period { return w.Settings.First.Add(m - lead) }

func (w *World) yearMonth(m int) (year, month int) {
	p := w.period(m)
	return p.Year(), p.Month()
}

// calendar is 1 to 12.
func (w *World) calendar(m int) int { return w.period(m).Month() }

// monthOf is the month of the world for a calendar month, which may lie outside
// the world.
func (w *World) monthOf(year, month int) int {
	p, _ := data.Month(year, month)
	return p.Index() - w.Settings.First.Index() + lead
}
