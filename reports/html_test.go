package reports

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/cases"
	"counterflow/reconcile/claims"
	"counterflow/reports/wording"
)

// pageOf makes the HTML of a run.
func pageOf(t *testing.T, r *reconcile.Result, o Options) string {
	t.Helper()
	o = o.filled()
	var out bytes.Buffer
	if err := writePage(&out, r, Figures(r, o), o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// withClaims gives every case of a run a declared gap divided in three.
func withClaims(r *reconcile.Result) *reconcile.Result {
	for i, c := range r.Cases {
		if !c.ExcessKg.Known() {
			continue
		}
		kg := c.ExcessKg
		r.Claims = append(r.Claims,
			claims.Claim{CaseID: c.ID, Explanation: "timing", Kg: kg / 4, KgLow: kg / 4, KgHigh: kg / 4, Verdict: claims.Holds, Note: "moved to the months of arrival"},
			claims.Claim{CaseID: c.ID, Explanation: "entrepot", Verdict: []claims.Verdict{claims.Fails, claims.NotPossible}[i%2], Note: "a hub at either end"},
			claims.Claim{CaseID: c.ID, Explanation: "unexplained", Kg: kg, KgLow: c.ExcessKgLow, KgHigh: c.ExcessKgHigh, Verdict: claims.Holds, Note: "what is left over"})
	}
	return r
}

// The page can be read without a network, links lead somewhere, every id is
// unique, and no word accuses.
func TestPageStandsAlone(t *testing.T) {
	many := monthlyWorld()
	many.cases, many.lanes = 60, 120
	for name, made := range map[string]string{
		"monthly": pageOf(t, withClaims(monthlyWorld().run()), foreign()), "annual": pageOf(t, annualWorld().run(), Options{}),
		"many": pageOf(t, many.run(), Options{Cases: 30}), "empty": pageOf(t, &reconcile.Result{Settings: reconcile.Defaults()}, Options{}),
	} {
		t.Run(name, func(t *testing.T) {
			if at := regexp.MustCompile(`(?i)(https?:|//[a-z]|@import|url\()`).FindString(withoutScript(made)); at != "" {
				t.Errorf("the page names something outside itself: %q", at)
			}
			ids, links := map[string]bool{}, []string{}
			var text strings.Builder
			tokens := html.NewTokenizer(strings.NewReader(made))
			for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
				token := tokens.Token()
				if kind == html.TextToken {
					text.WriteString(token.Data + " ")
				}
				for _, a := range token.Attr {
					switch {
					case a.Key == "id" && ids[a.Val]:
						t.Errorf("two places are called %q", a.Val)
					case a.Key == "id":
						ids[a.Val] = true
					case a.Key == "href" || a.Key == "src":
						links = append(links, a.Val)
					}
				}
			}
			for _, link := range links {
				if !strings.HasPrefix(link, "#") || !ids[link[1:]] {
					t.Errorf("the link %q leads nowhere", link)
				}
			}
			if word := wording.Improper(text.String()); word != "" {
				t.Errorf("the page says %q", word)
			}
		})
	}
}

// withoutScript leaves the page's own program out, whose comments begin with //.
func withoutScript(made string) string {
	return regexp.MustCompile(`(?s)<script>.*?</script>`).ReplaceAllString(made, "")
}

func TestPageHasWhatTheReportHas(t *testing.T) {
	r := withClaims(monthlyWorld().run())
	made := pageOf(t, r, Options{})
	for _, c := range r.Cases {
		if !strings.Contains(made, fmt.Sprintf(`<article id="dossier-%s">`, strings.ToLower(c.ID))) || strings.Count(made, c.ID) < 2 {
			t.Errorf("case %s has no dossier or is not linked", c.ID)
		}
	}
	for _, want := range []string{
		`<table id="table-2" class="sorted">`, `data-key="2`, "What trade statistics cannot see", "cannot be tested", "Declared gap",
		"<title>January 2021\n", "to be expected: ", "Settings of this run", `<option value="missing export">`, "Glossary and sources",
	} {
		if !strings.Contains(made, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	if again := pageOf(t, r, Options{}); again != made {
		t.Error("the page differs between two makings")
	}
}

// Names that look like markup stay names.
func TestPageEscapesNames(t *testing.T) {
	made := pageOf(t, monthlyWorld().run(), Options{
		Title:   "<img src=x>",
		Economy: func(e data.Economy) string { return "<b onclick=x>" + e.String() + `"'&` },
		Goods:   func(data.Commodity) string { return "</title></svg><script>alert(1)</script>" },
	})
	for _, never := range []string{"<img", "<b onclick", "<script>alert"} {
		if strings.Contains(made, never) {
			t.Errorf("%s is written as markup", never)
		}
	}
}

// A dossier with all its parts takes one page of the PDF.
func TestDossierTakesOnePage(t *testing.T) {
	w := monthlyWorld()
	w.cases = 5
	r := withClaims(w.run())
	path := pdf(t, r, Options{Pages: []string{"dossiers"}})
	text := textOf(t, path)
	for _, want := range []string{"page 1 of 6", "page 6 of 6", "Declared gap", "Tests: holds: time on the way", "What to look at next"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the dossiers: %.300s", want, text)
		}
	}
}

// By hand: of three cases in one commodity one is a slip, one is too weak, and
// one counts with its 7 kg; a commodity without cases comes after it, however
// large.
func TestScoreboard(t *testing.T) {
	w := monthlyWorld()
	w.cases = 0
	r := w.run()
	goods := data.MustCommodity("811292", data.HS2022)
	for i, c := range []cases.Case{{Kind: cases.UnitSlip, Q: 0, ExcessKg: data.Kilograms(1e9)}, {Kind: cases.MissingExport, Q: 0.1, ExcessKg: data.Kilograms(50)},
		{Kind: cases.MissingExport, Q: 0.01, ExcessKg: data.Kilograms(7)}} {
		c.ID, c.Goods = fmt.Sprint("C", i), goods
		r.Cases = append(r.Cases, c)
	}
	scores := newView(r, Options{}.filled()).scores()
	if len(scores) != 3 || scores[0].goods != goods {
		t.Fatalf("%d commodities, %v first", len(scores), scores[0].goods)
	}
	if s := scores[0]; s.found != 1 || s.listed != 3 || s.excess != data.Kilograms(7) {
		t.Errorf("found %d of %d with %v grams; want 1 of 3 with 7000", s.found, s.listed, s.excess)
	}
}

// A detour rests on three lanes, and its dossier shows them all on its page.
func TestDossierOfADetour(t *testing.T) {
	w := monthlyWorld()
	w.cases = 1
	r := w.run()
	c := &r.Cases[0]
	c.Kind, c.Via = cases.Reroute, data.MustEconomy("TUR")
	keys := lanesOf(*c)
	if len(keys) != 3 || keys[1].importer != data.Importer(c.Via) || keys[2].exporter != data.Exporter(c.Via) || keys[2].importer != c.Importer {
		t.Fatalf("the lanes of a detour are %v", keys)
	}
	text := textOf(t, pdf(t, r, Options{Pages: []string{"dossiers"}}))
	for _, want := range []string{"page 2 of 2", "TUR → " + c.Importer.String(), c.Exporter.String() + " → TUR", "no single gap to divide"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the dossier: %.500s", want, text)
		}
	}
}

// A figure has one number, whether it is read as PDF or as HTML.
func TestFigureNumbersAgree(t *testing.T) {
	r := monthlyWorld().run()
	numbered := regexp.MustCompile(`Figure \d+\. [^\n<]{0,24}`)
	text, err := exec.Command(tool(t, "pdftotext"), pdf(t, r, Options{}), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	inPDF := map[string]bool{}
	for _, title := range numbered.FindAllString(string(text), -1) {
		inPDF[title] = true
	}
	titles := numbered.FindAllString(html.UnescapeString(pageOf(t, r, Options{})), -1)
	if len(titles) < 2*19 {
		t.Fatalf("%d titles in the page", len(titles))
	}
	for _, title := range titles {
		if !inPDF[title] {
			t.Errorf("%q is numbered otherwise in the PDF", title)
		}
	}
}

// No figure makes a large file, whatever the run.
func TestVectorFilesAreSmall(t *testing.T) {
	for name, w := range looks() {
		for _, c := range Figures(w.run(), Options{}) {
			var out bytes.Buffer
			if err := c.WriteSVG(&out); err != nil {
				t.Fatal(err)
			}
			if out.Len() > 200_000 {
				t.Errorf("%s, %s: %d bytes", name, c.Name, out.Len())
			}
		}
	}
}
