package reports

import (
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// clicks uses the page as a reader would and writes down what is then shown.
const clicks = `<script>
const seen = {}, table = document.getElementById("table-2");
const column = (i) => Array.from(table.tBodies[0].rows).filter((r) => !r.hidden).map((r) => r.cells[i].firstChild.textContent).join(" ");
const heads = Array.from(table.tHead.rows[0].cells);
seen.first = column(0);
heads[5].querySelector("button").click();
seen.rising = Array.from(table.tBodies[0].rows).map((r) => Number(r.cells[5].dataset.key));
seen.sort = heads[5].getAttribute("aria-sort") + " " + heads[0].getAttribute("aria-sort");
heads[5].querySelector("button").click();
seen.falling = Array.from(table.tBodies[0].rows).map((r) => Number(r.cells[5].dataset.key));
heads[0].querySelector("button").click();
seen.again = column(0);
const input = document.querySelector("input[data-table=table-2]");
const type = (text) => { input.value = text; input.dispatchEvent(new Event("input")); };
type("unit SLIP");
seen.filtered = Array.from(table.tBodies[0].rows).filter((r) => !r.hidden).every((r) => r.textContent.includes("unit slip"));
seen.output = input.closest("p").querySelector("output").textContent;
input.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
seen.cleared = column(0);
const link = table.tBodies[0].rows[0].querySelector("a");
link.focus();
seen.focused = document.activeElement === link;
link.click();
seen.hash = location.hash;
const clipped = Array.from(document.querySelectorAll("svg")).filter((s) => Array.from(s.querySelectorAll("text")).some((t) => {
  const a = t.getBoundingClientRect(), b = s.getBoundingClientRect();
  return a.left < b.left - 2 || a.right > b.right + 2 || a.top < b.top - 2 || a.bottom > b.bottom + 2;
}));
seen.clipped = clipped.map((s) => s.getAttribute("aria-label"));
seen.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
document.body.insertAdjacentHTML("beforeend", "<pre id=seen></pre>");
document.getElementById("seen").textContent = JSON.stringify(seen);
</script></body>`

// The page works in a browser: it sorts, filters, follows links by keyboard, cuts
// no text off and is not wider than the window.
func TestPageInBrowser(t *testing.T) {
	browser := tool(t, "chromium")
	if testing.Short() {
		t.Skip("starting a browser takes seconds; leave -short out to do it")
	}
	r := withClaims(monthlyWorld().run())
	made := pageOf(t, r, foreign())
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(strings.Replace(made, "</body>", clicks, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	dom, err := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1200,900", "--dump-dom", "file://"+path).Output()
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`<pre id="seen">(.*?)</pre>`).FindSubmatch(dom)
	if found == nil {
		t.Fatal("the browser did not get to the end")
	}
	var seen struct {
		First, Again, Cleared, Sort, Output, Hash string
		Rising, Falling                           []float64
		Filtered, Focused                         bool
		Clipped                                   []string
		Wide                                      float64
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &seen); err != nil {
		t.Fatal(err)
	}
	for i := range seen.Rising[1:] {
		if seen.Rising[i] > seen.Rising[i+1] || seen.Falling[i] < seen.Falling[i+1] {
			t.Fatalf("sorted by value: %v, then %v", seen.Rising, seen.Falling)
		}
	}
	if !strings.HasPrefix(seen.First, "1 2 3 ") || seen.Again != seen.First || seen.Cleared != seen.First || seen.Sort != "ascending none" {
		t.Errorf("ranks %q, after sorting %q, after filtering %q, marked %q", seen.First, seen.Again, seen.Cleared, seen.Sort)
	}
	if !seen.Filtered || !strings.HasSuffix(seen.Output, " of 22 shown") || strings.HasPrefix(seen.Output, "22") {
		t.Errorf("filtered %v: %s", seen.Filtered, seen.Output)
	}
	if !seen.Focused || seen.Hash != "#dossier-c00001" {
		t.Errorf("the first link has the focus: %v, and leads to %q", seen.Focused, seen.Hash)
	}
	if len(seen.Clipped) > 0 || seen.Wide > 0 {
		t.Errorf("text is cut off in %v; the page is %v wider than the window", seen.Clipped, seen.Wide)
	}
}
