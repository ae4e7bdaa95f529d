package source

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
