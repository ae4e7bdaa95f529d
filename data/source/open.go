package source

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// input is one opened file: plain text to read, and the hash of the bytes on
// disk.
type input struct {
	name  string // base name, for messages and tables
	text  io.Reader
	file  *os.File
	disk  *hashedReader // nil for zip, which is hashed apart
	bytes int64
	sum   string
}

// open looks at the first bytes, not at the name, and undoes gzip and zip. Its
// error is a DataError unless the file cannot be opened at all.
func open(path string) (*input, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; check the path and its permissions", filepath.Base(path), rootCause(err))
	}
	in := &input{name: filepath.Base(path), file: file}
	if err := in.unpack(); err != nil {
		file.Close()
		return nil, dataErrorf("%s: %w", in.name, err)
	}
	return in, nil
}

func (in *input) unpack() error {
	info, err := in.file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errors.New("is a folder; name the files in it")
	}
	in.bytes = info.Size()
	in.disk = &hashedReader{from: in.file, hash: sha256.New()}
	buffered := bufio.NewReaderSize(in.disk, 1<<18)
	magic, err := buffered.Peek(4)
	if len(magic) == 0 {
		if err != nil && err != io.EOF {
			return err
		}
		return errors.New("line 1: the file is empty; expected a header and rows")
	}
	switch {
	case magic[0] == 0x1f && len(magic) > 1 && magic[1] == 0x8b:
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return fmt.Errorf("damaged gzip header (%w); fetch the file again", err)
		}
		in.text = unzipped
	case string(magic) == "PK\x03\x04":
		return in.unpackZip(info.Size())
	case string(magic) == "PAR1":
		in.disk = nil
		in.text, err = parquetTable(in.file, info.Size())
		return err
	case len(magic) > 1 && (magic[0] == 0xff && magic[1] == 0xfe || magic[0] == 0xfe && magic[1] == 0xff):
		return errors.New("line 1: the text is UTF-16; save it as UTF-8")
	default:
		in.text = buffered
	}
	in.text, err = asTable(in.text)
	return err
}

// unpackZip takes the one table that the archive holds.
func (in *input) unpackZip(size int64) error {
	archive, err := zip.NewReader(in.file, size)
	if err != nil {
		return fmt.Errorf("damaged zip (%w); fetch the file again", err)
	}
	var tables []*zip.File
	for _, f := range archive.File {
		if ext := strings.ToLower(filepath.Ext(f.Name)); ext == ".csv" || ext == ".json" || ext == ".txt" || ext == ".tsv" {
			tables = append(tables, f)
		}
	}
	if len(tables) != 1 {
		return fmt.Errorf("holds %d tables; unpack it and name the files", len(tables))
	}
	in.disk = nil
	table, err := tables[0].Open()
	if err != nil {
		return err
	}
	in.text, err = asTable(table)
	return err
}

// close finishes the hash over what was not read, such as the end of a gzip.
func (in *input) close() error {
	defer in.file.Close()
	sum := sha256.New()
	from := io.Reader(in.file)
	if in.disk != nil {
		sum = in.disk.hash
	} else if _, err := in.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(sum, from); err != nil {
		return fmt.Errorf("%s: %w", in.name, rootCause(err))
	}
	in.sum = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// Fingerprint gives the SHA-256 of a file as it lies on disk, and its size.
func Fingerprint(path string) (sum string, size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, fmt.Errorf("%s: %w; check the path and its permissions", filepath.Base(path), rootCause(err))
	}
	defer file.Close()
	hash := sha256.New()
	if size, err = io.Copy(hash, file); err != nil {
		return "", 0, fmt.Errorf("%s: %w", filepath.Base(path), rootCause(err))
	}
	return hex.EncodeToString(hash.Sum(nil)), size, nil
}

// hashedReader hashes and counts what passes through it.
type hashedReader struct {
	from io.Reader
	hash hash.Hash
	n    int64
}

func (r *hashedReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.hash.Write(p[:n])
	r.n += int64(n)
	return n, err
}

// count is 0 for a zip, whose parts are not read in order.
func (r *hashedReader) count() int64 {
	if r == nil {
		return 0
	}
	return r.n
}

// sizeOf is the size of a file on disk; one that cannot be seen counts as nothing
// here and fails when it is opened.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// rootCause drops the path that the operating system repeats in its errors.
func rootCause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
