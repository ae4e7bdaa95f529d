package table

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk mounts a tmpfs, which only an administrator may.
func smallDisk(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skip("a small disk cannot be mounted here: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	return dir
}

// A full disk ends the run in one line that names the target, and the space
// that was taken is given back.
func TestFullDisk(t *testing.T) {
	disk := smallDisk(t, "size=256k")
	dir := filepath.Join(disk, "run")
	f, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	err = Write(context.Background(), f, many(csvRows), Options{Threads: 2})
	want := filepath.Join(dir, "tables", "pairs.csv") + ": no space left on device; make room, or choose a folder on another disk"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if err := f.Discard(); err != nil {
		t.Error(err)
	}
	if got := entries(t, disk); got != "" {
		t.Errorf("left behind: %s", got)
	}
}

func TestReadOnlyDisk(t *testing.T) {
	disk := smallDisk(t, "size=256k,ro")
	if _, err := Create(filepath.Join(disk, "run")); err == nil || !strings.HasSuffix(err.Error(), "read-only file system; choose a folder that you may write to") {
		t.Errorf("error %v", err)
	}
}

func TestUnwritableFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("an administrator may write everywhere")
	}
	parent := t.TempDir()
	if err := os.Chmod(parent, 0o555); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(filepath.Join(parent, "run")); err == nil || !strings.HasSuffix(err.Error(), "permission denied; choose a folder that you may write to") {
		t.Errorf("error %v", err)
	}
}
