package simulate

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"counterflow/data"
)

// Output names the files of a written world. Those of a real run lie in the
// folder itself, those that only a scorer may read in its folder truth.
type Output struct {
	Flows        []string `json:"flows"` // the revised publication
	FirstFlows   []string `json:"first_flows,omitempty"`
	Balances     string   `json:"balances"`
	Events       string   `json:"events"`
	Consignments string   `json:"consignments"`
	Thresholds   string   `json:"thresholds"`

	Truth             string `json:"truth"`
	Slips             string `json:"slips"`
	TrueFlows         string `json:"true_flows"`
	ConsignmentsTruth string `json:"consignments_truth"`
	World             string `json:"world"` // settings and version

	Rows int64 `json:"rows"` // of the revised flows
}

// In gives the names of the same files after their folder was moved.
func (o Output) In(dir string) Output {
	move := func(path string) string {
		if path == "" {
			return ""
		}
		folder, name := filepath.Split(path)
		if filepath.Base(folder) == "truth" {
			return filepath.Join(dir, "truth", name)
		}
		return filepath.Join(dir, name)
	}
	o.Flows, o.FirstFlows = slices.Clone(o.Flows), slices.Clone(o.FirstFlows)
	for _, list := range [][]string{o.Flows, o.FirstFlows} {
		for i := range list {
			list[i] = move(list[i])
		}
	}
	for _, path := range []*string{&o.Balances, &o.Events, &o.Consignments, &o.Thresholds, &o.Truth, &o.Slips, &o.TrueFlows, &o.ConsignmentsTruth, &o.World} {
		*path = move(*path)
	}
	return o
}

// Write writes all files of the world into a folder, which it makes. The bytes
// depend on settings and version alone.
func (w *World) Write(dir string) (Output, error) {
	var out Output
	if err := os.MkdirAll(filepath.Join(dir, "truth"), 0o755); err != nil {
		return out, fmt.Errorf("simulate: %w", err)
	}
	flows, rows, slips, err := w.writeFlows(dir, "flows", revised)
	if err != nil {
		return out, fmt.Errorf("simulate: %w", err)
	}
	out.Flows, out.Rows = []string{flows}, rows
	if w.Settings.Revised {
		provisional, _, _, err := w.writeFlows(dir, "flows_first", first)
		if err != nil {
			return out, fmt.Errorf("simulate: %w", err)
		}
		out.FirstFlows = []string{provisional}
	}
	var wrong []error
	text := func(name string, write func(*table)) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		wrong = append(wrong, writeTable(path, write))
		return path
	}
	out.Balances = text("balances.csv", w.writeBalances)
	out.Events = text("events.csv", w.writeEvents)
	out.Consignments = text("consignments.csv", w.writeConsignments)
	out.Thresholds = text("thresholds.csv", w.writeThresholds)
	out.Truth = text("truth/truth.csv", w.writeTruth)
	out.Slips = text("truth/slips.csv", func(t *table) { w.writeSlips(t, slips) })
	out.TrueFlows = text("truth/true_flows.csv", w.writeTrueFlows)
	out.ConsignmentsTruth = text("truth/consignments_truth.csv", w.writeConsignmentsTruth)
	out.World = filepath.Join(dir, "truth", "world.json")
	wrong = append(wrong, w.writeSettings(out.World))
	if err := errors.Join(wrong...); err != nil {
		return out, fmt.Errorf("simulate: %w", err)
	}
	return out, nil
}

// writeFlows declares and prints the headings in parallel and writes them in
// order. A compressed file holds one gzip member a heading.
func (w *World) writeFlows(dir, name string, v vintage) (path string, rows int64, slips []Slip, err error) {
	path = filepath.Join(dir, name+".csv")
	if w.Settings.Gzip {
		path += ".gz"
	}
	file, err := os.Create(path)
	if err != nil {
		return path, 0, nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(w.packed([]byte(comtradeHeader))); err != nil {
		return path, 0, nil, err
	}
	var hidden, totals []record
	var upper []levelRecord
	headings := w.headings()
	err = inOrder(len(headings), func(i int) page {
		p := w.print(headings[i], v)
		p.text = w.packed(p.text)
		return p
	}, func(p page) error {
		rows += p.rows
		hidden, totals, slips = append(hidden, p.hidden...), append(totals, p.totals...), append(slips, p.slips...)
		upper = append(upper, p.upper...)
		_, err := file.Write(p.text)
		return err
	})
	if err != nil {
		return path, rows, slips, err
	}
	rest := w.printRest(hidden, totals, upper)
	rows += rest.rows
	_, err = file.Write(w.packed(rest.text))
	return path, rows, slips, err
}

// packed compresses text where the settings ask for it.
func (w *World) packed(text []byte) []byte {
	if !w.Settings.Gzip {
		return text
	}
	var to bytes.Buffer
	to.Grow(len(text) / 6)
	z, _ := gzip.NewWriterLevel(&to, gzip.BestSpeed) // the level is valid
	_, _ = z.Write(text)                             // a buffer takes everything
	_ = z.Close()
	return to.Bytes()
}

// inOrder runs produce for 0 .. n-1 on all processors, a few ahead of use, and
// hands the results on in order.
func inOrder[T any](n int, produce func(int) T, use func(T) error) error {
	workers := runtime.GOMAXPROCS(0)
	slots := make([]chan T, n)
	for i := range slots {
		slots[i] = make(chan T, 1)
	}
	ahead := make(chan struct{}, 2*workers)
	next := make(chan int)
	stop := make(chan struct{})
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				slots[i] <- produce(i)
			}
		})
	}
	group.Go(func() {
		defer close(next)
		for i := range n {
			select {
			case ahead <- struct{}{}:
				next <- i
			case <-stop:
				return
			}
		}
	})
	defer group.Wait()
	defer close(stop)
	for i := range n {
		if err := use(<-slots[i]); err != nil {
			return err
		}
		<-ahead
	}
	return nil
}

func (w *World) writeSettings(path string) error {
	var hubs []string
	for i := range w.economies {
		if w.economies[i].entrepot {
			hubs = append(hubs, w.economies[i].iso)
		}
	}
	text, err := json.MarshalIndent(struct {
		Version  int      `json:"version"`
		Settings Settings `json:"settings"`
		Hubs     []string `json:"hubs"`
	}{Version, w.Settings, hubs}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// table appends cells to a CSV file. No cell of a world holds a comma, a quote
// or a line end.
type table struct{ to *bufio.Writer }

func writeTable(path string, write func(*table)) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	t := &table{to: bufio.NewWriterSize(file, 1<<16)}
	write(t)
	return errors.Join(t.to.Flush(), file.Close())
}

// head writes the first line.
func (t *table) head(columns string) { _, _ = io.WriteString(t.to, columns+"\n") }

// line writes one row; the writer keeps its first error for Flush.
func (t *table) line(cells ...string) {
	_, _ = io.WriteString(t.to, strings.Join(cells, ","))
	_ = t.to.WriteByte('\n')
}

// codes joins commodities as the file of events does.
func codes(all []data.Commodity) string {
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = c.Code()
	}
	return strings.Join(texts, "|")
}
