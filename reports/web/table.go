package web

import (
	"fmt"

	"counterflow/reports/page"
)

// Table sets a table. One that readers will want to sort has a field to filter
// its rows, and heads that sort when the script runs.
func (d *Document) Table(t page.Table) {
	if t.Title != "" {
		d.Heading(t.Title)
	}
	class, table := "", ""
	if t.Sorted {
		d.tables++
		class, table = " class=\"sorted\"", fmt.Sprintf("table-%d", d.tables)
		d.filter(table, t.Words)
		table = ` id="` + table + `"`
	}
	d.write("<div class=\"scroll\" tabindex=\"0\"><table%s%s>\n<colgroup>", table, class)
	for _, c := range t.Columns {
		d.write("<col style=\"width:%.0f%%\">", 100*c.Width)
	}
	d.write("</colgroup>\n<thead><tr>")
	for _, c := range t.Columns {
		d.write("<th scope=\"col\"%s>%s</th>", right(c), escape(c.Head))
	}
	d.write("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		d.write("<tr>")
		for i, cell := range row {
			if i < len(t.Columns) {
				d.cell(t.Columns[i], cell)
			}
		}
		d.write("</tr>\n")
	}
	d.write("</tbody></table></div>\n")
}

// filter sets the field above a table; without the script it stays hidden.
func (d *Document) filter(table string, words []string) {
	d.write("<p class=\"filter\" hidden><label>Filter the rows: <input type=\"search\" data-table=\"%s\" list=\"%s-words\" autocomplete=\"off\"></label> <output aria-live=\"polite\"></output></p>\n<datalist id=\"%s-words\">", table, table, table)
	for _, word := range words {
		d.write("<option value=\"%s\"></option>", escape(word))
	}
	d.write("</datalist>\n")
}

func (d *Document) cell(column page.Column, c page.Cell) {
	key := ""
	if c.Key != "" {
		key = ` data-key="` + escape(c.Key) + `"`
	}
	if drawing, ok := c.Drawing.(inlineDrawing); ok {
		d.write("<td%s%s>", right(column), key)
		if err := drawing.WriteInline(&d.body); err != nil {
			d.err = err
		}
		d.write("</td>")
		return
	}
	d.write("<td%s%s>%s", right(column), key, inline([]page.Span{{Text: c.Text, Bold: c.Bold, To: c.To}}))
	if c.Under != "" {
		d.write("<small>%s</small>", escape(c.Under))
	}
	d.write("</td>")
}

func right(c page.Column) string {
	if c.Right {
		return ` class="right"`
	}
	return ""
}
