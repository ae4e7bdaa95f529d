package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"counterflow/reconcile"
)

// FolderVersion is the version of the run folder's layout. It rises when a
// table or the manifest changes so that an older program would misread it.
const FolderVersion = 1

// Manifest is run.json: what went in, with which settings, what each stage did,
// and what came out. The wall clock of a run is written here and nowhere else.
type Manifest struct {
	Program       string             `json:"program"`
	Version       string             `json:"version"`
	Title         string             `json:"title,omitempty"` // of the report, where one was chosen
	FolderVersion int                `json:"folder_version"`
	Started       time.Time          `json:"started"`
	Finished      time.Time          `json:"finished"`
	Seed          uint64             `json:"seed"`
	Settings      reconcile.Settings `json:"settings"`
	Inputs        []Input            `json:"inputs"`
	Files         []SideFile         `json:"files"` // read beside the flows
	Stages        []Stage            `json:"stages"`
	Warnings      []string           `json:"warnings"`
	Tested        int                `json:"tested"`             // hypotheses that were tested
	ByChance      float64            `json:"expected_by_chance"` // cases that chance alone would give
	Since         *Since             `json:"since,omitempty"`    // what changed from an earlier run, where one was named
	Tables        string             `json:"tables_sha256"`      // see Folder.TablesHash
	Outputs       []Output           `json:"outputs"`            // run.json itself left out
}

// Input is one input file and what became of its rows: rows read are rows kept
// and rows refused.
type Input struct {
	File    string           `json:"file"`
	Format  string           `json:"format"`
	SHA256  string           `json:"sha256"`
	Bytes   int64            `json:"bytes"`
	Rows    int64            `json:"rows"`
	Kept    int64            `json:"kept"`
	Refused map[string]int64 `json:"refused,omitempty"` // by reason
	Divided bool             `json:"divided"`           // has columns that tell totals from their parts
}

// SideFile is a file that the run read beside the flows.
type SideFile struct {
	Setting string `json:"setting"`
	Name    string `json:"file"`
	SHA256  string `json:"sha256"`
	Bytes   int64  `json:"bytes"`
}

// Stage is one step of the run.
type Stage struct {
	Name     string   `json:"name"`
	Rows     int64    `json:"rows"`
	Seconds  float64  `json:"seconds"`
	Warnings []string `json:"warnings,omitempty"`
}

// Output is one file of the run folder.
type Output struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Rows   int    `json:"rows,omitempty"` // of a table
}

// NewManifest describes a run. The caller gives the clock: started and finished
// are the only times of a run folder.
func NewManifest(r *reconcile.Result, version string, started, finished time.Time) Manifest {
	m := Manifest{
		Program: "counterflow", Version: version, FolderVersion: FolderVersion,
		Started: started, Finished: finished, Seed: r.Settings.Seed, Settings: r.Settings,
		Tested: r.Tested, ByChance: r.ExpectedByChance,
		Inputs: []Input{}, Files: []SideFile{}, Stages: []Stage{}, Warnings: append([]string{}, r.Warnings...), // no nulls in the file
	}
	for _, t := range r.Inputs {
		in := Input{File: t.File, Format: t.Format, SHA256: t.SHA256, Bytes: t.Bytes, Rows: t.Rows, Kept: t.Kept, Divided: t.Divided}
		if t.Refused != nil {
			in.Refused = make(map[string]int64, len(t.Refused))
		}
		for reason, n := range t.Refused {
			in.Refused[string(reason)] = n
		}
		m.Inputs = append(m.Inputs, in)
	}
	for _, f := range r.Files {
		m.Files = append(m.Files, SideFile(f))
	}
	for _, s := range r.Stages {
		m.Stages = append(m.Stages, Stage(s))
	}
	if r.Since != nil {
		m.Since = newSince(r.Since)
	}
	return m
}

// ReadManifest reads run.json of a run folder.
func ReadManifest(dir string) (Manifest, error) {
	path := filepath.Join(dir, ManifestName)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Manifest{}, fmt.Errorf("%s has no %s; give the folder that a run has written", dir, ManifestName)
	}
	if err != nil {
		return Manifest{}, describe(path, err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w; make the run anew", path, err)
	}
	if m.Program != "counterflow" || m.FolderVersion < 1 {
		return Manifest{}, fmt.Errorf("%s is not the manifest of a run; give the folder that a run has written", path)
	}
	if m.FolderVersion > FolderVersion {
		return Manifest{}, fmt.Errorf("%s is of folder version %d, this program reads up to %d; use version %s or later",
			path, m.FolderVersion, FolderVersion, m.Version)
	}
	return m, nil
}

func (f *Folder) writeManifest(m Manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", ManifestName, err)
	}
	file, err := f.Create(ManifestName)
	if err != nil {
		return err
	}
	if _, err := file.Write(append(text, '\n')); err != nil {
		file.file.Close()
		return err
	}
	return file.Close()
}
