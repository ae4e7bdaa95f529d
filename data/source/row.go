package source

// row is the fields of one line as positions in a block.
type row struct {
	text   []byte
	start  []int32
	end    []int32
	fields int
}

func newRow(columns int) *row {
	return &row{start: make([]int32, columns+1), end: make([]int32, columns+1)}
}

// split finds the fields of the row that begins at position from, and returns
// the position after its newline. Quoted fields may hold delimiters, newlines
// and doubled quotes; the quotes around a field are left out. Fields beyond the
// header's are counted but not kept.
func (r *row) split(text []byte, from int, delimiter byte) int {
	start, end := r.start, r.end
	limit := len(start) - 1
	at, fields := 0, 0
	i := from
	for {
		start[at] = int32(i)
		if i < len(text) && text[i] == '"' {
			start[at], end[at], i = quoted(text, i, delimiter)
		} else {
			for i < len(text) && text[i] != delimiter && text[i] != '\n' {
				i++
			}
			end[at] = int32(i)
		}
		fields++
		if i >= len(text) || text[i] == '\n' {
			break
		}
		i++
		if at < limit {
			at++
		}
	}
	if end[at] > start[at] && text[end[at]-1] == '\r' {
		end[at]--
	}
	r.text, r.fields = text, fields
	return min(i+1, len(text))
}

// quoted reads a field that begins with a quote: its first byte, the position
// of its closing quote, and the position of the delimiter or newline after it.
func quoted(text []byte, i int, delimiter byte) (begin, end int32, next int) {
	i++
	begin = int32(i)
	for i < len(text) {
		if text[i] != '"' {
			i++
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			i += 2
			continue
		}
		break
	}
	i = min(i, len(text))
	end = int32(i)
	for i < len(text) && text[i] != delimiter && text[i] != '\n' {
		i++
	}
	return begin, end, i
}

// blank says whether the line holds nothing at all.
func (r *row) blank() bool { return r.fields == 1 && r.end[0] <= r.start[0] }

// field gives the text of a column; column -1 is empty.
func (r *row) field(column int) []byte {
	if column < 0 || column >= r.fields {
		return nil
	}
	return r.text[r.start[column]:r.end[column]]
}

func trimLine(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}
