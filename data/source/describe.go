package source

import "bufio"

// Header is what the first line of a file says of it.
type Header struct {
	Format  string   // which layout was recognised
	Columns []string // as written in the file
	Divided bool     // has columns that tell totals from their parts
}

// Describe reads the first line of a file of flows and no more.
func Describe(path string, o Options) (Header, error) {
	in, err := open(path)
	if err != nil {
		return Header{}, err
	}
	defer in.file.Close()
	line, err := headerLine(bufio.NewReaderSize(in.text, 1<<16))
	if err != nil {
		return Header{}, dataErrorf("%s: line 1: %w", in.name, err)
	}
	layout, err := layoutOf(line, o)
	if err != nil {
		return Header{}, dataErrorf("%s: line 1: %w", in.name, err)
	}
	return Header{Format: layout.Name, Columns: layout.Columns, Divided: layout.divided}, nil
}
