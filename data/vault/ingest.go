package vault

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"counterflow/data"
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

// Ingest stores one file. added is false where the vault had that vintage
// already. A file that a run could not use is refused and leaves nothing.
func (v *Vault) Ingest(ctx context.Context, path string, l Label, o source.Options) (of Vintage, added bool, err error) {
	if l, err = l.Complete(path); err != nil {
		return of, false, err
	}
	of = Vintage{Series: l.Series, Name: filepath.Base(path), Publisher: l.Publisher, Title: l.Title, Address: l.Address,
		Licence: l.Licence, Published: l.Published, Fetched: l.Fetched}
	if err := of.examine(ctx, path, o); err != nil {
		return of, false, err
	}
	if held, err := v.held(of); err != nil || held != nil {
		if held != nil {
			of = *held
		}
		return of, false, err
	}
	if err := v.store(&of, path); err != nil {
		return of, false, err
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

// examine reads the file as a run would.
func (of *Vintage) examine(ctx context.Context, path string, o source.Options) error {
	var mu sync.Mutex
	periods, reporters := map[data.Period]bool{}, map[string]bool{}
	reading, err := source.Read(ctx, []string{path}, o, func(_ int, b source.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		for i := range b.Records {
			periods[b.Records[i].Period] = true
			reporters[b.Records[i].Reporter().String()] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	t := reading.Tallies[0]
	of.SHA256, of.Bytes, of.Format, of.Rows, of.Kept = t.SHA256, t.Bytes, t.Format, t.Rows, t.Kept
	of.Refused = map[string]int64{}
	for reason, n := range t.Refused {
		of.Refused[string(reason)] = n
	}
	of.Reporters = slices.Sorted(maps.Keys(reporters))
	sorted := slices.Sorted(maps.Keys(periods))
	of.First, of.Last = sorted[0].String(), sorted[len(sorted)-1].String()
	return nil
}

// held finds the same bytes in the same series.
func (v *Vault) held(of Vintage) (*Vintage, error) {
	if _, err := os.Stat(filepath.Join(v.dir, "vintages")); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	list, err := v.Vintages()
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Series == of.Series && list[i].SHA256 == of.SHA256 {
			return &list[i], nil
		}
	}
	return nil, nil
}

// store puts the bytes in their place, unless another series has brought them
// there, and checks that they are those that were examined.
func (v *Vault) store(of *Vintage, path string) error {
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
	of.Object = "objects/" + of.SHA256 + "/" + name
	read, stored := sha256.New(), sha256.New()
	err = v.write(filepath.FromSlash(of.Object), func(to io.Writer) error {
		both := io.MultiWriter(to, stored)
		from := io.TeeReader(text, read)
		if !plain {
			_, err := io.Copy(both, from)
			return err
		}
		packed, err := gzip.NewWriterLevel(both, gzip.BestCompression)
		if err != nil {
			return err
		}
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
	of.Stored = hex.EncodeToString(stored.Sum(nil))
	return err
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

// Check reads the stored file of a vintage and says whether its bytes are still
// those that were stored.
func (v *Vault) Check(of Vintage) error {
	file, err := os.Open(v.Path(of))
	if err != nil {
		return fmt.Errorf("%s of series %s is missing; ingest it again", of.Name, of.Series)
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != of.Stored {
		return fmt.Errorf("%s of series %s is damaged: its bytes are not those that were stored; take the vault from a copy", of.Name, of.Series)
	}
	return nil
}
