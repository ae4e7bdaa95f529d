package mirror

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"counterflow/data"
)

// scope is what of the data is compared, beside the level of each chapter: one
// frequency, and codes that begin with a letter, such as TOTAL, only where there
// are no others.
type scope struct {
	monthly bool
	letters bool
}

// scope compares the months where there are months beside years.
func (e *engine) scope() scope {
	s := scope{letters: true}
	for _, code := range e.codes.code {
		s.letters = s.letters && level(code) == 0
	}
	years := 0
	for _, p := range e.presence.periods() {
		if p.Monthly() {
			s.monthly = true
		} else {
			years++
		}
	}
	if s.monthly && years > 0 {
		e.warnings = append(e.warnings, "both months and years are in the files; the years are left out, run them apart to use them")
	}
	return s
}

// of keeps the periods of the frequency that is compared.
func (s scope) of(periods []data.Period) []data.Period {
	return slices.DeleteFunc(periods, func(p data.Period) bool { return p.Monthly() != s.monthly })
}

// level is the number of digits of a code; codes that begin with a letter stand
// above all others, at 0.
func level(c data.Commodity) int {
	if code := c.Code(); code != "" && code[0] <= '9' {
		return len(code)
	}
	return 0
}

// noLevel is the level of a chapter of which nothing is compared.
const noLevel = -1

// commonShare is the share of a chapter's reporters that must use a level of
// the classification for it to be the one that is compared.
const commonShare = 0.8

// absent is the reporters of a chapter that give no codes as fine as those
// compared: of its goods they said nothing.
type absent map[data.Economy]bool

// levels picks the level at which the goods of a chapter are compared. It keeps
// its space from one chapter to the next.
type levels struct {
	used      [1 << data.EconomyBits]uint16 // bit n: the reporter gives codes of n digits
	reporters []data.Economy
	rows      []row
}

// pick gives the deepest level that four in five reporters of the chapter use,
// so that one reporter of headings alone does not drag all others up, and two
// reporters of different detail meet at what they have in common. Nearly all
// chapters have codes of one level, and then the rows need not be looked at.
func (l *levels) pick(piles map[uint32]*pile, s scope) (int, absent, error) {
	var there uint16
	for _, p := range piles {
		there |= 1 << level(p.code)
	}
	switch {
	case there&1 != 0 && !s.letters:
		return noLevel, nil, nil
	case bits.OnesCount16(there) == 1:
		return bits.TrailingZeros16(there), nil, nil
	}
	if err := l.survey(piles, s); err != nil {
		return 0, nil, err
	}
	picked := bits.TrailingZeros16(there)
	for at := picked; at <= data.CommodityDigits; at++ {
		if n := l.users(at); n > 0 && float64(n) >= commonShare*float64(len(l.reporters)) {
			picked = at
		}
	}
	left := absent{}
	for _, reporter := range l.reporters {
		if l.used[reporter]>>picked == 0 {
			left[reporter] = true
		}
		l.used[reporter] = 0
	}
	l.reporters = l.reporters[:0]
	return picked, left, nil
}

// users counts the reporters that give codes of a level, or finer ones, which
// can be summed.
func (l *levels) users(level int) int {
	n := 0
	for _, reporter := range l.reporters {
		if l.used[reporter]>>level != 0 {
			n++
		}
	}
	return n
}

// survey notes which levels each reporter uses.
func (l *levels) survey(piles map[uint32]*pile, s scope) error {
	for _, p := range piles {
		at := level(p.code)
		l.note(p.rows, at, s)
		for _, r := range p.runs {
			if l.rows == nil {
				l.rows = make([]row, cursorRows)
			}
			for first := int64(0); first < r.rows; {
				n, err := r.read(l.rows, first)
				if err != nil {
					return err
				}
				l.note(l.rows[:n], at, s)
				first += int64(n)
			}
		}
	}
	return nil
}

func (l *levels) note(rows []row, level int, s scope) {
	for i := range rows {
		if keyPeriod(rows[i].key).Monthly() != s.monthly {
			continue
		}
		reporter := keyReporter(rows[i].key)
		if l.used[reporter] == 0 {
			l.reporters = append(l.reporters, reporter)
		}
		l.used[reporter] |= 1 << level
	}
}

// noteAbsent keeps what a warning will say of the reporters that are left out.
func (e *engine) noteAbsent(j *job) {
	if len(j.absent) == 0 {
		return
	}
	e.leftOut = max(e.leftOut, len(j.absent))
	e.leftIn = append(e.leftIn, fmt.Sprintf("%s (%d digits)", data.Commodity(j.chapter)<<chapterShift, j.level))
}

func (e *engine) absentWarning() []string {
	if len(e.leftIn) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("chapters %s: up to %d reporters give no codes as fine as those compared there and are left out; set fewer digits to compare them too",
		strings.Join(e.leftIn, ", "), e.leftOut)}
}
