package source

import (
	"strings"
	"testing"

	"counterflow/data"
	"counterflow/data/concordance"
)

// 111111 of H4 divides into 222221 (a quarter) and 222222, 111112 goes to
// 222222, and 333333 becomes 333334.
const splitLinks = `from_edition,from,to_edition,to,weight
H4,111111,H5,222221,0.25
H4,111111,H5,222222,0.75
H4,111112,H5,222222,
H4,333333,H5,333334,
`

const mixedEditions = `period,reporter,partner,flow,commodity,classification,value_usd,net_kg
2024,DEU,CHN,M,111111,H4,10.03,1.001
2024,DEU,CHN,M,111112,H4,5,2
2024,DEU,CHN,M,333333,H4,7,3
2024,DEU,CHN,M,222222,H5,8,4
2024,DEU,CHN,M,1111,H4,9,5
2024,DEU,CHN,M,111111,,11,6
2024,DEU,CHN,M,999999,H4,12,7
2024,DEU,CHN,M,111111,H3,13,8
`

func TestEditionsAreBroughtTogether(t *testing.T) {
	table, err := concordance.Parse(strings.NewReader(splitLinks))
	if err != nil {
		t.Fatal(err)
	}
	got, reading, err := readText(t, mixedEditions, Options{Digits: 6, Threads: 1, Concordance: table, Edition: data.HS2017})
	if err != nil {
		t.Fatal(err)
	}
	// 1003 cents and 1001 grams at 1 to 3 are 251 and 752, 250 and 751.
	expect(t, got,
		"2024 M CHN>DEU 222221 mixed 0.25 kg 2.51 usd  parts 16",
		"2024 M CHN>DEU 222222 mixed 0.751 kg 7.52 usd  parts 16",
		"2024 M CHN>DEU 222222 mixed 2 kg 5 usd  parts 16",
		"2024 M CHN>DEU 333334 H5 3 kg 7 usd  parts 0",
		"2024 M CHN>DEU 222222 H5 4 kg 8 usd  parts 0",
		"2024 M CHN>DEU 1111 H4 5 kg 9 usd  parts 0",
		"2024 M CHN>DEU 111111  6 kg 11 usd  parts 0",
	)
	tally := reading.Tallies[0]
	if tally.Rows != 9 || tally.Kept != 7 || tally.Refused[NoConcordance] != 2 {
		t.Errorf("%+v", tally)
	}
	text := strings.Join(reading.Warnings, "; ")
	if !strings.Contains(text, "divided 1 rows into 2") || !strings.Contains(text, "1 rows state no edition") {
		t.Errorf("warnings %q", text)
	}
	for _, want := range []string{"add its links", "from H3 to H4"} {
		found := false
		for _, r := range reading.Rejects {
			found = found || strings.Contains(r.Hint, want)
		}
		if !found {
			t.Errorf("no reject says %q: %+v", want, reading.Rejects)
		}
	}
}
