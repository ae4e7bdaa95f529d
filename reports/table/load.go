package table

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"counterflow/data/source"
	"counterflow/reconcile"
)

// Load restores the result of a finished run from its manifest and its CSV
// tables. A file that is not what the run wrote is read all the same, and a
// warning says so; a missing table, a cell that cannot be read, and a folder of
// a later version are errors. P-values come back to about 13 digits, since
// tables have them and not their logarithms; all else comes back as it was.
func Load(ctx context.Context, dir string, o Options) (*reconcile.Result, error) {
	m, err := ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	r := m.result()
	outputs := make(map[string]Output, len(m.Outputs))
	for _, out := range m.Outputs {
		outputs[out.Path] = out
	}
	for i, s := range sheets {
		path := csvPath(s.table().Name)
		sum, err := loadTable(ctx, dir, path, s, r, o.threads())
		if err != nil {
			return nil, err
		}
		if want := outputs[path].SHA256; sum != want {
			r.Warnings = append(r.Warnings, fmt.Sprintf("%s is not the file that the run wrote; its hash differs from run.json", path))
		}
		if o.Progress != nil {
			o.Progress(int64(i+1), int64(len(sheets)))
		}
	}
	return r, nil
}

func loadTable(ctx context.Context, dir, path string, s sheet, r *reconcile.Result, threads int) (sum string, err error) {
	full := filepath.Join(dir, filepath.FromSlash(path))
	file, err := os.Open(full)
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s is missing; make the run anew", full)
	}
	if err != nil {
		return "", describe(full, err)
	}
	defer file.Close()
	hash := sha256.New()
	if err := s.readCSV(&input{Reader: io.TeeReader(file, hash), name: full, ctx: ctx, threads: threads}, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// result gives what the manifest holds of the result.
func (m *Manifest) result() *reconcile.Result {
	r := &reconcile.Result{
		Settings: m.Settings, Tested: m.Tested, ExpectedByChance: m.ByChance,
		Warnings: append([]string(nil), m.Warnings...),
	}
	for _, in := range m.Inputs {
		t := source.Tally{File: in.File, Format: in.Format, SHA256: in.SHA256, Bytes: in.Bytes, Rows: in.Rows, Kept: in.Kept, Divided: in.Divided}
		if in.Refused != nil {
			t.Refused = make(map[source.Reason]int64, len(in.Refused))
		}
		for reason, n := range in.Refused {
			t.Refused[source.Reason(reason)] = n
		}
		r.Inputs = append(r.Inputs, t)
	}
	for _, f := range m.Files {
		r.Files = append(r.Files, reconcile.File(f))
	}
	for _, s := range m.Stages {
		r.Stages = append(r.Stages, reconcile.Stage(s))
	}
	if m.Since != nil {
		r.Since = m.Since.difference()
	}
	return r
}
