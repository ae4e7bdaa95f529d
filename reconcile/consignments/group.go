package consignments

import (
	"cmp"
	"slices"

	"counterflow/data"
)

// lane is one commodity, exporter and importer with a threshold.
type lane struct {
	commodity data.Commodity
	exporter  data.Exporter
	importer  data.Importer
	threshold float64 // kilograms
	parcels   []parcel
	pairs     []pair
	under     [len(widths)]int // parcels in each window
}

// pair is one shipper and one consignee on a lane, its parcels by day.
type pair struct {
	shipper, consignee data.Party
	parcels            []parcel
	under              [len(widths)]int // parcels in each window
}

// parcel is what the tests look at of a consignment.
type parcel struct {
	mass  float64 // over the threshold: 0.9 is a tenth below it
	day   data.Day
	month int32 // index of the month
	row   int32 // index in the table of consignments
}

// lanesOf sorts consignments into lanes and pairs. Commodities without a
// threshold are left out and counted.
func lanesOf(rows []data.Consignment, thresholds []data.Threshold) (lanes []lane, without int) {
	limit := map[data.Commodity]float64{}
	for _, t := range thresholds {
		limit[t.Commodity] = t.Mass.Float()
	}
	order := make([]int32, 0, len(rows))
	limits := make([]float64, len(rows))
	for i := range rows {
		if limits[i] = limitOf(limit, rows[i].Commodity); limits[i] > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := &rows[i], &rows[j]
		return cmp.Or(cmp.Compare(a.Commodity, b.Commodity), cmp.Compare(a.Exporter, b.Exporter), cmp.Compare(a.Importer, b.Importer),
			cmp.Compare(a.Shipper, b.Shipper), cmp.Compare(a.Consignee, b.Consignee), cmp.Compare(a.Day, b.Day), cmp.Compare(i, j))
	})
	parcels := make([]parcel, len(order))
	months := map[data.Day]int32{}
	for at, i := range order {
		c := &rows[i]
		month, ok := months[c.Day]
		if !ok {
			month = int32(c.Day.Month().Index())
			months[c.Day] = month
		}
		parcels[at] = parcel{mass: c.NetWeight.Float() / limits[i], day: c.Day, month: month, row: i}
	}
	for from := 0; from < len(order); {
		first := &rows[order[from]]
		to := from + 1
		for to < len(order) && sameLane(&rows[order[to]], first) {
			to++
		}
		l := lane{commodity: first.Commodity, exporter: first.Exporter, importer: first.Importer, threshold: limits[order[from]], parcels: parcels[from:to]}
		l.divide(rows)
		lanes = append(lanes, l)
		from = to
	}
	return lanes, len(rows) - len(order)
}

// limitOf is the threshold of a commodity: its own, else that of the code it
// belongs to; 0 for none.
func limitOf(limit map[data.Commodity]float64, c data.Commodity) float64 {
	for n := c.Len(); n >= 2; n-- {
		if l, ok := limit[c.Truncate(n)]; ok {
			return l
		}
	}
	return 0
}

func sameLane(a, b *data.Consignment) bool {
	return a.Commodity == b.Commodity && a.Exporter == b.Exporter && a.Importer == b.Importer
}

// divide cuts the parcels of a lane, which lie in the order of pairs.
func (l *lane) divide(rows []data.Consignment) {
	for from := 0; from < len(l.parcels); {
		first := &rows[l.parcels[from].row]
		to := from + 1
		for to < len(l.parcels) {
			c := &rows[l.parcels[to].row]
			if c.Shipper != first.Shipper || c.Consignee != first.Consignee {
				break
			}
			to++
		}
		p := pair{shipper: first.Shipper, consignee: first.Consignee, parcels: l.parcels[from:to]}
		for i := range p.parcels {
			for w, width := range widths {
				if under(p.parcels[i].mass, width) {
					p.under[w]++
					l.under[w]++
				}
			}
		}
		l.pairs = append(l.pairs, p)
		from = to
	}
}

// under says whether a mass lies in the window of a width below the threshold.
func under(mass, width float64) bool { return mass < 1 && mass >= 1-width }
