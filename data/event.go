package data

// Event is a dated measure that a reader may want to see beside a series. It is
// a date, never a cause: generated text says "after", not "because of".
type Event struct {
	ID          string
	Announced   Period // month
	Effective   Period // month
	End         Period // month; none where open
	Actor       string // ISO 3166-1 alpha-3
	Target      string // the same, several joined by |, or "world"
	Commodities []Commodity
	Instrument  string
	Source      string
}
