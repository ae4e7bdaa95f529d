package table

import (
	"bufio"
	"context"
	"runtime"

	"counterflow/reconcile"
)

// Options decides how tables are written and read; nothing in it changes a
// byte.
type Options struct {
	Threads  int                     // 0 for one a processor
	Progress func(done, total int64) // nil for none; called from one goroutine at a time
}

func (o Options) threads() int {
	if o.Threads > 0 {
		return o.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// Write writes every table of the result as CSV and as Parquet, and the
// description of them all, datapackage.json. It checks order and keys first and
// writes nothing where they are broken.
func Write(ctx context.Context, f *Folder, r *reconcile.Result, o Options) error {
	total := int64(0)
	for _, s := range sheets {
		total += 2 * int64(s.rows(r))
	}
	for _, s := range sheets {
		if err := s.check(r); err != nil {
			return err
		}
	}
	done := int64(0)
	written := func(rows int) {
		done += int64(rows)
		if o.Progress != nil {
			o.Progress(done, total)
		}
	}
	for _, s := range sheets {
		name := s.table().Name
		if err := f.writeTable(ctx, csvPath(name), s.writeCSV, r, o.threads(), written); err != nil {
			return err
		}
		if err := f.writeTable(ctx, parquetPath(name), s.writeParquet, r, o.threads(), written); err != nil {
			return err
		}
		f.countRows(name, s.rows(r))
	}
	return f.writePackage()
}

func csvPath(name string) string     { return "tables/" + name + ".csv" }
func parquetPath(name string) string { return "tables/" + name + ".parquet" }

func tablePaths() []string {
	var list []string
	for _, s := range sheets {
		name := s.table().Name
		list = append(list, csvPath(name), parquetPath(name))
	}
	return list
}

func (f *Folder) writeTable(ctx context.Context, path string, write func(*output, *reconcile.Result) error,
	r *reconcile.Result, threads int, written func(int)) error {
	file, err := f.Create(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<16)
	err = write(&output{Writer: buffered, ctx: ctx, threads: threads, written: written}, r)
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		file.file.Close() // what was written is thrown away
		return err
	}
	return file.Close()
}

// countRows notes the rows of a table beside the hashes of its files.
func (f *Folder) countRows(name string, rows int) {
	for _, path := range []string{csvPath(name), parquetPath(name)} {
		out := f.known[path]
		out.Rows = rows
		f.known[path] = out
	}
}
