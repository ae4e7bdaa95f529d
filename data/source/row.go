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
	r.text, r.fields = text, 0
	limit := len(r.start) - 1
	i := from
	for {
		begin := i
		if i < len(text) && text[i] == '"' {
			begin, i = r.quoted(text, i, delimiter)
		} else {
			for i < len(text) && text[i] != delimiter && text[i] != '\n' {
				i++
			}
			r.end[min(r.fields, limit)] = int32(i)
		}
		r.start[min(r.fields, limit)] = int32(begin)
		r.fields++
		if i >= len(text) || text[i] == '\n' {
			r.dropReturn(min(r.fields-1, limit))
			return min(i+1, len(text))
		}
		i++
	}
}

// quoted reads a field that begins with a quote and gives its first byte and
// the position of the delimiter or newline after it.
func (r *row) quoted(text []byte, i int, delimiter byte) (begin, next int) {
	i++
	begin = i
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
	r.end[min(r.fields, len(r.start)-1)] = int32(min(i, len(text)))
	for i < len(text) && text[i] != delimiter && text[i] != '\n' {
		i++
	}
	return begin, i
}

// dropReturn takes a carriage return off the last field.
func (r *row) dropReturn(last int) {
	if r.end[last] > r.start[last] && r.text[r.end[last]-1] == '\r' {
		r.end[last]--
	}
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
