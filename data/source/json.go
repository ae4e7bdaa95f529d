package source

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// asTable looks at the first byte of a text, and gives JSON as CSV.
func asTable(text io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(text, 1<<16)
	for n := 1; n <= 64; n++ {
		start, err := buffered.Peek(n)
		if len(start) < n || err != nil {
			break
		}
		switch start[n-1] {
		case ' ', '\t', '\r', '\n', 0xef, 0xbb, 0xbf: // blanks, and a byte-order mark
			continue
		case '{', '[':
			buffered.Discard(n - 1)
			return jsonTable(buffered)
		}
		break
	}
	return buffered, nil
}

// headRecords is the number of records whose fields together make the header.
const headRecords = 1000

// jsonTable reads the forms in which publishers hand out JSON: an object with a
// list of records under data (UN Comtrade), a list of records, and a list of
// lists whose first is the header (US Census). A field that the first thousand
// records lack is an error, since it would be lost.
func jsonTable(text io.Reader) (io.Reader, error) {
	j := &jsonReader{decoder: json.NewDecoder(text), columns: map[string]int{}}
	j.decoder.UseNumber()
	if err := j.enter(); err != nil {
		return nil, err
	}
	return &tableText{next: j.next}, nil
}

type jsonReader struct {
	decoder *json.Decoder
	object  bool // the list lies in an object
	columns map[string]int
	names   []string
	head    []map[string]json.RawMessage // records read to learn the header
	began   bool
	records int
}

// enter moves to the first record.
func (j *jsonReader) enter() error {
	opening, err := j.decoder.Token()
	if err != nil {
		return jsonFault(err)
	}
	if opening == json.Delim('[') {
		return nil
	}
	for j.decoder.More() {
		key, err := j.decoder.Token()
		if err != nil {
			return jsonFault(err)
		}
		if key == "data" {
			j.object = true
			if list, err := j.decoder.Token(); err != nil || list != json.Delim('[') {
				return errors.New("line 1: the field data is no list of records; the answer holds no table")
			}
			return nil
		}
		var skipped json.RawMessage
		if err := j.decoder.Decode(&skipped); err != nil {
			return jsonFault(err)
		}
		if key == "error" && len(skipped) > 2 && string(skipped) != "null" {
			return fmt.Errorf("line 1: the publisher answered with an error: %s", clip(string(skipped), 100))
		}
	}
	return errors.New("line 1: no list of records; expected UN Comtrade's answer with the field data, or a list")
}

func jsonFault(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early; fetch it again")
	}
	return fmt.Errorf("damaged JSON: %w; fetch it again", err)
}

// next appends the header first, then a record at a time.
func (j *jsonReader) next(to []byte) ([]byte, error) {
	if !j.began {
		j.began = true
		return j.header(to)
	}
	if len(j.head) > 0 {
		record := j.head[0]
		j.head = j.head[1:]
		return j.line(to, record)
	}
	if !j.decoder.More() {
		return to, j.leave()
	}
	j.records++
	if len(j.columns) == 0 { // lists of lists
		return j.list(to)
	}
	var record map[string]json.RawMessage
	if err := j.decoder.Decode(&record); err != nil {
		return to, j.fault(err)
	}
	return j.line(to, record)
}

func (j *jsonReader) fault(err error) error {
	return fmt.Errorf("record %d: %w", j.records, jsonFault(err))
}

// leave checks that the list, and the object around it, are closed, and that
// nothing follows. The decoder itself is content with an object left open.
func (j *jsonReader) leave() error {
	depth := 1
	if j.object {
		depth = 2
	}
	for depth > 0 {
		token, err := j.decoder.Token()
		switch {
		case err != nil:
			return jsonFault(err)
		case token == json.Delim('[') || token == json.Delim('{'):
			depth++
		case token == json.Delim(']') || token == json.Delim('}'):
			depth--
		}
	}
	if _, err := j.decoder.Token(); err != io.EOF {
		return errors.New("damaged JSON: text follows the list of records; fetch it again")
	}
	return io.EOF
}

// header learns the fields from the first records, or takes the first list.
func (j *jsonReader) header(to []byte) ([]byte, error) {
	for len(j.head) < headRecords && j.decoder.More() {
		var raw json.RawMessage
		j.records++
		if err := j.decoder.Decode(&raw); err != nil {
			return to, j.fault(err)
		}
		if raw[0] == '[' && len(j.head) == 0 {
			return appendList(to, raw)
		}
		if err := j.learn(raw); err != nil {
			return to, err
		}
	}
	if len(j.head) == 0 {
		return to, errors.New("the list holds no record; ask the publisher for another period or reporter")
	}
	for i, name := range j.names {
		to = appendCell(to, []byte(name), i == 0)
	}
	return append(to, '\n'), nil
}

// learn adds the fields of a record to the header, in their order.
func (j *jsonReader) learn(raw json.RawMessage) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('{') {
		return fmt.Errorf("record %d is neither an object nor a list", j.records)
	}
	record := map[string]json.RawMessage{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return j.fault(err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return j.fault(err)
		}
		name, _ := key.(string)
		if _, known := j.columns[name]; !known {
			j.columns[name] = len(j.names)
			j.names = append(j.names, name)
		}
		record[name] = value
	}
	if len(record) == 0 {
		return fmt.Errorf("record %d is empty", j.records)
	}
	j.head = append(j.head, record)
	return nil
}

func (j *jsonReader) line(to []byte, record map[string]json.RawMessage) ([]byte, error) {
	for name := range record {
		if _, known := j.columns[name]; !known {
			return to, fmt.Errorf("record %d has the field %q, which the first %d records lack; sort the records so that it comes first", j.records, clip(name, 80), headRecords)
		}
	}
	for i, name := range j.names {
		to = appendCell(to, cellOf(record[name]), i == 0)
	}
	return append(to, '\n'), nil
}

func (j *jsonReader) list(to []byte) ([]byte, error) {
	var raw json.RawMessage
	if err := j.decoder.Decode(&raw); err != nil {
		return to, j.fault(err)
	}
	return appendList(to, raw)
}

func appendList(to []byte, raw json.RawMessage) ([]byte, error) {
	var cells []json.RawMessage
	if err := json.Unmarshal(raw, &cells); err != nil || len(cells) == 0 {
		return to, errors.New("the list mixes lists and other things, or holds an empty one; expected a header and rows")
	}
	for i, cell := range cells {
		to = appendCell(to, cellOf(cell), i == 0)
	}
	return append(to, '\n'), nil
}

// cellOf gives text without its quotes, null as nothing, and anything else as it
// stands.
func cellOf(raw json.RawMessage) []byte {
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return nil
	case raw[0] == '"':
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return []byte(text)
		}
	}
	return raw
}
