package source

import (
	"fmt"
	"hash/fnv"
	"sync/atomic"

	"counterflow/data"
	"counterflow/data/concordance"
)

// NoConcordance refuses a row whose code the concordance does not lead to the
// edition asked for.
const NoConcordance Reason = "no_concordance"

// harmoniser brings records of six-digit codes to one edition of the Harmonised
// System. It is used by several goroutines.
//
//   - Where one code became one code, the record gets the new code.
//   - A code of a family in which codes were divided or joined becomes a record
//     for each of its successors, with its share of value and weight. Such
//     records are parts, as national lines are, so that what comes from several
//     old codes is added up; and their edition is EditionMixed, so that what is
//     made of them says that it rests on shares.
//   - Headings, chapters and totals, records of the edition asked for, and records
//     that state no edition stay as they are; the last are counted.
type harmoniser struct {
	to       data.Edition
	by       map[data.Edition]*stepTo
	unstated atomic.Int64 // records without an edition
	divided  atomic.Int64 // records that became several
	made     atomic.Int64 // records that they became
}

// stepTo is the way from one edition, or why there is none.
type stepTo struct {
	converter *concordance.Converter
	renamed   map[data.Commodity]data.Commodity // codes of families of one and one
	missing   string
}

func newHarmoniser(table *concordance.Table, to data.Edition) *harmoniser {
	h := &harmoniser{to: to, by: map[data.Edition]*stepTo{}}
	for from := data.HS1992; from <= data.HS2028; from++ {
		if from == to {
			continue
		}
		converter, err := table.Between(from, to)
		if err != nil {
			h.by[from] = &stepTo{missing: err.Error()}
			continue
		}
		s := &stepTo{converter: converter, renamed: map[data.Commodity]data.Commodity{}}
		for _, family := range converter.Families() {
			if family.Simple() {
				s.renamed[family.From[0]] = family.To[0]
			}
		}
		h.by[from] = s
	}
	return h
}

// batch appends what the records of a batch become to out, and the line of each to
// lines where the batch has lines. Refused records are counted without a line.
func (h *harmoniser) batch(out []Record, lines []int64, b *Batch, count *counter) ([]Record, []int64) {
	for i := range b.Records {
		before := len(out)
		out = h.record(out, &b.Records[i], b.File, count)
		for range len(out) - before {
			if b.Lines != nil {
				lines = append(lines, b.Lines[i])
			}
		}
	}
	return out, lines
}

// record appends what one record becomes.
func (h *harmoniser) record(out []Record, r *Record, file int, count *counter) []Record {
	edition := r.Commodity.Edition()
	if r.Commodity.Len() != 6 || edition == h.to || !isDigits(r.Commodity) {
		return append(out, *r)
	}
	step := h.by[edition]
	if step == nil {
		h.unstated.Add(1)
		return append(out, *r)
	}
	if to, ok := step.renamed[r.Commodity]; ok {
		out = append(out, *r)
		out[len(out)-1].Commodity = to
		return out
	}
	before := len(out)
	if out = step.divide(out, r); len(out) == before {
		count.refuseAs(file, step.refusal(r.Commodity))
		return out
	}
	if made := len(out) - before; made > 1 {
		count.rows[file] += int64(made - 1)
		h.divided.Add(1)
		h.made.Add(int64(made))
	}
	return out
}

// isDigits tells codes of goods from TOTAL and its like.
func isDigits(c data.Commodity) bool {
	return c.Code()[0] <= '9'
}

func (s *stepTo) refusal(code data.Commodity) Reject {
	hint := s.missing
	if hint == "" {
		hint = "the concordance does not lead this code to the edition asked for; add its links"
	}
	return Reject{Reason: NoConcordance, Column: "commodity", Value: fmt.Sprintf("%s (%s)", code, code.Edition()), Hint: hint}
}

// divide appends the parts of a record; nothing where the code is not known. A
// part of nothing is left out.
func (s *stepTo) divide(out []Record, r *Record) []Record {
	if s.converter == nil {
		return out
	}
	parts, ok := s.converter.Convert(r.Commodity, r.Value, r.NetWeight)
	if !ok {
		return out
	}
	hash := fnv.New32a()
	hash.Write([]byte(r.Commodity.Code()))
	mark := uint16(hash.Sum32()) ^ uint16(hash.Sum32()>>16)
	for _, p := range parts {
		if p.USD <= 0 && p.Kg <= 0 {
			continue
		}
		part := *r
		part.Commodity, part.Value, part.NetWeight = p.To.In(data.EditionMixed), p.USD, p.Kg
		part.Part.Columns |= ByFinerCode
		part.Part.Rest ^= mark
		if part.Part.Digits == 0 {
			part.Part.Digits = 6
		}
		out = append(out, part)
	}
	return out
}

// warnings say what the caller should know of the conversion.
func (h *harmoniser) warnings() []string {
	var w []string
	if n := h.divided.Load(); n > 0 {
		w = append(w, fmt.Sprintf("the concordance to %s divided %d rows into %d by shares; the rows of the inputs are counted after that, and pairs made of them carry the note editions_pooled", h.to, n, h.made.Load()))
	}
	if n := h.unstated.Load(); n > 0 {
		w = append(w, fmt.Sprintf("%d rows state no edition of the Harmonised System and were taken as they are; state it in a column classification", n))
	}
	return w
}
