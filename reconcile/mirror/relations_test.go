package mirror

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"counterflow/data/source"
)

// jumble is a file with everything in it that has to be settled: totals beside
// parts, national lines, headings, several partners in the unallocated bucket,
// World totals, groups, re-exports, months beside a year, repeated rows, rows
// that are refused at once.
func jumble(seed uint64, rows int, header string) string {
	r := rand.New(rand.NewPCG(seed, 2))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	var b strings.Builder
	b.WriteString(header)
	names := strings.Split(strings.TrimSpace(header), ",")
	for range rows {
		fields := map[string]string{
			"period":       pick("2022-01", "2022-02", "2022-03", "2022-01", "2022"),
			"reporter":     pick("CHN", "USA", "JPN", "DEU", "USA", "Atlantis"),
			"partner":      pick("CHN", "USA", "JPN", "DEU", "VNM", "899", "837", "Areas, nes", "0", "97"),
			"partner2code": pick("0", "0", "0", "344", "702"),
			"hs6":          pick("284690", "284690", "284610", "2846", "28469010", "28469090", "870321", "870322", "8703", "TOTAL"),
			"flow":         pick("X", "X", "M", "M", "RX", "RM", "DX"),
			"motcode":      pick("0", "0", "1000", "2000", "2100", "3200", "9110"),
			"customscode":  pick("C00", "C00", "C00", "C06"),
			"usd":          pick("10", "20", "70", "100", "20000", "", "-1"),
			"kg":           pick("1", "2", "7", "10", "", "0"),
		}
		row := make([]string, len(names))
		for i, name := range names {
			row[i] = fields[name]
			if strings.Contains(row[i], ",") {
				row[i] = `"` + row[i] + `"`
			}
		}
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String()
}

// whole is everything that a table says.
func whole(table *Table) string {
	var b strings.Builder
	for _, in := range table.Inputs {
		fmt.Fprintf(&b, "%s %s %d %d %v\n", in.File, in.Format, in.Rows, in.Kept, in.Refused)
	}
	for i := range table.Pairs {
		fmt.Fprintf(&b, "%+v\n", table.Pairs[i])
	}
	fmt.Fprintf(&b, "%+v\n%+v\n%+v\n%v\n%v\n", table.Totals, table.Reexports, table.Coverage, table.Editions, table.Warnings)
	for _, r := range table.Rejects {
		if r.Line == 0 { // a line number is that of the row in the file
			fmt.Fprintf(&b, "%+v\n", r)
		}
	}
	return b.String()
}

func wantSame(t *testing.T, name, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%s: line %d is\n%.600s, want\n%.600s", name, i, a[i], b[i])
		}
	}
	t.Fatalf("%s: %d lines, want %d", name, len(a), len(b))
}

// The order of rows, the number of threads, and where rows wait for their turn
// change no byte.
func TestOrderThreadsAndMemoryChangeNothing(t *testing.T) {
	for _, header := range []string{plainHeader, dividedHeader} {
		for seed := range uint64(3) {
			text := jumble(seed, 6000, header)
			path := file(t, "f.csv", text)
			want := whole(read(t, Options{Threads: 1}, path))
			if n := strings.Count(want, "Commodity"); n < 100 {
				t.Fatalf("only %d pairs and totals: the test says little", n)
			}
			for _, threads := range []int{2, 7} {
				wantSame(t, fmt.Sprintf("%d threads", threads), whole(read(t, Options{Threads: threads}, path)), want)
			}
			wantSame(t, "another order", whole(read(t, Options{Threads: 2}, file(t, "f.csv", shuffled(text, seed+9)))), want)
			for _, memory := range []int64{
				1 << 20,   // rows are spilled, every code fits
				1000 * 32, // codes of more than 125 rows (1 thread) are merged from their runs
				100 * 32,
			} {
				for _, threads := range []int{1, 2} {
					name := fmt.Sprintf("%d bytes, %d threads", memory, threads)
					table := read(t, Options{Threads: threads, Memory: memory, TempDir: t.TempDir()}, path)
					wantSame(t, name, whole(table), want)
					if memory < 1<<20 && table.Spilled == 0 {
						t.Errorf("%s: nothing was spilled", name)
					}
				}
			}
		}
	}
}

// Rows split into files in another way give the same pairs, where no file tells
// totals from parts by itself.
func TestFilesChangeNoPair(t *testing.T) {
	text := jumble(5, 4000, dividedHeader)
	one := read(t, Options{}, file(t, "f.csv", text))
	rows := strings.SplitAfter(text, "\n")
	half := len(rows) / 2
	two := read(t, Options{}, file(t, "a.csv", strings.Join(rows[:half], "")), file(t, "b.csv", rows[0]+strings.Join(rows[half:], "")))
	if len(one.Pairs) != len(two.Pairs) {
		t.Fatalf("%d pairs from two files, want %d", len(two.Pairs), len(one.Pairs))
	}
	for i := range one.Pairs {
		if one.Pairs[i] != two.Pairs[i] {
			t.Fatalf("%s from two files, want %s", text2(&two.Pairs[i]), text2(&one.Pairs[i]))
		}
	}
}

func text2(p *Pair) string { return fmt.Sprintf("%+v", *p) }

// swapped exchanges the sides: what was declared as exported from i to j is
// declared as imported by i from j.
func swapped(text string) string {
	rows := strings.SplitAfter(text, "\n")
	for i, row := range rows {
		for from, to := range map[string]string{",X,": ",M,", ",M,": ",X,", ",RX,": ",RM,", ",RM,": ",RX,"} {
			if strings.Contains(row, from) {
				rows[i] = strings.Replace(row, from, to, 1)
				break
			}
		}
	}
	return strings.Join(rows, "")
}

func TestSwappedSidesChangeTheSignOfEveryGap(t *testing.T) {
	text := jumble(7, 12000, plainHeader)
	there := read(t, Options{}, file(t, "f.csv", text))
	back := read(t, Options{}, file(t, "f.csv", swapped(text)))
	index := map[string]*Pair{}
	for i := range back.Pairs {
		p := &back.Pairs[i]
		index[fmt.Sprint(p.Commodity, p.Period, p.Importer, p.Exporter)] = p
	}
	if len(index) != len(there.Pairs) {
		t.Fatalf("%d pairs become %d", len(there.Pairs), len(index))
	}
	opposite := map[State]State{Both: Both, ExportOnly: ImportOnly, ImportOnly: ExportOnly, ExporterSilent: ImporterSilent, ImporterSilent: ExporterSilent}
	compared := 0
	for i := range there.Pairs {
		p := &there.Pairs[i]
		q := index[fmt.Sprint(p.Commodity, p.Period, p.Exporter, p.Importer)]
		if q == nil || q.State != opposite[p.State] || p.XKg != q.MKg || p.MKg != q.XKg || int64(p.XUSD) != int64(q.MUSD) {
			t.Fatalf("%s becomes %v", text2(p), q)
		}
		if a, b := p.Index(), q.Index(); a != -b && !(math.IsNaN(a) && math.IsNaN(b)) {
			t.Errorf("%s: index %g and %g", text2(p), a, b)
		}
		for _, measure := range []Measure{Weight, Value} {
			a, b := p.LogRatio(measure), q.LogRatio(measure)
			if math.IsNaN(a) != math.IsNaN(b) || math.Abs(a+b) > 1e-15 { // the two quotients are rounded by 2e-16
				t.Errorf("%s: ln ratio of %s %g and %g", text2(p), measure, a, b)
			}
			if !math.IsNaN(a) {
				compared++
			}
		}
	}
	if compared < 50 {
		t.Errorf("only %d ratios compared", compared)
	}
}

// Another currency changes no share, no ratio and no state. Seven is exact in
// cents, and keeps values on their side of the bounds that are in dollars.
func TestAnotherCurrencyChangesNoShare(t *testing.T) {
	text := jumble(8, 4000, dividedHeader)
	rows := strings.SplitAfter(text, "\n")
	for i, row := range rows {
		fields := strings.Split(row, ",")
		for value, times7 := range map[string]string{"10": "70", "20": "140", "70": "490", "100": "700", "20000": "140000"} {
			if n := len(fields); n > 2 && fields[n-2] == value {
				fields[n-2] = times7
				break
			}
		}
		rows[i] = strings.Join(fields, ",")
	}
	one := read(t, Options{}, file(t, "f.csv", text))
	seven := read(t, Options{}, file(t, "f.csv", strings.Join(rows, "")))
	if len(one.Pairs) != len(seven.Pairs) || len(one.Coverage) != len(seven.Coverage) {
		t.Fatalf("%d pairs become %d", len(one.Pairs), len(seven.Pairs))
	}
	for i := range one.Pairs {
		p, q := one.Pairs[i], seven.Pairs[i]
		if a, b := p.Index(), q.Index(); math.Abs(a-b) > 1e-15 {
			t.Errorf("%s: index %g becomes %g", text2(&p), a, b)
		}
		if p.XUSD.Known() {
			p.XUSD *= 7
		}
		if p.MUSD.Known() {
			p.MUSD *= 7
		}
		if p != q {
			t.Errorf("%s becomes %s", text2(&p), text2(&q))
		}
	}
	for i := range one.Coverage {
		p, q := one.Coverage[i], seven.Coverage[i]
		if p.Value *= 7; p != q {
			t.Errorf("%+v becomes %+v", p, q)
		}
	}
}

// The samples of refused rows are a few of each reason and file.
func TestSamplesAreFew(t *testing.T) {
	table := read(t, Options{}, file(t, "f.csv", jumble(9, 6000, dividedHeader)))
	count := map[source.Reason]int{}
	for _, r := range table.Rejects {
		count[r.Reason]++
	}
	for reason, n := range table.Inputs[0].Refused {
		if want := int(min(n, 5)); count[reason] != want {
			t.Errorf("%s: %d samples of %d rows", reason, count[reason], n)
		}
	}
	for _, reason := range []source.Reason{source.Breakdown, source.RepeatedRow, source.RepeatedKey, source.MixedFrequency, source.AggregateLevel, source.PartFlow, source.GroupPartner, source.NegativeAmount, source.UnknownEconomy, source.SelfTrade} {
		if count[reason] == 0 {
			t.Errorf("no row was refused for %s", reason)
		}
	}
}

// Runs that were spilled are merged in the order of keys, whatever their number.
func TestMergeOfRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	s := &spill{dir: t.TempDir()}
	defer s.close()
	p := &pile{code: 0}
	var want []uint64
	var sort sorter
	for range 9 {
		rows := make([]row, 1+r.IntN(3*cursorRows))
		for i := range rows {
			rows[i].key = r.Uint64() >> numberBits % 5000
			want = append(want, rows[i].key)
		}
		if err := s.write(0, sort.sorted(rows)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.flush(); err != nil {
		t.Fatal(err)
	}
	p.runs = s.runs[0]
	slices.Sort(want)
	var got []uint64
	g := grouper{fit: 1}
	err := g.groups([]*pile{p}, func(group []row) {
		for i := range group {
			if !sameKey(group[i].key, group[0].key) {
				t.Fatal("a group of two keys")
			}
			got = append(got, group[i].key)
		}
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d rows come back, want %d in order (%v)", len(got), len(want), err)
	}
}

func TestSorter(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var s sorter
	for _, n := range []int{0, 1, 2, radixFrom - 1, radixFrom, radixFrom + 1, 5000} {
		for _, bits := range []uint{1, 5, 12, 20, numberShift} {
			rows := make([]row, n)
			for i := range rows {
				rows[i].key = r.Uint64()>>(64-bits) | 7<<numberShift
				rows[i].usd = 1
			}
			want := slices.Clone(rows)
			slices.SortFunc(want, func(a, b row) int {
				if a.key < b.key {
					return -1
				}
				return min(1, int(a.key-b.key))
			})
			if got := s.sorted(rows); !slices.Equal(got, want) {
				t.Errorf("%d rows of %d bits are not in order", n, bits)
			}
		}
	}
}
