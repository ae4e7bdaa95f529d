package mirror

import (
	"fmt"
	"sync"

	"counterflow/data"
)

// codes numbers the commodities of a run in the order in which they are met.
// Numbers serve packing alone: no output depends on them.
type codes struct {
	lock   sync.Mutex
	number map[data.Commodity]uint32
	code   []data.Commodity
}

// mostCodes is a bound on different commodity codes, far above those of all
// national tariffs together.
const mostCodes = 1 << 20

func newCodes() *codes { return &codes{number: map[data.Commodity]uint32{}} }

func (c *codes) find(code data.Commodity) (uint32, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	n, ok := c.number[code]
	if !ok {
		n = uint32(len(c.code))
		if n >= mostCodes {
			return 0, fmt.Errorf("more than %d different commodity codes; is the commodity column right?", n)
		}
		c.number[code] = n
		c.code = append(c.code, code)
	}
	return n, nil
}

// codeCache is what one worker remembers of the numbers: a table with two
// places for each code.
type codeCache [1 << codeCacheBits]struct {
	code   data.Commodity
	number uint32
}

const codeCacheBits = 15

func (k *codeCache) number(code data.Commodity, all *codes) (number uint32, err error) {
	at := uint64(code) * 0x9e3779b97f4a7c15 >> (64 - codeCacheBits)
	entry := &k[at]
	if entry.code != code {
		if entry.code != 0 {
			entry = &k[at^1]
		}
		if entry.code != code {
			if entry.number, err = all.find(code); err != nil {
				return 0, err
			}
			entry.code = code
		}
	}
	return entry.number, nil
}

// stretch is the rows of one code.
type stretch struct {
	number uint32
	rows   []row
}

// dealer deals the rows of a chapter out to their codes, with space of its own
// that is kept from one chapter to the next.
type dealer struct {
	rows      []row
	local     []int32 // by number: 1 + index into stretches
	stretches []stretch
	next      []int
}

// deal gives the rows of each code side by side. The rows are the caller's
// until the next call.
func (d *dealer) deal(lists []*list) []stretch {
	n := 0
	d.next, d.stretches = d.next[:0], d.stretches[:0]
	for _, l := range lists {
		n += l.len()
		l.each(d.count)
	}
	if cap(d.rows) < n {
		d.rows = make([]row, n+n/4)
		largePages(d.rows)
	}
	at := 0
	for i := range d.stretches {
		count := d.next[i]
		d.stretches[i].rows = d.rows[at : at+count : at+count]
		d.next[i] = 0
		at += count
	}
	for _, l := range lists {
		l.each(d.place)
	}
	for _, s := range d.stretches {
		d.local[s.number] = 0
	}
	return d.stretches
}

func (d *dealer) count(rows []row) {
	for i := range rows {
		number := keyNumber(rows[i].key)
		for int(number) >= len(d.local) {
			d.local = append(d.local, make([]int32, 1+int(number))...)
		}
		if d.local[number] == 0 {
			d.stretches = append(d.stretches, stretch{number: number})
			d.next = append(d.next, 0)
			d.local[number] = int32(len(d.stretches))
		}
		d.next[d.local[number]-1]++
	}
}

func (d *dealer) place(rows []row) {
	for i := range rows {
		to := d.local[keyNumber(rows[i].key)] - 1
		d.stretches[to].rows[d.next[to]] = rows[i]
		d.next[to]++
	}
}
