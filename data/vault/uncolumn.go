package vault

import (
	"encoding/binary"

	"github.com/klauspost/compress/zstd"
)

// unpacker reads what packer wrote. It is used by one goroutine at a time.
type unpacker struct {
	in      []byte
	zstd    *zstd.Decoder
	planes  []byte
	list    []uint64
	numbers []uint64
}

// groupRows is the largest number of rows of a group.
const groupRows = 1 << 15

func newUnpacker() (*unpacker, error) {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<20))
	if err != nil {
		return nil, err
	}
	return &unpacker{zstd: decoder, numbers: make([]uint64, groupRows)}, nil
}

// column reads the next column of so many rows. missing and step are those with
// which it was written. The numbers are the unpacker's until the next column.
func (u *unpacker) column(rows int, missing, step uint64) ([]uint64, error) {
	if len(u.in) == 0 {
		return nil, errColumn
	}
	kind := u.in[0]
	u.in = u.in[1:]
	numbers := u.numbers[:rows]
	switch kind {
	case constantColumn:
		number, err := u.uvarint()
		for i := range numbers {
			numbers[i] = number
		}
		return numbers, err
	case indexColumn, stepColumn:
		return numbers, u.indexed(numbers, kind == stepColumn)
	case numberColumn:
		return numbers, u.sized(numbers, missing, step)
	}
	return nil, errColumn
}

func (u *unpacker) indexed(numbers []uint64, steps bool) error {
	n, err := u.uvarint()
	if err != nil || n == 0 || n > groupRows {
		return errColumn
	}
	u.list = u.list[:0]
	before := uint64(0)
	for range n {
		step, err := u.uvarint()
		if err != nil {
			return err
		}
		before += step
		u.list = append(u.list, before)
	}
	planes := 1
	if n > 256 {
		planes = 2
	}
	if err := u.unsqueeze(planes * len(numbers)); err != nil {
		return err
	}
	at := uint16(0)
	for i := range numbers {
		x := uint16(u.planes[i])
		if planes == 2 {
			x |= uint16(u.planes[len(numbers)+i]) << 8
		}
		if steps {
			x += at
			if planes == 1 {
				x &= 0xff
			}
			at = x
		}
		if int(x) >= len(u.list) {
			return errColumn
		}
		numbers[i] = u.list[x]
	}
	return nil
}

func (u *unpacker) sized(numbers []uint64, missing, step uint64) error {
	if err := u.unsqueeze(len(numbers)); err != nil {
		return err
	}
	size, err := u.uvarint()
	if err != nil || size%8 != 0 || size == 0 || size > uint64(len(u.in)) {
		return errColumn
	}
	words := u.in[:size]
	u.in = u.in[size:]
	of := scales(step)
	pending, held := binary.LittleEndian.Uint64(words), 64
	words = words[8:]
	for i, symbol := range u.planes {
		if symbol == missingSymbol {
			numbers[i] = missing
			continue
		}
		scale, length := symbol>>6, int(symbol&63)
		if scale > 2 {
			return errColumn
		}
		if length < 2 {
			numbers[i] = uint64(length) * of[scale]
			continue
		}
		need := length - 1
		rest := pending
		if need >= held {
			if len(words) > 0 {
				next := binary.LittleEndian.Uint64(words)
				words = words[8:]
				rest |= next << held
				pending = next >> (need - held)
				held += 64
			} else if need > held {
				return errColumn
			} else {
				pending = 0
			}
		} else {
			pending >>= need
		}
		held -= need
		numbers[i] = (rest&(1<<need-1) | 1<<need) * of[scale]
	}
	return nil
}

// unsqueeze reads packed bytes into planes, which must be so many.
func (u *unpacker) unsqueeze(size int) error {
	if len(u.in) < 4 {
		return errColumn
	}
	packed := binary.LittleEndian.Uint32(u.in)
	u.in = u.in[4:]
	if uint64(packed) > uint64(len(u.in)) {
		return errColumn
	}
	var err error
	u.planes, err = u.zstd.DecodeAll(u.in[:packed], u.planes[:0])
	u.in = u.in[packed:]
	if err != nil || len(u.planes) != size {
		return errColumn
	}
	return nil
}

func (u *unpacker) uvarint() (uint64, error) {
	x, n := binary.Uvarint(u.in)
	if n <= 0 {
		return 0, errColumn
	}
	u.in = u.in[n:]
	return x, nil
}
