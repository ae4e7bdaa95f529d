package vault

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"

	"counterflow/data"
)

// partitionMagic begins and ends a partition file; its digit is the version.
const partitionMagic = "CFPART1\n"

// span describes one group of a partition: where it lies, its rows, and between
// which codes and lines they are.
type span struct {
	At        int64  `json:"at"`
	Bytes     int    `json:"bytes"`
	Rows      int    `json:"rows"`
	First     string `json:"first_commodity"`
	Last      string `json:"last_commodity"`
	FirstLine int64  `json:"first_line"`
	LastLine  int64  `json:"last_line"`
}

// footer is the last thing in a partition file, as JSON, before its length and
// the magic.
type footer struct {
	Chapter string `json:"chapter"`
	Rows    int64  `json:"rows"`
	Groups  []span `json:"groups"`
}

// partition writes the rows of one chapter. Groups may be packed side by side;
// they are written in the order in which their rows came.
type partition struct {
	footer
	rows []entry // that wait for a group

	mu      sync.Mutex
	begun   int            // groups handed out
	waiting map[int]packed // that came before their turn
	file    *os.File
	hash    hash.Hash
	size    int64
}

// packed is one group on its way to the file.
type packed struct {
	span
	text []byte
}

func newPartition(path, chapter string) (*partition, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	p := &partition{footer: footer{Chapter: chapter}, waiting: map[int]packed{}, file: file, hash: sha256.New()}
	return p, p.append([]byte(partitionMagic))
}

func (p *partition) append(text []byte) error {
	n, err := p.file.Write(text)
	p.hash.Write(text[:n])
	p.size += int64(n)
	return err
}

// pack turns rows into the group of the given number.
func (p *partition) pack(number int, rows []entry, with *packer, scratch []uint64) error {
	g := packed{span: span{Rows: len(rows), FirstLine: rows[0].line, LastLine: rows[len(rows)-1].line}}
	first, last := rows[0].Commodity, rows[0].Commodity
	for i := range rows {
		first, last = min(first, rows[i].Commodity), max(last, rows[i].Commodity)
	}
	g.First, g.Last = first.Code(), last.Code()
	g.text = append([]byte(nil), with.group(rows, scratch)...)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting[number] = g
	for {
		next, ready := p.waiting[len(p.Groups)]
		if !ready {
			return nil
		}
		delete(p.waiting, len(p.Groups))
		next.At, next.Bytes = p.size, len(next.text)
		p.Groups, p.Rows = append(p.Groups, next.span), p.Rows+int64(next.Rows)
		if err := p.append(next.text); err != nil {
			return err
		}
	}
}

// finish writes the footer, flushes the file to disk, and gives its hash.
func (p *partition) finish() (stored Partition, err error) {
	text, err := json.Marshal(p.footer)
	if err != nil {
		return Partition{}, err
	}
	text = binary.LittleEndian.AppendUint32(text, uint32(len(text)))
	if err := p.append(append(text, partitionMagic...)); err != nil {
		return Partition{}, err
	}
	if err := errors.Join(p.file.Chmod(0o444), p.file.Sync(), p.file.Close()); err != nil {
		return Partition{}, err
	}
	return Partition{Chapter: p.Chapter, Rows: p.Rows, Bytes: p.size, SHA256: hex.EncodeToString(p.hash.Sum(nil))}, nil
}

// A chapter is the codes that begin with the same two symbols, which are the
// highest twelve bits of a code.
const (
	chapterShift = 64 - 12
	chapterCount = 1 << 12
)

// chapterOf numbers the chapter of a code.
func chapterOf(c data.Commodity) int { return int(c >> chapterShift) }

// chapterName gives the first two symbols.
func chapterName(chapter int) string { return (data.Commodity(chapter) << chapterShift).Code() }

// readFooter reads what a partition file says of itself. No other file is needed.
func readFooter(file io.ReaderAt, size int64) (*footer, error) {
	const end = 4 + len(partitionMagic)
	damaged := func(what string) error {
		return fmt.Errorf("the partition is damaged (%s); take the vault from a copy", what)
	}
	tail := make([]byte, end)
	if size < int64(len(partitionMagic)+end) {
		return nil, damaged("too short")
	}
	if _, err := file.ReadAt(tail, size-int64(end)); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != partitionMagic || length > size-int64(len(partitionMagic)+end) {
		return nil, damaged("the end is missing")
	}
	text := make([]byte, length)
	if _, err := file.ReadAt(text, size-int64(end)-length); err != nil {
		return nil, err
	}
	f := &footer{}
	if err := json.Unmarshal(text, f); err != nil {
		return nil, damaged(err.Error())
	}
	rows := int64(0)
	for _, g := range f.Groups {
		if g.Rows < 1 || g.Rows > groupRows || g.At < 0 || g.Bytes < 4 || g.At > size-length-int64(g.Bytes) {
			return nil, damaged("a group lies outside")
		}
		rows += int64(g.Rows)
	}
	if rows != f.Rows || rows == 0 {
		return nil, damaged("rows do not add up")
	}
	return f, nil
}
