package notebooks

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed templates
var templates embed.FS

// File is one notebook or program with its name.
type File struct {
	Name    string
	Content []byte
}

// language is a template with the kernel that runs it.
type language struct {
	template, name string
	kernel         kernel
}

type kernel struct {
	Name     string `json:"name"`
	Display  string `json:"display_name"`
	Language string `json:"language"`
}

var languages = []language{
	{"one_case.py", "one_case_python.ipynb", kernel{"python3", "Python 3", "python"}},
	{"one_case.R", "one_case_r.ipynb", kernel{"ir", "R", "R"}},
	{"one_case.jl", "one_case_julia.ipynb", kernel{"julia-1.10", "Julia 1.10", "julia"}},
}

// Files gives the notebooks in a fixed order. Their bytes never change within one
// version of the program.
func Files() ([]File, error) {
	var files []File
	for _, l := range languages {
		text, err := templates.ReadFile("templates/" + l.template)
		if err != nil {
			return nil, err
		}
		content, err := l.notebook(string(text))
		if err != nil {
			return nil, fmt.Errorf("notebook %s: %w", l.name, err)
		}
		files = append(files, File{l.name, content})
	}
	program, err := templates.ReadFile("templates/one_case.go.txt")
	if err != nil {
		return nil, err
	}
	return append(files, File{"one_case.go", program}), nil
}

// document is a notebook in the format of Jupyter, version 4.5.
type document struct {
	Cells    []cell   `json:"cells"`
	Metadata metadata `json:"metadata"`
	Format   int      `json:"nbformat"`
	Minor    int      `json:"nbformat_minor"`
}

type metadata struct {
	Kernel   kernel `json:"kernelspec"`
	Language struct {
		Name string `json:"name"`
	} `json:"language_info"`
}

type cell struct {
	Kind      string           `json:"cell_type"`
	Execution *json.RawMessage `json:"execution_count,omitempty"` // null in a cell of code
	ID        string           `json:"id"`
	Metadata  struct{}         `json:"metadata"`
	Outputs   *[]struct{}      `json:"outputs,omitempty"`
	Source    []string         `json:"source"`
}

// notebook turns a program with marked cells into a notebook.
func (l language) notebook(text string) ([]byte, error) {
	d := document{Metadata: metadata{Kernel: l.kernel}, Format: 4, Minor: 5}
	d.Metadata.Language.Name = l.kernel.Language
	for i, part := range strings.Split("\n"+text, "\n# %%")[1:] {
		kind, body, _ := strings.Cut(part, "\n")
		d.Cells = append(d.Cells, cellOf(fmt.Sprintf("cell-%d", i+1), strings.TrimSpace(kind) == "[markdown]", strings.Trim(body, "\n")))
	}
	content, err := json.MarshalIndent(d, "", " ")
	return append(content, '\n'), err
}

func cellOf(id string, words bool, body string) cell {
	c := cell{Kind: "code", ID: id}
	lines := strings.SplitAfter(body, "\n")
	if words {
		c.Kind = "markdown"
		for i, line := range lines {
			lines[i] = strings.TrimPrefix(strings.TrimPrefix(line, "#"), " ")
		}
	} else {
		null := json.RawMessage("null")
		c.Execution, c.Outputs = &null, &[]struct{}{}
	}
	c.Source = lines
	return c
}
