package vault

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"counterflow/data/source"
)

// objectVersion rises when objects change so that an older program would misread
// them.
const objectVersion = 1

// Partition is one file of an object: the rows of one chapter.
type Partition struct {
	Chapter string `json:"chapter"`
	Rows    int64  `json:"rows"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
}

// Object is what became of one file: its rows as columns, by chapter, and what
// was found in it. An object is named by the SHA-256 of its description, which
// has the hashes of its partitions, so that nothing in it can change unseen.
type Object struct {
	Version    int              `json:"version"`
	Format     string           `json:"format"`
	SHA256     string           `json:"sha256"` // of the file that was read
	Bytes      int64            `json:"bytes"`
	Rows       int64            `json:"rows"`
	Kept       int64            `json:"kept"`
	Refused    map[string]int64 `json:"refused"`
	Divided    bool             `json:"divided"`
	Rates      string           `json:"rates,omitempty"` // SHA-256 of the exchange rates that were applied
	Rejects    []source.Reject  `json:"rejects"`
	NotUTF8    bool             `json:"not_utf8"`
	Hints      []string         `json:"hints"`
	Partitions []Partition      `json:"partitions"`
}

const objectFile = "object.json"

// newObject describes what was found in a file. Names are no part of it: the same
// bytes are the same object, whatever they are called.
func newObject(found source.Found, rates string, partitions []Partition) *Object {
	o := &Object{
		Version: objectVersion, Format: found.Format, SHA256: found.SHA256, Bytes: found.Bytes, Rows: found.Rows, Kept: found.Kept,
		Refused: map[string]int64{}, Divided: found.Divided, Rates: rates, Rejects: []source.Reject{}, NotUTF8: found.NotUTF8,
		Hints: append([]string{}, found.Hints...), Partitions: partitions,
	}
	for reason, n := range found.Refused {
		o.Refused[string(reason)] = n
	}
	for _, r := range found.Rejects {
		r.File = ""
		o.Rejects = append(o.Rejects, r)
	}
	return o
}

// found gives back what newObject was told, of a file of the given name.
func (o *Object) found(name string) source.Found {
	f := source.Found{
		Tally: source.Tally{File: name, Format: o.Format, SHA256: o.SHA256, Bytes: o.Bytes, Rows: o.Rows, Kept: o.Kept,
			Refused: map[source.Reason]int64{}, Divided: o.Divided},
		Rejects: append([]source.Reject(nil), o.Rejects...), NotUTF8: o.NotUTF8, Hints: o.Hints,
	}
	for reason, n := range o.Refused {
		f.Refused[source.Reason(reason)] = n
	}
	for i := range f.Rejects {
		f.Rejects[i].File = name
	}
	return f
}

// text is the description as it is stored, and its address.
func (o *Object) text() (text []byte, address string, err error) {
	text, err = json.MarshalIndent(o, "", " ")
	if err != nil {
		return nil, "", err
	}
	text = append(text, '\n')
	sum := sha256.Sum256(text)
	return text, hex.EncodeToString(sum[:]), nil
}

// readObject reads the description of an object, which must be at its address.
func readObject(dir string) (*Object, error) {
	text, err := os.ReadFile(filepath.Join(dir, objectFile))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != filepath.Base(dir) {
		return nil, errors.New("its description is not the one that was stored")
	}
	o := &Object{}
	if err := json.Unmarshal(text, o); err != nil {
		return nil, err
	}
	if o.Version != objectVersion {
		return nil, fmt.Errorf("it is of version %d, this program reads version %d", o.Version, objectVersion)
	}
	for _, p := range o.Partitions {
		if !filepath.IsLocal(partitionName(p.Chapter)) {
			return nil, fmt.Errorf("a partition is called %q", p.Chapter)
		}
	}
	return o, nil
}

// size is the number of bytes of all partitions.
func (o *Object) size() int64 {
	var n int64
	for _, p := range o.Partitions {
		n += p.Bytes
	}
	return n
}

// checkObject reads every byte of an object and says whether it is as it was
// stored.
func checkObject(dir string) error {
	o, err := readObject(dir)
	if err != nil {
		return err
	}
	for _, p := range o.Partitions {
		sum, err := hashFile(filepath.Join(dir, partitionName(p.Chapter)))
		if err != nil {
			return err
		}
		if sum != p.SHA256 {
			return fmt.Errorf("the bytes of partition %s are not those that were stored", p.Chapter)
		}
	}
	return nil
}

func hashFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
