package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"counterflow/data"
)

// Span says for which months Months runs.
type Span struct {
	From, To data.Period // months; none: the last of the data, and the twelve periods that end there
	// Flows names the files as they stood at the end of a month; nil where they are
	// those of the settings throughout. With it, From and To are needed.
	Flows func(month data.Period) ([]string, error)
}

// spanPeriods is the number of periods that a span without a beginning has.
const spanPeriods = 12

// ErrNoMonths says that the data have no period in the span asked for.
var ErrNoMonths = errors.New("no month to run on")

// Months runs once for every month of the span that ends a period of the data, on
// what is about periods up to it: flows, balances, consignments and events that
// were announced by then. yield takes each result in turn; it has the tables up to
// the cases, and no sensitivity or bridges. Files are read once where they are the
// same throughout. What is learnt of weights and codes (LearnFactors,
// LearnConcordance), the level of detail at which a chapter is compared and how a
// lane's goods travel come from all that the files hold; all else is what Run gives
// on files that end with the month.
func Months(ctx context.Context, s Settings, span Span, h Hooks, yield func(month data.Period, r *Result) error) error {
	if err := s.Check(); err != nil {
		return err
	}
	whole, err := read(ctx, s, span.From, span, h)
	if err != nil {
		return err
	}
	months, err := span.months(whole)
	if err != nil {
		return err
	}
	for i, month := range months {
		if whole, err = whole.asOf(ctx, month, span); err != nil {
			return err
		}
		r := whole.upTo(month)
		if err := r.do(ctx, r.detecting()); err != nil {
			return err
		}
		if h.Progress != nil {
			h.Progress("months", int64(i+1), int64(len(months)))
		}
		if err := yield(month, r.result); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// read brings in all files, the flows as they stood at the end of a month.
func read(ctx context.Context, s Settings, month data.Period, span Span, h Hooks) (*runner, error) {
	if span.Flows != nil {
		var err error
		if s.Flows, err = span.Flows(month); err != nil {
			return nil, err
		}
	}
	r := &runner{settings: s, hooks: h, result: &Result{Settings: s}}
	stages := append(r.readingStages(), stage{"balances", r.readBalances})
	if s.Consignments != "" {
		stages = append(stages, stage{"consignments", func(context.Context) (int64, error) { return 0, r.readConsignments() }})
	}
	return r, r.do(ctx, stages)
}

// asOf gives what was there at the end of a month: the same where no file is
// another.
func (r *runner) asOf(ctx context.Context, month data.Period, span Span) (*runner, error) {
	if span.Flows == nil {
		return r, nil
	}
	flows, err := span.Flows(month)
	if err != nil || slices.Equal(flows, r.settings.Flows) {
		return r, err
	}
	return read(ctx, r.settings, month, span, r.hooks)
}

// months lists the months to run on: those that end a period of the data, or every
// one where the files differ from month to month.
func (span Span) months(r *runner) ([]data.Period, error) {
	var ends []data.Period
	if span.Flows != nil {
		for month := span.From; month <= span.To; month = month.Add(1) {
			ends = append(ends, month)
		}
	} else {
		ends = r.periodEnds()
	}
	if len(ends) == 0 {
		return nil, fmt.Errorf("%w: the files give no period", ErrNoMonths)
	}
	first, last := ends[0], ends[len(ends)-1]
	if span.To != 0 {
		ends = slices.DeleteFunc(ends, func(p data.Period) bool { return p > span.To })
	}
	if span.From != 0 {
		ends = slices.DeleteFunc(ends, func(p data.Period) bool { return p < span.From })
	} else if n := len(ends); n > spanPeriods {
		ends = ends[n-spanPeriods:]
	}
	if len(ends) == 0 {
		return nil, fmt.Errorf("%w: the data go from %s to %s", ErrNoMonths, first, last)
	}
	return ends, nil
}

// periodEnds lists the months in which the periods of the pairs end, in order.
func (r *runner) periodEnds() []data.Period {
	var seen [1 << data.PeriodBits]bool
	for i := range r.result.Pairs {
		seen[r.result.Pairs[i].Period.End()] = true
	}
	var ends []data.Period
	for p, there := range seen {
		if there {
			ends = append(ends, data.Period(p))
		}
	}
	return ends
}
