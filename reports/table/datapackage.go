package table

import (
	"encoding/json"
	"fmt"
)

// PackageName is the file that describes every table.
const PackageName = "datapackage.json"

// dataPackage is a Frictionless Data Package, version 2. Units and the rule for
// missing cells are properties of our own, which the standard allows.
type dataPackage struct {
	Schema      string     `json:"$schema"`
	Name        string     `json:"name"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Resources   []resource `json:"resources"`
}

type resource struct {
	Name      string       `json:"name"`
	Type      string       `json:"type,omitempty"`
	Title     string       `json:"title"`
	Path      string       `json:"path"`
	Format    string       `json:"format"`
	Mediatype string       `json:"mediatype"`
	Encoding  string       `json:"encoding,omitempty"`
	Bytes     int64        `json:"bytes,omitempty"`
	Hash      string       `json:"hash,omitempty"`
	Rows      int          `json:"rows"`
	From      []string     `json:"derivedFrom"`
	Schema    *tableSchema `json:"schema,omitempty"`
}

type tableSchema struct {
	Schema        string       `json:"$schema"`
	Fields        []field      `json:"fields"`
	MissingValues []string     `json:"missingValues"`
	PrimaryKey    []string     `json:"primaryKey,omitempty"`
	ForeignKeys   []foreignKey `json:"foreignKeys,omitempty"`
}

type field struct {
	Name        string          `json:"name"`
	Type        Type            `json:"type"`
	Unit        string          `json:"unit,omitempty"`
	Description string          `json:"description"`
	Missing     string          `json:"missing"`
	Constraints map[string]bool `json:"constraints,omitempty"`
}

type foreignKey struct {
	Fields    []string  `json:"fields"`
	Reference reference `json:"reference"`
}

type reference struct {
	Resource string   `json:"resource"`
	Fields   []string `json:"fields"`
}

const profiles = "https://datapackage.org/profiles/2.0/"

func (f *Folder) writePackage() error {
	p := dataPackage{
		Schema: profiles + "datapackage.json", Name: "counterflow-run", Title: "Reconciled trade declarations",
		Description: "Tables of one run of counterflow. run.json says what went in and with which settings.",
	}
	for _, t := range Tables() {
		csv := f.resource(t, csvPath(t.Name))
		csv.Name, csv.Type, csv.Format, csv.Mediatype, csv.Encoding = t.Name, "table", "csv", "text/csv", "utf-8"
		csv.Schema = schemaOf(t)
		parquet := f.resource(t, parquetPath(t.Name))
		// frictionless-py 5 refuses Parquet whose size or hash is stated, since it
		// does not take them; run.json has both.
		parquet.Bytes, parquet.Hash = 0, ""
		parquet.Name, parquet.Type, parquet.Format, parquet.Mediatype = t.Name+"-parquet", "table", "parquet", "application/vnd.apache.parquet"
		// Without a schema readers guess types from the first rows, and refuse a
		// column that is empty or whole there and not later on.
		parquet.Schema = schemaOf(t)
		p.Resources = append(p.Resources, csv, parquet)
	}
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", PackageName, err)
	}
	file, err := f.Create(PackageName)
	if err != nil {
		return err
	}
	if _, err := file.Write(append(text, '\n')); err != nil {
		file.file.Close()
		return err
	}
	return file.Close()
}

func (f *Folder) resource(t Table, path string) resource {
	out := f.known[path]
	return resource{Title: t.Title, Path: path, Bytes: out.Bytes, Hash: "sha256:" + out.SHA256, Rows: out.Rows, From: t.From}
}

// schemaOf describes the columns. A key with a column that may be empty is no
// primary key to the standard, so it is left out there.
func schemaOf(t Table) *tableSchema {
	s := &tableSchema{Schema: profiles + "tableschema.json", MissingValues: []string{""}, PrimaryKey: t.Key}
	for _, c := range t.Columns {
		column := field{Name: c.Name, Type: c.Type, Unit: c.Unit, Description: c.Description, Missing: c.Missing}
		if c.Missing == "" {
			column.Missing = "never empty"
			column.Constraints = map[string]bool{"required": true}
		} else if indexOf(t.Key, c.Name) >= 0 {
			s.PrimaryKey = nil
		}
		s.Fields = append(s.Fields, column)
	}
	if t.Name == "claims" || t.Name == "expected" || t.Name == "sensitivity" {
		s.ForeignKeys = []foreignKey{{Fields: []string{"case_id"}, Reference: reference{Resource: "cases", Fields: []string{"case_id"}}}}
	}
	return s
}
