package source

// cache remembers what short texts mean. Codes repeat by the million, and a
// look at one table entry is several times cheaper than parsing. Texts longer
// than eight bytes are not kept.
type cache[T any] struct {
	entries [cacheSize]struct {
		text  uint64
		set   bool
		value T
	}
}

const cacheSize = 1 << 13

// find gives the entry of a text, and whether it holds that text already. A nil
// slot means that the text is too long to keep.
func (c *cache[T]) find(text []byte) (slot *T, known bool) {
	if len(text) > 8 {
		return nil, false
	}
	var packed uint64
	for _, b := range text {
		packed = packed<<8 | uint64(b)
	}
	hash := packed * 0x9e3779b97f4a7c15
	entry := &c.entries[hash>>(64-13)]
	known = entry.set && entry.text == packed && len(text) > 0
	entry.text, entry.set = packed, true
	return &entry.value, known
}
