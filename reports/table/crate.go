package table

import (
	"encoding/json"
	"fmt"
	"path"
	"time"
)

// CrateName is the metadata file that makes a folder an RO-Crate.
const CrateName = "ro-crate-metadata.json"

const (
	crateContext = "https://w3id.org/ro/crate/1.1/context"
	crateVersion = "https://w3id.org/ro/crate/1.1"
	crateProcess = "https://w3id.org/ro/wfrun/process/0.5"
)

// entity is one node of the crate's graph.
type entity map[string]any

func ref(id string) entity { return entity{"@id": id} }

// WriteCrate describes the folder as an RO-Crate 1.1 with the run as a process
// (Process Run Crate 0.5): what went in, the program, and what came out. It is
// to be called last before Commit. Its times are those of the manifest, so it is
// the one file beside run.json that tells two makings of one run apart.
func (f *Folder) WriteCrate(m Manifest) error {
	outputs, err := f.outputs()
	if err != nil {
		return err
	}
	var files, results, objects []entity
	for _, out := range outputs {
		if out.Path == CrateName {
			continue
		}
		results = append(results, ref(out.Path))
		files = append(files, entity{"@id": out.Path, "@type": "File", "name": path.Base(out.Path), "encodingFormat": mediaType(out.Path),
			"contentSize": fmt.Sprint(out.Bytes), "sha256": out.SHA256})
	}
	var inputs []entity
	for i, in := range m.Inputs {
		id := fmt.Sprintf("#input-%d", i+1)
		objects = append(objects, ref(id))
		inputs = append(inputs, entity{"@id": id, "@type": "CreativeWork", "name": in.File, "identifier": "sha256:" + in.SHA256})
	}
	graph := []entity{
		{"@id": CrateName, "@type": "CreativeWork", "conformsTo": ref(crateVersion), "about": ref("./")},
		{"@id": "./", "@type": "Dataset", "name": "Reconciled trade declarations", "conformsTo": ref(crateProcess),
			"description":   "One run of " + m.Program + ": declared exports laid beside partner-country imports, with what the tested explanations do not account for.",
			"datePublished": m.Finished.UTC().Format(time.DateOnly), "license": ref("#terms"), "hasPart": results, "mentions": ref("#run")},
		{"@id": crateProcess, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
		{"@id": "#terms", "@type": "CreativeWork", "name": "Terms of the publishers of the declarations",
			"description": "Each publisher's terms of use hold for what was made of its files."},
		{"@id": "#" + m.Program, "@type": "SoftwareApplication", "name": m.Program, "softwareVersion": m.Version},
		{"@id": "#run", "@type": "CreateAction", "name": "Run of " + m.Program, "instrument": ref("#" + m.Program), "object": objects, "result": results,
			"startTime": m.Started.UTC().Format(time.RFC3339), "endTime": m.Finished.UTC().Format(time.RFC3339)},
	}
	graph = append(append(graph, inputs...), files...)
	text, err := json.MarshalIndent(map[string]any{"@context": crateContext, "@graph": graph}, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", CrateName, err)
	}
	return f.writeText(CrateName, append(text, '\n'))
}

var mediaTypes = map[string]string{
	".csv": "text/csv", ".parquet": "application/vnd.apache.parquet", ".json": "application/json", ".pdf": "application/pdf", ".html": "text/html",
	".png": "image/png", ".svg": "image/svg+xml", ".ipynb": "application/x-ipynb+json", ".go": "text/x-go", ".cff": "text/yaml",
}

func mediaType(name string) string {
	if kind, ok := mediaTypes[path.Ext(name)]; ok {
		return kind
	}
	return "application/octet-stream"
}
