package vault

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// The ways in which a column of whole numbers is written. The first byte of a
// column says which.
const (
	constantColumn = iota // one number for all rows
	indexColumn           // places in a list of the numbers that occur
	stepColumn            // differences of such places, modulo 65536
	numberColumn          // numbers of any size
)

var errColumn = errors.New("a column is damaged")

// packer writes columns of one group of rows. It is used by one goroutine.
type packer struct {
	out     []byte
	zstd    *zstd.Encoder
	table   []slot // of an open hash, for the numbers that occur
	epoch   uint32
	list    []uint64
	places  []uint16
	planes  []byte
	packed  []byte
	other   []byte
	symbols []byte
	bits    []byte
}

type slot struct {
	number uint64
	epoch  uint32
	place  uint16
}

const tableBits = 17

func newPacker() (*packer, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, err
	}
	return &packer{zstd: encoder, table: make([]slot, 1<<tableBits)}, nil
}

// few writes a column in which numbers repeat, such as codes.
func (p *packer) few(numbers []uint64) {
	if !slices.ContainsFunc(numbers, func(x uint64) bool { return x != numbers[0] }) {
		p.out = append(p.out, constantColumn)
		p.out = binary.AppendUvarint(p.out, numbers[0])
		return
	}
	p.index(numbers)
	plain, steps := p.placesPacked(p.packed[:0], false), p.placesPacked(p.other[:0], true)
	p.packed, p.other = plain, steps
	kind, body := byte(indexColumn), plain
	if len(steps) < len(plain) {
		kind, body = stepColumn, steps
	}
	p.out = append(p.out, kind)
	p.out = binary.AppendUvarint(p.out, uint64(len(p.list)))
	before := uint64(0)
	for _, number := range p.list {
		p.out = binary.AppendUvarint(p.out, number-before)
		before = number
	}
	p.out = append(p.out, body...)
}

// index lists the numbers that occur, in order, and the place of each row's.
func (p *packer) index(numbers []uint64) {
	p.epoch++
	p.list, p.places = p.list[:0], p.places[:0]
	for _, number := range numbers {
		p.places = append(p.places, p.find(number))
	}
	sorted := slices.Clone(p.list)
	slices.Sort(sorted)
	rank := make([]uint16, len(sorted))
	for i, number := range p.list {
		at, _ := slices.BinarySearch(sorted, number)
		rank[i] = uint16(at)
	}
	for i, at := range p.places {
		p.places[i] = rank[at]
	}
	p.list = append(p.list[:0], sorted...)
}

func (p *packer) find(number uint64) uint16 {
	for h := number * 0x9e3779b97f4a7c15 >> (64 - tableBits); ; h = (h + 1) & (1<<tableBits - 1) {
		s := &p.table[h]
		if s.epoch != p.epoch {
			*s = slot{number, p.epoch, uint16(len(p.list))}
			p.list = append(p.list, number)
			return s.place
		}
		if s.number == number {
			return s.place
		}
	}
}

// placesPacked appends the places, or their steps, as one plane of low bytes and,
// where the list needs it, one of high bytes.
func (p *packer) placesPacked(to []byte, steps bool) []byte {
	p.planes = p.planes[:0]
	for shift := 0; shift == 0 || shift == 8 && len(p.list) > 256; shift += 8 {
		before := uint16(0)
		for _, at := range p.places {
			x := at
			if steps {
				x, before = at-before, at
			}
			p.planes = append(p.planes, byte(x>>shift))
		}
	}
	return p.squeeze(to, p.planes)
}

// squeeze appends bytes packed, with their packed length before them.
func (p *packer) squeeze(to, plain []byte) []byte {
	start := len(to)
	to = append(to, 0, 0, 0, 0)
	to = p.zstd.EncodeAll(plain, to)
	binary.LittleEndian.PutUint32(to[start:], uint32(len(to)-start-4))
	return to
}

// missingSymbol stands for an amount that nobody stated.
const missingSymbol = 0xff

// scales are the steps in which amounts come: single units, wholes of step units,
// thousands of those.
func scales(step uint64) [3]uint64 { return [3]uint64{1, step, step * 1000} }

// numbers writes a column of numbers of any size: for each the place of its
// highest bit and its scale, which repeat and pack well, and the bits below it,
// which do not. missing is the number that stands for none. Numbers are below
// 2^62; step is how many units make a whole: 100 cents, 1000 grams.
func (p *packer) numbers(numbers []uint64, missing, step uint64) {
	p.symbols, p.bits = p.symbols[:0], p.bits[:0]
	of := scales(step)
	var pending uint64
	held := 0
	for _, x := range numbers {
		if x == missing {
			p.symbols = append(p.symbols, missingSymbol)
			continue
		}
		scale := 0
		for x != 0 && scale < 2 && step > 1 && x%of[scale+1] == 0 {
			scale++
		}
		x /= of[scale]
		length := bits.Len64(x)
		p.symbols = append(p.symbols, byte(scale<<6|length))
		if length < 2 {
			continue
		}
		rest := x &^ (1 << (length - 1))
		pending |= rest << held
		if held += length - 1; held >= 64 {
			p.bits = binary.LittleEndian.AppendUint64(p.bits, pending)
			held -= 64
			pending = rest >> (length - 1 - held)
		}
	}
	p.bits = binary.LittleEndian.AppendUint64(p.bits, pending)
	p.out = append(p.out, numberColumn)
	p.out = p.squeeze(p.out, p.symbols)
	p.out = binary.AppendUvarint(p.out, uint64(len(p.bits)))
	p.out = append(p.out, p.bits...)
}
