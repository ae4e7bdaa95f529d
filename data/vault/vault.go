// Package vault keeps files of declared flows as they stood when they were
// published, so that a run can be repeated on the data of any past day. In the
// order data moves:
//
//  1. Ingest reads a file as a run would, and sorts its rows into partitions, one
//     for each chapter of goods: columns in groups of rows, in the order of lines,
//     with the line, the flags, the quantity and every digit of the code of each.
//  2. The partitions, with what was counted and refused, become an object under
//     the SHA-256 of its description; a vintage beside it says who published what
//     when. The bytes of the file are kept only where that is asked for.
//  3. Vintages lists them; AsOf picks, of each series, the last that was there on
//     a day; OpenStored gives the rows to source.Read.
//
// Nothing that is stored is ever changed. A vintage counts once its description
// stands under vintages/, which is the last step and one rename: an ingest that
// is killed leaves the vault as it was, and the next one clears away what it left.
// The same file ingested twice adds nothing. A partition is read without any
// other file of the vault.
//
//	vault/objects/SHA256/object.json, 01.part, 02.part ...
//	vault/originals/SHA256/NAME.gz
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

	SHA256   string `json:"sha256"` // of the file as it was ingested
	Bytes    int64  `json:"bytes"`
	Object   string `json:"object"`             // its rows: folder in the vault, with /
	Stored   int64  `json:"stored_bytes"`       // of that folder
	Original string `json:"original,omitempty"` // its bytes, where they were kept: path in the vault, with /

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

// Path is the name under which source.Read, with OpenStored, reads a vintage.
func (v *Vault) Path(of Vintage) string { return filepath.Join(v.dir, "vintages", fileName(of)) }

func objectPath(address string) string { return "objects/" + address }

func (v *Vault) objectDir(of Vintage) string {
	return filepath.Join(v.dir, filepath.FromSlash(of.Object))
}

// Vintages lists what is stored, by series, day of publication, day of fetching
// and hash.
func (v *Vault) Vintages() ([]Vintage, error) {
	if _, err := os.Stat(filepath.Join(v.dir, "vintages")); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is no vault; make one with counterflow ingest --vault", v.dir)
	}
	return v.list()
}

// list is Vintages for a vault that need not be there yet.
func (v *Vault) list() ([]Vintage, error) {
	entries, err := os.ReadDir(filepath.Join(v.dir, "vintages"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
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
		if err := of.check(entry.Name()); err != nil {
			return nil, err
		}
		list = append(list, of)
	}
	slices.SortFunc(list, compare)
	return list, nil
}

// check says whether a description is of the vintage that it is named after.
func (of *Vintage) check(name string) error {
	local := filepath.IsLocal(filepath.FromSlash(of.Object)) && (of.Original == "" || filepath.IsLocal(filepath.FromSlash(of.Original)))
	if fileName(*of) != name || !local {
		return fmt.Errorf("%s does not describe the vintage that it is named after; ingest the file again", name)
	}
	return nil
}

// Check reads all that is stored of a vintage and says whether it is still as it
// was stored.
func (v *Vault) Check(of Vintage) error {
	err := checkObject(v.objectDir(of))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("part of %s of series %s is missing; take the vault from a copy", of.Name, of.Series)
	case err != nil:
		return fmt.Errorf("%s of series %s is damaged: %w; take the vault from a copy", of.Name, of.Series, err)
	}
	return nil
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
