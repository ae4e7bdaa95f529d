package page

// Table is a table of text. Its head is repeated on every page it reaches.
type Table struct {
	Title   string // heading above it, which stays with its first rows
	Columns []Column
	Rows    [][]Cell

	// Sorted says that readers will want to sort and filter the rows, where the
	// medium lets them; Words are then proposed as filters.
	Sorted bool
	Words  []string
}

// Column says how a column is set.
type Column struct {
	Head  string
	Width float64 // share of the text width; those of a table sum to 1
	Right bool    // set flush right, as numbers are
}

// Cell is what stands in one column of one row.
type Cell struct {
	Text  string
	Under string // a second text below, small and muted
	Bold  bool
	To    string // name of the place that a click leads to
	Key   string // what a sorted table goes by, a number if it reads as one; the text where empty

	Drawing       Drawing // instead of text, nil for none
	Width, Height float64 // of the drawing
}

// Cells makes a row of plain texts.
func Cells(texts ...string) []Cell {
	row := make([]Cell, len(texts))
	for i, text := range texts {
		row[i] = Cell{Text: text}
	}
	return row
}

const (
	cellPad   = 3.5 // above and below the text of a row
	columnGap = 8.0
)

// setCell is a cell broken into lines.
type setCell struct {
	lines, under [][]word
	drawn        Cell
}

func (s setCell) height() float64 {
	if s.drawn.Drawing != nil {
		return s.drawn.Height
	}
	return float64(len(s.lines))*leading*smallSize + float64(len(s.under))*leading*noteSize
}

// Table sets a table down the page, and over as many pages as it needs. A row
// is not broken. A table of a few rows is kept on one page.
func (d *Document) Table(t Table) {
	rows := make([][]setCell, len(t.Rows))
	heights := make([]float64, len(t.Rows))
	together := t.headHeight()
	for i, row := range t.Rows {
		rows[i], heights[i] = t.breakRow(row)
		if i < fewRows {
			together += heights[i]
		}
	}
	if t.Title != "" {
		d.Space(10)
		d.Need(headingHeight + together)
		d.heading(t.Title)
	}
	d.Need(together)
	d.tableHead(t)
	for i, row := range rows {
		if d.y+heights[i] > bottom {
			d.NewPage()
			d.tableHead(t)
		}
		d.tableRow(t, row)
		d.y += heights[i]
		d.rule(left, left+textWidth, d.y, 0.4, rule)
	}
	d.y += bodySize
}

const fewRows = 7

// headLines is how many lines a head may have.
const headLines = 2

// heads are the heads of the columns, broken into lines.
func (t Table) heads() (lines [][][]word, most int) {
	most = 1
	for _, c := range t.Columns {
		broken := breakLines(noteSize, c.inner(), []Span{{Text: c.Head, Bold: true, Muted: true}})
		broken = broken[:min(headLines, len(broken))]
		lines, most = append(lines, broken), max(most, len(broken))
	}
	return lines, most
}

func (t Table) headHeight() float64 {
	_, most := t.heads()
	return float64(most)*leading*noteSize + 2*cellPad
}

// breakRow breaks the cells of a row into lines. A row may have fewer cells than
// the table has columns.
func (t Table) breakRow(row []Cell) (set []setCell, height float64) {
	set = make([]setCell, len(t.Columns))
	for i, column := range t.Columns {
		if i < len(row) {
			set[i] = breakCell(row[i], column.inner())
		}
		height = max(height, set[i].height())
	}
	return set, height + 2*cellPad
}

func (c Column) inner() float64 { return c.Width*textWidth - columnGap }

func breakCell(c Cell, width float64) setCell {
	if c.Drawing != nil {
		return setCell{drawn: c}
	}
	set := setCell{lines: breakLines(smallSize, width, []Span{{Text: c.Text, Bold: c.Bold, To: c.To}})}
	if c.Under != "" {
		set.under = breakLines(noteSize, width, []Span{{Text: c.Under, Muted: true}})
	}
	return set
}

func (d *Document) tableHead(t Table) {
	heads, _ := t.heads()
	height := t.headHeight()
	d.fill(left, d.y, textWidth, height, tint)
	x := left
	for i, c := range t.Columns {
		for j, line := range heads[i] {
			at := x + columnGap/2
			if c.Right {
				at = x + c.Width*textWidth - columnGap/2 - lineWidth(noteSize, line)
			}
			d.setLine(noteSize, at, d.y+cellPad+noteSize+float64(j)*leading*noteSize, line)
		}
		x += c.Width * textWidth
	}
	d.y += height
	d.rule(left, left+textWidth, d.y, 0.6, muted)
}

func (d *Document) tableRow(t Table, set []setCell) {
	x := left
	for i, c := range t.Columns {
		y := d.y + cellPad
		if cell := set[i].drawn; cell.Drawing != nil {
			d.drawing(cell.Drawing, x+columnGap/2, y+cell.Height)
		}
		for _, part := range []struct {
			size  float64
			lines [][]word
		}{{smallSize, set[i].lines}, {noteSize, set[i].under}} {
			for _, line := range part.lines {
				at := x + columnGap/2
				if c.Right {
					at = x + c.Width*textWidth - columnGap/2 - lineWidth(part.size, line)
				}
				d.setLine(part.size, at, y+part.size, line)
				y += leading * part.size
			}
		}
		x += c.Width * textWidth
	}
}

// lineWidth is how far a line of words runs.
func lineWidth(size float64, line []word) float64 {
	total := 0.0
	for i, w := range line {
		if i > 0 && w.spaced {
			total += w.from.letters(size).width(" ")
		}
		total += w.width
	}
	return total
}
