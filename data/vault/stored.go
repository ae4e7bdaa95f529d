package vault

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"counterflow/data/source"
)

// OpenStored opens a vintage by the path of its description, so that source.Read
// takes its rows; nil for any other path.
func OpenStored(path string) (source.Stored, error) {
	if filepath.Base(filepath.Dir(path)) != "vintages" || !strings.HasSuffix(path, ".json") {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; check the path of the vault", filepath.Base(path), err)
	}
	var of Vintage
	if json.Unmarshal(text, &of) != nil || of.Object == "" {
		return nil, nil // a file of flows that lies in a folder of that name
	}
	if err := of.check(filepath.Base(path)); err != nil {
		return nil, &source.DataError{Err: err}
	}
	s, err := openObject(Open(filepath.Dir(filepath.Dir(path))).objectDir(of), of.Name)
	if err != nil {
		return nil, &source.DataError{Err: fmt.Errorf("%s of series %s: %w; take the vault from a copy", of.Name, of.Series, err)}
	}
	return s, nil
}

// RatesOf gives the SHA-256 of the exchange rates with which a vintage was stored;
// "" where none were needed, and for a path that is no vintage.
func RatesOf(path string) (string, error) {
	opened, err := OpenStored(path)
	if err != nil || opened == nil {
		return "", err
	}
	return opened.(*stored).object.Rates, opened.Close()
}

// stored is an object that is being read.
type stored struct {
	dir    string
	name   string
	object *Object
	groups []place
	tools  sync.Pool // of unpackers
}

// place is one group and the partition that holds it.
type place struct {
	partition string
	span
}

func openObject(dir, name string) (*stored, error) {
	o, err := readObject(dir)
	if err != nil {
		return nil, err
	}
	s := &stored{dir: dir, name: name, object: o}
	for _, p := range o.Partitions {
		f, err := partitionFooter(filepath.Join(dir, partitionName(p.Chapter)))
		if err != nil {
			return nil, fmt.Errorf("partition %s: %w", p.Chapter, err)
		}
		for _, g := range f.Groups {
			s.groups = append(s.groups, place{partitionName(p.Chapter), g})
		}
	}
	return s, nil
}

func partitionFooter(path string) (*footer, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return readFooter(file, info.Size())
}

func (s *stored) Found() source.Found { return s.object.found(s.name) }
func (s *stored) Size() int64         { return s.object.size() }
func (s *stored) Blocks() int         { return len(s.groups) }
func (s *stored) Close() error        { return nil }

// Block reads one group. Files are opened for each: a vault has more of them than
// a process may hold open.
func (s *stored) Block(number int, records []source.Record, lines []int64) ([]source.Record, []int64, error) {
	at := s.groups[number]
	file, err := os.Open(filepath.Join(s.dir, at.partition))
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	text := make([]byte, at.Bytes)
	if _, err := file.ReadAt(text, at.At); err != nil {
		return nil, nil, err
	}
	u, _ := s.tools.Get().(*unpacker)
	if u == nil {
		if u, err = newUnpacker(); err != nil {
			return nil, nil, err
		}
	}
	defer s.tools.Put(u)
	records, lines, err = u.group(text, at.Rows, records, lines)
	if err != nil {
		return nil, nil, &source.DataError{Err: fmt.Errorf("%s, partition %s: %w; take the vault from a copy", s.name, at.partition, err)}
	}
	return records, lines, nil
}
