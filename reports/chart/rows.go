package chart

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"counterflow/data"
)

// WriteCSV writes the numbers that the figure shows: a head, then one row for
// each mark. What is not stated is an empty cell, never a zero. An absent figure
// has no rows.
func (c Chart) WriteCSV(to io.Writer) error { return csv.NewWriter(to).WriteAll(c.Data) }

// cell writes a number so that it reads back as the same double.
func cell(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func (l Lane) rows() [][]string {
	unit := unitOf(l.Money)
	rows := [][]string{{"period", "exported_" + unit, "imported_" + unit, "expected_" + unit, "expected_low_" + unit, "expected_high_" + unit, "exporter_silent", "importer_silent", "in_case"}}
	for _, p := range l.Points {
		middle := ""
		if p.Middle > 0 {
			middle = cell(p.Middle)
		}
		rows = append(rows, []string{p.Period.String(), cell(p.Exported), cell(p.Imported), middle, cell(p.Low), cell(p.High),
			strconv.FormatBool(p.ExporterSilent), strconv.FormatBool(p.ImporterSilent), strconv.FormatBool(l.inCase(p.Period))})
	}
	return rows
}

func (l Lane) inCase(p data.Period) bool {
	for _, w := range l.Windows {
		if p.Start() >= w.Start.Start() && p.End() <= w.End.End() {
			return true
		}
	}
	return false
}

func unitOf(money bool) string {
	if money {
		return "usd"
	}
	return "kg"
}

func (d Pairs) rows() [][]string {
	unit := unitOf(d.Money)
	rows := [][]string{{"lane", "goods_and_time", "exported_" + unit, "imported_" + unit, "expected_low_" + unit, "expected_high_" + unit, "note"}}
	for _, r := range d.Rows {
		rows = append(rows, []string{r.Label, r.Detail, cell(r.Exported), cell(r.Imported), cell(r.Low), cell(r.High), r.Note})
	}
	return rows
}

func (r Ranking) rows() [][]string {
	rows := [][]string{{"rank_and_lane", "kind_goods_time", "excess_kg", "excess_kg_low", "excess_kg_high", "excess_usd", "q"}}
	for _, row := range r.Rows {
		rows = append(rows, []string{row.Label, row.Detail, cell(row.Kg), cell(row.Low), cell(row.High), cell(row.USD), row.Note})
	}
	return rows
}

func (h HeatMap) rows() [][]string {
	rows := [][]string{{"exporter", "importer", "index", "holds_case"}}
	for i, exporter := range h.Exporters {
		for j, importer := range h.Importers {
			if c := h.Cells[i][j]; c.Traded {
				rows = append(rows, []string{exporter, importer, cell(c.Index), strconv.FormatBool(c.Case)})
			}
		}
	}
	return rows
}

func (d Distribution) rows() [][]string {
	rows := [][]string{{"log_ratio_from", "log_ratio_to", "inside", "outside", "untested"}}
	for i, b := range d.Bins {
		rows = append(rows, []string{cell(edgeOf(i)), cell(edgeOf(i + 1)), strconv.Itoa(b.Inside), strconv.Itoa(b.Outside), strconv.Itoa(b.Untested)})
	}
	return rows
}

func (a Availability) rows() [][]string {
	words := [...]string{NotAsked: "", Silent: "silent", Published: "published"}
	rows := [][]string{{"economy", "period", "exports", "imports"}}
	for _, row := range a.Rows {
		for i := range row.Exports {
			rows = append(rows, []string{row.Name, a.First.Add(i).String(), words[row.Exports[i]], words[row.Imports[i]]})
		}
	}
	return rows
}
