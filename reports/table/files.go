package table

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"path/filepath"
	"sort"
)

// Path gives the place of a file of the folder while it is being written, and
// makes the folders on the way. path is relative and parted by slashes, such as
// charts/heatmap.png.
func (f *Folder) Path(path string) (string, error) {
	full := filepath.Join(f.work, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return "", describe(filepath.Join(f.target, path), err)
	}
	return full, nil
}

// File is a file of the folder. Its hash is taken while it is written.
type File struct {
	file   *os.File
	hash   hash.Hash
	size   int64
	path   string
	folder *Folder
}

// Create opens a new file of the folder.
func (f *Folder) Create(path string) (*File, error) {
	full, err := f.Path(path)
	if err != nil {
		return nil, err
	}
	file, err := os.Create(full)
	if err != nil {
		return nil, describe(filepath.Join(f.target, path), err)
	}
	return &File{file: file, hash: sha256.New(), path: path, folder: f}, nil
}

func (w *File) Write(p []byte) (int, error) {
	n, err := w.file.Write(p)
	w.hash.Write(p[:n])
	w.size += int64(n)
	if err != nil {
		return n, describe(filepath.Join(w.folder.target, w.path), err)
	}
	return n, nil
}

// Close finishes the file.
func (w *File) Close() error {
	if err := w.file.Close(); err != nil {
		return describe(filepath.Join(w.folder.target, w.path), err)
	}
	w.folder.known[w.path] = Output{Path: w.path, Bytes: w.size, SHA256: hex.EncodeToString(w.hash.Sum(nil))}
	return nil
}

// outputs lists the files of the folder by path.
func (f *Folder) outputs() ([]Output, error) {
	var list []Output
	err := filepath.WalkDir(f.work, func(full string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		path, err := filepath.Rel(f.work, full)
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		out, known := f.known[path]
		if !known {
			out = Output{Path: path}
			if out.SHA256, out.Bytes, err = hashFile(full); err != nil {
				return err
			}
		}
		list = append(list, out)
		return nil
	})
	if err != nil {
		return nil, describe(f.target, err)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Path < list[j].Path })
	return list, nil
}

func hashFile(full string) (sum string, size int64, err error) {
	file, err := os.Open(full)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	h := sha256.New()
	size, err = io.Copy(h, file)
	return hex.EncodeToString(h.Sum(nil)), size, err
}
