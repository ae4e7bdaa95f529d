package source

import "fmt"

// outlet hands the records of one worker to the sink, a batch at a time.
type outlet struct {
	reading     *reading
	worker      int
	count       *counter
	file, block int
	records     []Record
	lines       []int64 // of the records, nil where they are not wanted
	texts       []Texts // the same
	n           int     // records in hand
	harmonised  []Record
	moved       []int64 // lines of the harmonised records

	unpacked      []Record // of a stored block
	unpackedLines []int64
}

// keep takes the record that was written to records[n].
func (o *outlet) keep(line int64) error {
	if rules := o.reading.options.Rules; rules != nil && !rules.apply(&o.records[o.n], o.count.applied) {
		o.leaveOut(line)
		return nil
	}
	if o.lines != nil {
		o.lines[o.n] = line
	}
	if o.reading.options.Factors != nil {
		if k, ok := o.reading.options.Factors.weigh(&o.records[o.n]); ok {
			o.count.weighed[k]++
		}
	}
	if o.n++; o.n < len(o.records) {
		return nil
	}
	return o.flush(false)
}

// leaveOut counts the record that was written to records[n] as excluded.
func (o *outlet) leaveOut(line int64) {
	o.count.refused[o.file][Excluded]++
	if kept := o.count.samples[o.file][Excluded]; len(kept) < samplesKept {
		r := &o.records[o.n]
		what := fmt.Sprintf("%s from %s to %s, %s", r.Commodity.Code(), r.Exporter, r.Importer, r.Period)
		o.count.samples[o.file][Excluded] = append(kept, Reject{Line: line, Reason: Excluded, Value: what, Hint: "a list of exclusions leaves it out"})
	}
}

// flush hands on what is in hand. The last batch of a block is handed on even
// where it is empty, if lines are wanted: those who want lines want order, too.
func (o *outlet) flush(last bool) error {
	if o.n == 0 && (!last || o.lines == nil) {
		return nil
	}
	batch := Batch{File: o.file, Block: o.block, Last: last, Records: o.records[:o.n]}
	if o.lines != nil {
		batch.Lines = o.lines[:o.n]
	}
	if o.texts != nil && o.unpacked == nil {
		batch.Texts = o.texts[:o.n]
	}
	o.n = 0
	if h := o.reading.harmoniser; h != nil {
		o.harmonised, o.moved = h.batch(o.harmonised[:0], o.moved[:0], &batch, o.count)
		batch.Records = o.harmonised
		if batch.Lines != nil {
			batch.Lines = o.moved
		}
	}
	return o.reading.sink(o.worker, batch)
}
