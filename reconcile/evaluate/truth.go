package evaluate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"counterflow/data"
)

// The kinds of cases that need rules of their own, as tables write them.
const (
	codeSwitch       = "code_switch"
	originSwitch     = "origin_switch"
	reroute          = "reroute"
	valueGap         = "value_gap"
	stockBuild       = "stock_build"
	splitConsignment = "split_consignment"
	unitSlip         = "unit_slip"
)

// plantedKinds are the kinds that a world plants; every other kind in a truth
// file is an honest look-alike.
var plantedKinds = []string{"missing_export", "missing_import", codeSwitch, originSwitch, reroute, valueGap, stockBuild, splitConsignment}

// Planted is a row of truth.csv.
type Planted struct {
	ID, Kind           string
	Commodity, Related data.Commodity // none where empty
	Exporter, Importer data.Economy
	Via                data.Economy
	Start, End         data.Period
	Share              float64
	Kg, USD            float64 // over the window
	MonthsSeen         int
	SeenKg, SeenUSD    float64 // in the months seen
	Z                  float64
	ZKnown             bool
}

func (p *Planted) window() window { return window{p.Start, p.End} }

// diversion says whether goods took a way round by a third economy.
func (p *Planted) diversion() bool { return p.Kind == originSwitch || p.Kind == reroute }

// Slip is a row of slips.csv: a weight declared in the wrong unit.
type Slip struct {
	Commodity          data.Commodity
	Exporter, Importer data.Economy
	Start, End         data.Period
	Factor             float64
}

// cell is one corridor and month.
type cell struct {
	commodity          data.Commodity
	exporter, importer data.Economy
	period             data.Period
}

// amount is what truly moved in a cell.
type amount struct {
	kg, usd float64
	routed  bool // part of it by a hub or third economy
}

// Truth is all that is known of a simulated world.
type Truth struct {
	Planted    []Planted // cases that a detector should find
	LookAlikes []Planted // honest events that it should leave alone
	Slips      []Slip
	Hubs       map[data.Economy]bool
	flows      map[cell]amount
}

// ReadTruth reads truth.csv and, beside it, slips.csv, true_flows.csv and
// world.json. Those three may be absent: then what needs them is not scored.
func ReadTruth(path string) (*Truth, error) {
	t := &Truth{Hubs: map[data.Economy]bool{}, flows: map[cell]amount{}}
	dir := filepath.Dir(path)
	err := errors.Join(readFile(path, t.readPlanted), optional(readFile(filepath.Join(dir, "slips.csv"), t.readSlips)),
		optional(readFile(filepath.Join(dir, "true_flows.csv"), t.readFlows)), optional(readFile(filepath.Join(dir, "world.json"), t.readHubs)))
	if err != nil {
		return nil, fmt.Errorf("truth: %w", err)
	}
	return t, nil
}

// UpTo gives the planted cases as far as they had gone at the end of a month: those
// that had begun, with windows that end there at the latest. What was seen of them,
// and with it whether they are visible, stays that of the whole.
func (t *Truth) UpTo(month data.Period) *Truth {
	cut := &Truth{}
	for _, p := range t.Planted {
		if p.Start <= month {
			p.End = min(p.End, month)
			cut.Planted = append(cut.Planted, p)
		}
	}
	return cut
}

func optional(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (t *Truth) readPlanted(from io.Reader) error {
	columns := []string{"id", "kind", "commodity", "related_commodity", "exporter", "importer", "via", "start", "end", "share", "kg", "usd", "months_seen", "seen_kg", "seen_usd", "z"}
	return eachRow(from, columns, func(r *row) {
		p := Planted{ID: r.text("id"), Kind: r.text("kind"), Commodity: r.commodity("commodity"), Related: r.commodity("related_commodity"),
			Exporter: r.economy("exporter"), Importer: r.economy("importer"), Via: r.economy("via"), Start: r.period("start").Start(), End: r.period("end").End()}
		p.Share, _ = r.number("share")
		p.Kg, _ = r.number("kg")
		p.USD, _ = r.number("usd")
		months, _ := r.number("months_seen")
		p.MonthsSeen = int(months)
		p.SeenKg, _ = r.number("seen_kg")
		p.SeenUSD, _ = r.number("seen_usd")
		p.Z, p.ZKnown = r.number("z")
		if isPlanted(p.Kind) {
			t.Planted = append(t.Planted, p)
		} else {
			t.LookAlikes = append(t.LookAlikes, p)
		}
	})
}

func isPlanted(kind string) bool {
	for _, k := range plantedKinds {
		if k == kind {
			return true
		}
	}
	return false
}

func (t *Truth) readSlips(from io.Reader) error {
	return eachRow(from, []string{"commodity", "exporter", "importer", "start", "end", "factor"}, func(r *row) {
		s := Slip{Commodity: r.commodity("commodity"), Exporter: r.economy("exporter"), Importer: r.economy("importer"),
			Start: r.period("start").Start(), End: r.period("end").End()}
		s.Factor, _ = r.number("factor")
		t.Slips = append(t.Slips, s)
	})
}

func (t *Truth) readFlows(from io.Reader) error {
	return eachRow(from, []string{"commodity", "period", "exporter", "importer", "via", "kg", "usd"}, func(r *row) {
		key := cell{r.commodity("commodity"), r.economy("exporter"), r.economy("importer"), r.period("period")}
		a := t.flows[key]
		kg, _ := r.number("kg")
		usd, _ := r.number("usd")
		a.kg, a.usd, a.routed = a.kg+kg, a.usd+usd, a.routed || r.text("via") != ""
		t.flows[key] = a
	})
}

func (t *Truth) readHubs(from io.Reader) error {
	var world struct{ Hubs []data.Economy }
	if err := json.NewDecoder(from).Decode(&world); err != nil {
		return err
	}
	for _, h := range world.Hubs {
		t.Hubs[h] = true
	}
	return nil
}
