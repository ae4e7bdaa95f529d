package table

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// TablesHash is one hash for all CSV tables that were written or carried so far,
// for a report to be traced by: the SHA-256 of what
//
//	sha256sum tables/*.csv
//
// prints in the run folder, where names sort by bytes.
func (f *Folder) TablesHash() string {
	var paths []string
	for path := range f.known {
		if strings.HasPrefix(path, "tables/") && strings.HasSuffix(path, ".csv") {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	hash := sha256.New()
	for _, path := range paths {
		fmt.Fprintf(hash, "%s  %s\n", f.known[path].SHA256, path)
	}
	return hex.EncodeToString(hash.Sum(nil))
}
