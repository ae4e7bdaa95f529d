package evaluate

import (
	"encoding/json"
	"math"

	"counterflow/data"
)

// Tally counts planted cases and what became of them.
type Tally struct {
	Planted    int `json:"planted"`
	Found      int `json:"found"`
	Named      int `json:"named"`
	Sized      int `json:"sized"`
	Diversions int `json:"diversions"` // among the planted
	Traced     int `json:"traced"`     // diversions whose true origin is named
}

// Stratum is a group of planted cases: all of them, and those that could be
// seen.
type Stratum struct {
	Name    string `json:"name"`
	All     Tally  `json:"all"`
	Visible Tally  `json:"visible"`
}

// Falses counts flagged cases that match nothing planted.
type Falses struct {
	Name          string `json:"name"` // a kind, or "all"
	Flagged       int    `json:"flagged"`
	False         int    `json:"false"`
	Belonging     int    `json:"belonging"`      // on another lane of a planted case
	DistinctFound int    `json:"distinct_found"` // planted cases found; of any kind
	Share         Ratio  `json:"share"`          // see Rules.Text
}

// Taken says how often look-alikes of one sort were taken for cases.
type Taken struct {
	Kind    string `json:"kind"`
	Present int    `json:"present"` // in the world
	Taken   int    `json:"taken"`   // distinct ones with a false case on them
	Cases   int    `json:"cases"`   // false cases on them
}

// SlipScore is how the listed unit slips compare with the true ones.
type SlipScore struct {
	Present  int `json:"present"`
	Found    int `json:"found"`    // true slips with a unit_slip on their lane and months
	Listed   int `json:"listed"`   // cases of kind unit_slip
	Invented int `json:"invented"` // of those, on no true slip
}

// AtQ is the false share that comes out when cases are taken up to one q.
type AtQ struct {
	Q       float64 `json:"q"`
	Flagged int     `json:"flagged"`
	False   int     `json:"false"`
	Found   int     `json:"found"` // distinct planted cases
	Share   Ratio   `json:"share"` // false / (false + found)
}

// Coverage counts intervals that hold the truth.
type Coverage struct {
	Name  string `json:"name"`
	N     int    `json:"n"`
	Held  int    `json:"held"`
	Share Ratio  `json:"share"`
}

// Score is a run held against the truth of its world.
type Score struct {
	Rules        Rules      `json:"rules"`
	Overall      Stratum    `json:"overall"`
	ByKind       []Stratum  `json:"by_kind"`
	ByShare      []Stratum  `json:"by_share"`
	ByLength     []Stratum  `json:"by_length"`
	ByZ          []Stratum  `json:"by_z"`
	Recall       []Recall   `json:"recall"` // found against planted share, by kind
	False        Falses     `json:"false"`
	FalseByKind  []Falses   `json:"false_by_kind"`
	LookAlikes   []Taken    `json:"look_alikes"`
	Unattributed int        `json:"unattributed"` // false cases on no look-alike
	Slips        SlipScore  `json:"slips"`
	Calibration  []AtQ      `json:"calibration"`
	Intervals    []Coverage `json:"intervals"`
	Accuracy     []Accuracy `json:"accuracy"`
	Baselines    []Baseline `json:"baselines"`

	// Outcomes and FalseCases say which they were; they are left out of sums over
	// worlds.
	Outcomes   []Outcome   `json:"outcomes,omitempty"`
	FalseCases []FalseCase `json:"false_cases,omitempty"`
}

// Outcome is what became of one planted case.
type Outcome struct {
	ID      string `json:"id"` // in the truth
	Kind    string `json:"kind"`
	Visible bool   `json:"visible"`
	CaseID  string `json:"case_id,omitempty"` // the best case that found it
	As      string `json:"as,omitempty"`      // its kind
	Found   bool   `json:"found"`
	Named   bool   `json:"named"`
	Sized   bool   `json:"sized"`
	Traced  bool   `json:"traced"`
}

// FalseCase is a flagged case that matches nothing planted.
type FalseCase struct {
	CaseID    string         `json:"case_id"`
	Kind      string         `json:"kind"`
	Commodity data.Commodity `json:"commodity"`
	Exporter  data.Economy   `json:"exporter"`
	Importer  data.Economy   `json:"importer"`
	Via       data.Economy   `json:"via"`
	Start     data.Period    `json:"start"`
	End       data.Period    `json:"end"`
	Q         float64        `json:"q"`
	TakenFrom string         `json:"taken_from,omitempty"` // id of the look-alike, or the sort of it
}

// Baseline is a plain rule on the same pairs.
type Baseline struct {
	Name    string  `json:"name"`
	Overall Stratum `json:"overall"`
	False   Falses  `json:"false"`
}

// Ratio is a share or an average that is NaN where there is nothing to divide
// by; JSON has null for that.
type Ratio float64

// MarshalJSON writes null for NaN and infinities.
func (r Ratio) MarshalJSON() ([]byte, error) {
	if v := float64(r); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(r))
}

func ratio(part, whole int) Ratio {
	if whole == 0 {
		return Ratio(math.NaN())
	}
	return Ratio(float64(part) / float64(whole))
}
