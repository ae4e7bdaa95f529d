package mirror

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"unsafe"
)

// spill is the temporary file of one worker: sorted runs of rows, each of one
// code, one after the other. The rows are written as they lie in memory, since no other program and
// no later run reads them.
type spill struct {
	dir    string
	file   *os.File
	buffer *bufio.Writer
	rows   int64
	runs   map[uint32][]run // by number of the code
}

// run is a sorted stretch of rows in a spill.
type run struct {
	spill *spill
	first int64 // in rows
	rows  int64
}

func (s *spill) write(number uint32, rows []row) error {
	if s.file == nil {
		file, err := os.CreateTemp(s.dir, "counterflow-spill-*")
		if err != nil {
			return s.failed(err)
		}
		// The name goes at once: a killed run leaves nothing behind.
		os.Remove(file.Name())
		s.file, s.buffer, s.runs = file, bufio.NewWriterSize(file, 1<<18), map[uint32][]run{}
	}
	if _, err := s.buffer.Write(asBytes(rows)); err != nil {
		return s.failed(err)
	}
	s.runs[number] = append(s.runs[number], run{spill: s, first: s.rows, rows: int64(len(rows))})
	s.rows += int64(len(rows))
	return nil
}

func (s *spill) failed(err error) error {
	return fmt.Errorf("cannot spill sorted rows to %s (%w); free some space there, set TMPDIR elsewhere, or give more --memory", s.dir, err)
}

// flush makes the runs readable.
func (s *spill) flush() error {
	if s.file == nil {
		return nil
	}
	if err := s.buffer.Flush(); err != nil {
		return s.failed(err)
	}
	return nil
}

func (s *spill) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// read fills rows from position first of the run and says how many there were.
func (r run) read(rows []row, first int64) (int, error) {
	rows = rows[:min(int64(len(rows)), r.rows-first)]
	if len(rows) == 0 {
		return 0, nil
	}
	_, err := r.spill.file.ReadAt(asBytes(rows), (r.first+first)*rowBytes)
	if err != nil && err != io.EOF {
		return 0, fmt.Errorf("cannot read spilled rows back: %w", err)
	}
	return len(rows), nil
}

func asBytes(rows []row) []byte {
	if len(rows) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&rows[0])), len(rows)*rowBytes)
}
