package source

import "encoding/binary"

// cache remembers what short texts mean. Codes repeat by the million, and a
// look at one table entry is several times cheaper than parsing. Texts longer
// than eight bytes are not kept.
type cache[T any] struct {
	entries [1 << cacheBits]cached[T]
}

type cached[T any] struct {
	text  uint64 // 0 where the place is free
	value T
}

const cacheBits = 11

// key packs a text of one to eight bytes; 0 stands for any other.
func key(text []byte) uint64 {
	n := uint(len(text))
	if n-1 > 7 {
		return 0
	}
	if cap(text) >= 8 { // a field has the rest of its block behind it
		return binary.LittleEndian.Uint64(text[:8]) & (1<<(8*n) - 1)
	}
	var packed uint64
	for i, b := range text {
		packed |= uint64(b) << (8 * i)
	}
	return packed
}

func (c *cache[T]) place(key uint64) *cached[T] {
	return &c.entries[key*0x9e3779b97f4a7c15>>(64-cacheBits)]
}

// get gives what a text means, where that is remembered.
func (c *cache[T]) get(key uint64) (value T, ok bool) {
	entry := c.place(key)
	return entry.value, entry.text == key && key != 0
}

func (c *cache[T]) put(key uint64, value T) {
	if key != 0 {
		*c.place(key) = cached[T]{key, value}
	}
}
