package explain

import (
	"math"

	"counterflow/data"
)

// JSON gives an explanation as plain fields, amounts as exact decimal text and
// missing ones empty, as in the tables.
func (e *Explanation) JSON() any {
	c := &e.Case
	type month struct {
		Period      string   `json:"period"`
		ExporterKg  string   `json:"exporter_kg"`
		ImporterKg  string   `json:"importer_kg"`
		ExporterUSD string   `json:"exporter_usd"`
		ImporterUSD string   `json:"importer_usd"`
		State       string   `json:"state"`
		Z           *float64 `json:"z"`
		Inside      bool     `json:"inside"`
	}
	type lane struct {
		Lane    string  `json:"lane"`
		Periods []month `json:"periods"`
	}
	type claim struct {
		Explanation string `json:"explanation"`
		Kg          string `json:"kg"`
		Verdict     string `json:"verdict"`
		Caveat      string `json:"caveat"`
		Note        string `json:"note"`
	}
	type rank struct {
		Assumption string   `json:"assumption"`
		Level      string   `json:"level"`
		Setting    *float64 `json:"setting"`
		Kg         string   `json:"kg"`
		USD        string   `json:"usd"`
		Q          float64  `json:"q_value"`
		Rank       int      `json:"rank"`
	}
	out := struct {
		ID        string   `json:"case_id"`
		Kind      string   `json:"kind"`
		Statement string   `json:"statement"`
		Start     string   `json:"start"`
		End       string   `json:"end"`
		Kg        string   `json:"excess_kg"`
		KgLow     string   `json:"excess_kg_low"`
		KgHigh    string   `json:"excess_kg_high"`
		USD       string   `json:"excess_usd"`
		Q         float64  `json:"q_value"`
		Caveats   []string `json:"caveats"`
		Lanes     []lane   `json:"lanes"`
		Claims    []claim  `json:"claims"`
		Shared    []string `json:"claims_shared_out"`
		Ranks     []rank   `json:"sensitivity"`
		Change    []string `json:"what_would_change_the_view"`
		Next      string   `json:"next_check"`
		Rows      []Row    `json:"rows"`
		RowsLeft  int      `json:"rows_not_listed"`
	}{ID: c.ID, Kind: string(c.Kind), Statement: c.Statement, Start: c.Start.String(), End: c.End.String(),
		Kg: c.ExcessKg.Text(), KgLow: c.ExcessKgLow.Text(), KgHigh: c.ExcessKgHigh.Text(), USD: c.ExcessUSD.Text(),
		Q: c.Q, Caveats: c.Caveats, Change: e.Change, Next: e.Next, Rows: e.Rows, RowsLeft: e.RowsLeft}
	for _, l := range e.Lanes {
		shown := lane{Lane: l.Title}
		for i := range l.Pairs {
			m := &l.Pairs[i]
			row := month{Period: m.Period.String(), ExporterKg: m.XKg.Text(), ImporterKg: m.MKg.Text(),
				ExporterUSD: data.USD(m.XUSD).Text(), ImporterUSD: data.USD(m.MUSD).Text(), State: m.State.String(), Inside: m.Inside}
			if !math.IsNaN(m.Z) {
				row.Z = &m.Z
			}
			shown.Periods = append(shown.Periods, row)
		}
		out.Lanes = append(out.Lanes, shown)
	}
	for i := range e.Ranks {
		s := &e.Ranks[i]
		r := rank{Assumption: string(s.Assumption), Level: string(s.Level), Kg: s.Kg.Text(), USD: s.USD.Text(), Q: s.Q, Rank: s.Rank}
		if !math.IsNaN(s.Setting) {
			r.Setting = &s.Setting
		}
		out.Ranks = append(out.Ranks, r)
	}
	for _, cl := range e.Claims {
		out.Claims = append(out.Claims, claim{cl.Explanation, cl.Kg.Text(), string(cl.Verdict), cl.Caveat, cl.Note})
	}
	for i := range e.Shared {
		out.Shared = append(out.Shared, ended(&e.Shared[i]))
	}
	return out
}
