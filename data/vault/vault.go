// Package vault keeps files of declared flows as they stood when they were
// published, so that a run can be repeated on the data of any past day. In the
// order data moves:
//
//  1. Ingest reads a file as a run would, stores its bytes under their SHA-256
//     (plain text is packed with gzip first), and writes a vintage beside it: who
//     published what when, and what was found in it.
//  2. Vintages lists them; AsOf picks, of each series, the last that was there on
//     a day.
//
// Nothing that is stored is ever changed. A vintage counts once its description
// stands under vintages/, which is the last step and one rename: an ingest that
// is killed leaves the vault as it was, but for files under tmp/, which may be
// deleted whenever no ingest runs. The same file ingested twice adds nothing.
//
//	vault/objects/SHA256/NAME.gz   the bytes
//	vault/vintages/SERIES@PUBLISHED@SHA256.json
package vault

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Vintage describes one stored file.
type Vintage struct {
	Series    string `json:"series"` // what a later vintage replaces
	Name      string `json:"name"`   // of the file as it was ingested
	Publisher string `json:"publisher,omitempty"`
	Title     string `json:"title,omitempty"`
	Address   string `json:"address,omitempty"`
	Licence   string `json:"licence,omitempty"`
	Published string `json:"published"` // YYYY-MM-DD; the day from which it counts
	Fetched   string `json:"fetched"`   // YYYY-MM-DD

	SHA256 string `json:"sha256"` // of the file as it was ingested
	Bytes  int64  `json:"bytes"`
	Object string `json:"object"` // path of the stored file in the vault, with /
	Stored string `json:"stored"` // SHA-256 of the stored file

	Format    string           `json:"format"`
	Rows      int64            `json:"rows"`
	Kept      int64            `json:"kept"`
	Refused   map[string]int64 `json:"refused"`
	First     string           `json:"first_period"`
	Last      string           `json:"last_period"`
	Reporters []string         `json:"reporters"`
}

// Vault is a folder of vintages.
type Vault struct{ dir string }

// Open names the folder of a vault; Ingest makes it where it does not exist.
func Open(dir string) *Vault { return &Vault{dir} }

// Path is where the stored file of a vintage lies.
func (v *Vault) Path(of Vintage) string { return filepath.Join(v.dir, filepath.FromSlash(of.Object)) }

// Vintages lists what is stored, by series, day of publication, day of fetching
// and hash.
func (v *Vault) Vintages() ([]Vintage, error) {
	entries, err := os.ReadDir(filepath.Join(v.dir, "vintages"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is no vault; make one with counterflow ingest --vault", v.dir)
	}
	if err != nil {
		return nil, err
	}
	var list []Vintage
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".json") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(v.dir, "vintages", entry.Name()))
		if err != nil {
			return nil, err
		}
		var of Vintage
		if err := json.Unmarshal(text, &of); err != nil {
			return nil, fmt.Errorf("%s: %w; the description is damaged, ingest the file again", entry.Name(), err)
		}
		if fileName(of) != entry.Name() || !filepath.IsLocal(filepath.FromSlash(of.Object)) {
			return nil, fmt.Errorf("%s does not describe the vintage that it is named after; ingest the file again", entry.Name())
		}
		list = append(list, of)
	}
	slices.SortFunc(list, compare)
	return list, nil
}

func compare(a, b Vintage) int {
	return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.Published, b.Published),
		cmp.Compare(a.Fetched, b.Fetched), cmp.Compare(a.SHA256, b.SHA256))
}

// AsOf picks of each series the vintage published last on or before a day; of
// several of one day, the one fetched last. No vintage, or none by that day, is
// an error.
func AsOf(list []Vintage, day string) ([]Vintage, error) {
	if err := checkDay("as-of", day); err != nil {
		return nil, err
	}
	last := map[string]Vintage{}
	for _, of := range list {
		if held, there := last[of.Series]; of.Published <= day && (!there || compare(held, of) < 0) {
			last[of.Series] = of
		}
	}
	if len(last) == 0 {
		return nil, fmt.Errorf("the vault holds nothing that was published by %s", day)
	}
	var picked []Vintage
	for _, of := range last {
		picked = append(picked, of)
	}
	slices.SortFunc(picked, compare)
	return picked, nil
}

func checkDay(what, day string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return fmt.Errorf("%s: %q is no day; write YYYY-MM-DD", what, day)
	}
	return nil
}

func fileName(of Vintage) string {
	return of.Series + "@" + of.Published + "@" + of.SHA256 + ".json"
}
