package table

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// CitationName is the file that says how to cite a run.
const CitationName = "CITATION.cff"

// citation is a file of the Citation File Format, version 1.2.0.
type citation struct {
	Version     string       `yaml:"cff-version"`
	Type        string       `yaml:"type"`
	Message     string       `yaml:"message"`
	Title       string       `yaml:"title"`
	Abstract    string       `yaml:"abstract"`
	Authors     []author     `yaml:"authors"`
	Keywords    []string     `yaml:"keywords"`
	Identifiers []identifier `yaml:"identifiers"`
	References  []cited      `yaml:"references"`
}

type author struct {
	Name string `yaml:"name"`
}

type identifier struct {
	Type        string `yaml:"type"`
	Value       string `yaml:"value"`
	Description string `yaml:"description"`
}

type cited struct {
	Type    string   `yaml:"type"`
	Title   string   `yaml:"title"`
	Version string   `yaml:"version,omitempty"`
	Authors []author `yaml:"authors"`
	Notes   string   `yaml:"notes,omitempty"`
}

const citationHead = "# How to cite this run. Before you publish it, put those who made it and the publishers of\n# the declarations in the place of the authors below.\n"

// writeCitation writes CITATION.cff. It has no dates: those are in run.json.
func (f *Folder) writeCitation(m Manifest) error {
	c := citation{
		Version: "1.2.0", Type: "dataset", Message: "Please cite this run together with the sources of its declarations.",
		Title:    "Reconciled trade declarations",
		Abstract: "Declared exports and partner-country imports laid side by side, with the discrepancies that the tested explanations do not account for. A discrepancy does not imply errors in the statistics of either economy.",
		Authors:  []author{{"Author not stated"}}, Keywords: []string{"trade statistics", "mirror data", "reconciliation"},
		Identifiers: []identifier{{Type: "other", Value: "sha256:" + f.TablesHash(), Description: "hash of the tables, tables_sha256 in run.json"}},
		References:  []cited{{Type: "software", Title: m.Program, Version: m.Version, Authors: []author{{"The developers of " + m.Program}}}},
	}
	if m.Title != "" {
		c.Title = m.Title
	}
	for _, in := range m.Inputs {
		c.References = append(c.References, cited{
			Type: "data", Title: in.File, Authors: []author{{"Publisher not stated"}},
			Notes: fmt.Sprintf("%s, %d rows, %d kept, SHA-256 %s", in.Format, in.Rows, in.Kept, in.SHA256),
		})
	}
	text, err := yaml.Marshal(c)
	if err != nil {
		return fmt.Errorf("%s: %w", CitationName, err)
	}
	return f.writeText(CitationName, append([]byte(citationHead), text...))
}

// writeText writes a whole file at once.
func (f *Folder) writeText(path string, text []byte) error {
	file, err := f.Create(path)
	if err != nil {
		return err
	}
	if _, err := file.Write(text); err != nil {
		file.file.Close()
		return err
	}
	return file.Close()
}
