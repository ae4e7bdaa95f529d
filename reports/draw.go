package reports

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"counterflow/reconcile"
	"counterflow/reports/chart"
	"counterflow/reports/notebooks"
)

// Outputs is what Draw wrote, as paths below its folder with forward slashes.
type Outputs struct {
	Report string   // the PDF
	Page   string   // the same as HTML
	Charts []string // PNG files, in the order of the report
	Others []string // the figures as SVG and their numbers as CSV, then notebooks
}

// Draw writes report.pdf, report.html, charts as PNG, SVG and CSV, and notebooks
// into a folder, which must exist. The bytes depend on the run and the options
// alone. progress may be nil; it is called from one goroutine at a time.
func Draw(r *reconcile.Result, dir string, o Options, progress func(done, total int)) (Outputs, error) {
	if err := o.Check(); err != nil {
		return Outputs{}, err
	}
	o = o.filled()
	for _, folder := range []string{"charts", "notebooks"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return Outputs{}, fmt.Errorf("making the folder of %s: %w", folder, err)
		}
	}
	figures := Figures(r, o)
	out := Outputs{Report: "report.pdf", Page: "report.html"}
	var work []func() error
	add := func(name string, write func(io.Writer) error) {
		work = append(work, func() error { return writeFile(filepath.Join(dir, filepath.FromSlash(name)), write) })
	}
	add(out.Report, func(to io.Writer) error { return writeReport(to, r, figures, o) })
	add(out.Page, func(to io.Writer) error { return writePage(to, r, figures, o) })
	for _, c := range figures {
		if c.Absent != "" {
			continue
		}
		for _, dpi := range o.DPI {
			name := "charts/" + pngName(c, dpi, o.DPI)
			out.Charts = append(out.Charts, name)
			add(name, func(to io.Writer) error { return c.WritePNG(to, dpi) })
		}
		vector, numbers := "charts/"+c.Name+".svg", "charts/"+c.Name+".csv"
		out.Others = append(out.Others, vector, numbers)
		add(vector, c.WriteSVG)
		add(numbers, c.WriteCSV)
	}
	books, err := notebooks.Files()
	if err != nil {
		return Outputs{}, err
	}
	for _, book := range books {
		name := "notebooks/" + book.Name
		out.Others = append(out.Others, name)
		add(name, func(to io.Writer) error { _, err := to.Write(book.Content); return err })
	}
	return out, inParallel(work, o.Threads, progress)
}

// pngName says the resolution only where there are several.
func pngName(c chart.Chart, dpi int, all []int) string {
	if len(all) > 1 {
		return fmt.Sprintf("%s-%ddpi.png", c.Name, dpi)
	}
	return c.Name + ".png"
}

// inParallel does independent pieces of work and stops at the first error.
func inParallel(work []func() error, threads int, progress func(done, total int)) error {
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var group errgroup.Group
	group.SetLimit(threads)
	var counting sync.Mutex
	done := 0
	for _, piece := range work {
		group.Go(func() error {
			if err := piece(); err != nil {
				return err
			}
			counting.Lock()
			defer counting.Unlock()
			done++
			if progress != nil {
				progress(done, len(work))
			}
			return nil
		})
	}
	return group.Wait()
}

// writeFile writes one file, and reports what a full disk says only at closing.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			err = fmt.Errorf("writing %s: %w", filepath.Base(path), err)
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}
