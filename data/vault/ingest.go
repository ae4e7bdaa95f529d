package vault

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/klauspost/compress/gzip"

	"counterflow/data/source"
)

// Label is what the one who ingests a file knows of it.
type Label struct {
	Series                             string // "" for the file's name without its endings and [date]
	Publisher, Title, Address, Licence string
	Published, Fetched                 string // YYYY-MM-DD
}

// bulkDate is the day of publication in names of bulk files, such as
// COMTRADE-FINAL-CM504200003H1[2023-01-03].gz.
var bulkDate = regexp.MustCompile(`\[(\d{4}-\d{2}-\d{2})\]`)

var seriesName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// Complete fills in what the file's name says: the series, and the day of
// publication where the name has one. It reports every mistake at once.
func (l Label) Complete(path string) (Label, error) {
	name := filepath.Base(path)
	if day := bulkDate.FindStringSubmatch(name); day != nil && l.Published == "" {
		l.Published = day[1]
	}
	if l.Published == "" {
		l.Published = l.Fetched
	}
	if l.Series == "" {
		l.Series = bulkDate.ReplaceAllString(name, "")
		for _, ending := range []string{".gz", ".zip", ".csv", ".txt", ".tsv", ".json", ".parquet"} {
			l.Series = strings.TrimSuffix(l.Series, ending)
		}
	}
	var wrong []error
	if !seriesName.MatchString(l.Series) {
		wrong = append(wrong, fmt.Errorf("series: %q is not of letters, digits, dots, dashes and underscores; name one with --series", l.Series))
	}
	for _, day := range [][2]string{{"published", l.Published}, {"fetched", l.Fetched}} {
		if err := checkDay(day[0], day[1]); err != nil {
			wrong = append(wrong, err)
		}
	}
	return l, errors.Join(wrong...)
}

// Options decide how a file is read and what is kept of it.
type Options struct {
	Threads  int           // 0 for one a processor; never changes what is stored
	Rates    *source.Rates // for values that are not in US dollars, nil for none
	RatesSum string        // SHA-256 of their file
	Columns  source.Mapping
	Original bool // keep the bytes of the file, too
	Progress func(done, total int64)
}

// Ingest stores one file. added is false where the vault had that vintage
// already. A file that a run could not use is refused and leaves nothing.
func (v *Vault) Ingest(ctx context.Context, path string, l Label, o Options) (of Vintage, added bool, err error) {
	if l, err = l.Complete(path); err != nil {
		return of, false, err
	}
	of = Vintage{Series: l.Series, Name: filepath.Base(path), Publisher: l.Publisher, Title: l.Title, Address: l.Address,
		Licence: l.Licence, Published: l.Published, Fetched: l.Fetched}
	done, err := v.enter()
	if err != nil {
		return of, false, err
	}
	defer func() { err = errors.Join(err, done()) }()
	draft, err := os.MkdirTemp(filepath.Join(v.dir, "tmp"), "object-")
	if err != nil {
		return of, false, err
	}
	object, err := of.examine(ctx, path, draft, o)
	if err != nil {
		return of, false, err
	}
	if held, err := v.held(&of, object); err != nil || held != nil {
		if held != nil {
			of = *held
		}
		return of, false, err
	}
	if err := v.keep(&of, object, draft); err != nil {
		return of, false, err
	}
	if o.Original {
		if err := v.keepOriginal(&of, path); err != nil {
			return of, false, err
		}
	}
	text, err := json.MarshalIndent(of, "", "  ")
	if err != nil {
		return of, false, err
	}
	return of, true, v.write(filepath.Join("vintages", fileName(of)), func(to io.Writer) error {
		_, err := to.Write(append(text, '\n'))
		return err
	})
}

// examine reads the file as a run would, and writes its rows as partitions.
func (of *Vintage) examine(ctx context.Context, path, draft string, o Options) (*Object, error) {
	reading := source.Options{Threads: o.Threads, Rates: o.Rates, Columns: o.Columns, Lines: true, Quantities: true, Progress: o.Progress}
	rows, err := newChapters(ctx, draft, reading.Workers())
	if err != nil {
		return nil, err
	}
	read, err := source.Read(ctx, []string{path}, reading, rows.add)
	if err != nil {
		rows.abandon()
		return nil, err
	}
	partitions, err := rows.finish()
	if err != nil {
		return nil, err
	}
	found := read.Found[0]
	of.SHA256, of.Bytes, of.Format, of.Rows, of.Kept = found.SHA256, found.Bytes, found.Format, found.Rows, found.Kept
	of.Refused = map[string]int64{}
	for reason, n := range found.Refused {
		of.Refused[string(reason)] = n
	}
	of.First, of.Last, of.Reporters = rows.seen()
	return newObject(found, o.RatesSum, partitions), nil
}

// held finds the same bytes in the same series.
func (v *Vault) held(of *Vintage, object *Object) (*Vintage, error) {
	list, err := v.list()
	if err != nil {
		return nil, err
	}
	_, address, err := object.text()
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Series != of.Series || list[i].SHA256 != of.SHA256 {
			continue
		}
		if list[i].Object != objectPath(address) {
			return nil, fmt.Errorf("series %s has %s already, with other exchange rates or as read by another version; store it under another --series", of.Series, of.Name)
		}
		return &list[i], nil
	}
	return nil, nil
}

// keep puts the draft of an object in its place, unless it is there already.
func (v *Vault) keep(of *Vintage, object *Object, draft string) error {
	text, address, err := object.text()
	if err != nil {
		return err
	}
	of.Object, of.Stored = objectPath(address), object.size()+int64(len(text))
	at := v.objectDir(*of)
	if _, err := os.Stat(at); err == nil {
		return nil
	}
	if err := writeSynced(filepath.Join(draft, objectFile), text); err != nil {
		return err
	}
	if err := errors.Join(syncDir(draft), os.Chmod(draft, 0o755), os.MkdirAll(filepath.Dir(at), 0o755)); err != nil {
		return err
	}
	if err := os.Rename(draft, at); err != nil {
		return err
	}
	return syncDir(filepath.Dir(at))
}

func writeSynced(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// keepOriginal puts the bytes in their place, unless they are there already, and
// checks that they are those that were examined. Plain text is packed with gzip.
func (v *Vault) keepOriginal(of *Vintage, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	text := bufio.NewReader(file)
	magic, _ := text.Peek(4)
	plain := !strings.HasPrefix(string(magic), "\x1f\x8b") && !strings.HasPrefix(string(magic), "PK\x03\x04") && string(magic) != "PAR1"
	name := of.Name
	if plain {
		name += ".gz"
	}
	of.Original = "originals/" + of.SHA256 + "/" + name
	if _, err := os.Stat(filepath.Join(v.dir, filepath.FromSlash(of.Original))); err == nil {
		return nil
	}
	read := sha256.New()
	return v.write(filepath.FromSlash(of.Original), func(to io.Writer) error {
		from := io.TeeReader(text, read)
		if !plain {
			_, err := io.Copy(to, from)
			return err
		}
		packed := gzip.NewWriter(to)
		if _, err := io.Copy(packed, from); err != nil {
			return err
		}
		return packed.Close()
	}, func() error {
		if hex.EncodeToString(read.Sum(nil)) != of.SHA256 {
			return fmt.Errorf("%s changed while it was read; ingest it again", of.Name)
		}
		return nil
	})
}

// write makes a file appear whole or not at all: it is written under tmp, flushed
// to disk, checked and renamed, and the folder's entry is flushed.
func (v *Vault) write(name string, fill func(io.Writer) error, checks ...func() error) (err error) {
	full := filepath.Join(v.dir, name)
	for _, dir := range []string{filepath.Dir(full), filepath.Join(v.dir, "tmp")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	draft, err := os.CreateTemp(filepath.Join(v.dir, "tmp"), "draft-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			draft.Close()
			os.Remove(draft.Name())
		}
	}()
	if err := fill(draft); err != nil {
		return err
	}
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	if err := errors.Join(draft.Chmod(0o444), draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Rename(draft.Name(), full); err != nil {
		return err
	}
	return syncDir(filepath.Dir(full))
}

func syncDir(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
