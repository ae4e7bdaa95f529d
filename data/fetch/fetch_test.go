package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"counterflow/data"
	"counterflow/data/source"
)

const secret = "0123456789abcdef-secret"

// service speaks the documented format: for every period and commodity asked for
// one row. faults answer before it, one a call.
type service struct {
	*httptest.Server
	calls  []string
	faults []http.HandlerFunc
}

func newService(t *testing.T, faults ...http.HandlerFunc) *service {
	s := &service{faults: faults}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.calls = append(s.calls, r.URL.String())
		if len(s.faults) > 0 {
			fault := s.faults[0]
			s.faults = s.faults[1:]
			if fault != nil {
				fault(w, r)
				return
			}
		}
		if r.Header.Get("Ocp-Apim-Subscription-Key") != secret {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var rows []string
		for _, period := range strings.Split(r.URL.Query().Get("period"), ",") {
			for _, code := range strings.Split(r.URL.Query().Get("cmdCode"), ",") {
				rows = append(rows, row(period, r.URL.Query().Get("reporterCode"), code))
			}
		}
		answer(w, len(rows), rows)
	}))
	t.Cleanup(s.Close)
	return s
}

func row(period, reporter, code string) string {
	return fmt.Sprintf(`{"refPeriodId":%s01,"period":"%s","reporterCode":%s,"flowCode":"M","partnerCode":156,"cmdCode":"%s","classificationCode":"H6","netWgt":10,"primaryValue":100}`, period, period, reporter, code)
}

func answer(w http.ResponseWriter, count int, rows []string) {
	fmt.Fprintf(w, `{"elapsedTime":"0.1 secs","count":%d,"data":[%s],"error":""}`, count, strings.Join(rows, ","))
}

func status(code int, after string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(code)
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

// cut closes the connection in the middle of an answer.
func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, `{"count":1,"data":[`)
	w.(http.Flusher).Flush() // else the transport asks again by itself
	panic(http.ErrAbortHandler)
}

// client waits for nothing and notes how long it would have.
func client(s *service) (*Client, *[]time.Duration) {
	c := New(secret)
	c.Base = s.URL
	var waits []time.Duration
	c.Wait = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	return c, &waits
}

func months(n int) []data.Period {
	var list []data.Period
	first, _ := data.Month(2023, 1)
	for i := range n {
		list = append(list, first.Add(i))
	}
	return list
}

func query(n int) Query {
	return Query{Classification: "HS", Reporters: []string{"842"}, Periods: months(n), Commodities: []string{"284690"}}
}

func TestADownloadIsDividedAndGoesOn(t *testing.T) {
	s := newService(t)
	c, waits := client(s)
	dir := t.TempDir()
	r, err := c.Fetch(context.Background(), query(30), dir, nil)
	if err != nil || r.Made != 3 || r.Rows != 30 || len(r.Files) != 3 || len(*waits) != 2 || (*waits)[0] != c.Pause {
		t.Fatalf("%+v, %v, waits %v", r, err, *waits)
	}
	for _, call := range s.calls {
		for _, want := range []string{"/data/v1/get/C/M/HS?", "partner2Code=0", "motCode=0", "customsCode=C00", "reporterCode=842"} {
			if !strings.Contains(call, want) {
				t.Errorf("call %s lacks %s", call, want)
			}
		}
		if strings.Contains(call, secret) {
			t.Error("the key is in the address")
		}
	}
	// Again: nothing is asked for. Without one file: one call.
	if r, err = c.Fetch(context.Background(), query(30), dir, nil); err != nil || r.Made != 0 || r.Resumed != 3 || len(r.Files) != 3 {
		t.Errorf("again: %+v, %v", r, err)
	}
	os.Remove(r.Files[1])
	if r, err = c.Fetch(context.Background(), query(30), dir, nil); err != nil || r.Made != 1 || r.Resumed != 2 {
		t.Errorf("without one: %+v, %v", r, err)
	}
	kept := 0
	reading, err := source.Read(context.Background(), r.Files, source.Options{Digits: 6, Threads: 1}, func(_ int, b source.Batch) error { kept += len(b.Records); return nil })
	if err != nil || kept != 30 {
		t.Errorf("%d rows are read of %+v, %v", kept, reading, err)
	}
}

func TestPassingFaultsAreRetried(t *testing.T) {
	s := newService(t, status(429, "7"), status(500, ""), cut, text("<html>"), text(`{"count":3,"data":[]}`))
	c, waits := client(s)
	r, err := c.Fetch(context.Background(), query(1), t.TempDir(), nil)
	if err != nil || r.Made != 6 || r.Rows != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if w := *waits; w[0] != 7*time.Second || w[1] != 14*time.Second || w[4] != 112*time.Second {
		t.Errorf("waits %v do not double from what the server asks for", w)
	}
	s = newService(t, status(500, ""), status(500, ""), status(500, ""), status(500, ""), status(500, ""), status(500, ""))
	c, _ = client(s)
	dir := t.TempDir()
	if r, err = c.Fetch(context.Background(), query(1), dir, nil); err == nil || r.Made != 6 || !strings.Contains(err.Error(), "start the same download again") {
		t.Errorf("%+v, %v", r, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("a failed call leaves %v", left)
	}
}

func TestLastingFaultsAreNot(t *testing.T) {
	for name, test := range map[string]struct {
		fault http.HandlerFunc
		says  string
	}{
		"key":     {status(401, ""), "refuses the key"},
		"quota":   {status(403, ""), "tomorrow"},
		"codes":   {status(400, ""), "check the codes"},
		"words":   {text(`{"data":[],"error":"bad period"}`), "bad period"},
		"columns": {text(`{"count":1,"data":[{"period":"202301","value":1}]}`), "changed its columns"},
	} {
		s := newService(t, test.fault)
		c, _ := client(s)
		r, err := c.Fetch(context.Background(), query(1), t.TempDir(), nil)
		if err == nil || r.Made != 1 || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	s := newService(t)
	s.Close()
	c, _ := client(s)
	if _, err := c.Fetch(context.Background(), query(1), t.TempDir(), nil); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("no server: %v", err)
	}
}

// Four months of two codes are 8 rows; at 3 rows an answer, calls are halved
// until they have fewer: 8, 4 and 4, and each of those 2 and 2.
func TestFullAnswersAreSplit(t *testing.T) {
	s := newService(t)
	c, _ := client(s)
	c.Rows = 3
	q := query(4)
	q.Commodities = append(q.Commodities, "850511")
	dir := t.TempDir()
	r, err := c.Fetch(context.Background(), q, dir, nil)
	if err != nil || r.Made != 7 || len(r.Files) != 4 || r.Rows != 8 {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err = c.Fetch(context.Background(), q, dir, nil); err != nil || r.Made != 0 || len(r.Files) != 4 {
		t.Errorf("again: %+v, %v", r, err)
	}
	c.Rows = 1
	if _, err = c.Fetch(context.Background(), query(1), t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "higher limits") {
		t.Errorf("error %v", err)
	}
}

func TestEmptyAnswersAreRemembered(t *testing.T) {
	s := newService(t, text(`{"count":0,"data":[]}`))
	c, _ := client(s)
	dir := t.TempDir()
	for _, made := range []int{1, 0} {
		if r, err := c.Fetch(context.Background(), query(1), dir, nil); err != nil || r.Made != made || r.Empty != 1 || len(r.Files) != 0 {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func TestTheQuotaIsKept(t *testing.T) {
	s := newService(t)
	c, _ := client(s)
	c.Calls = 2
	dir := t.TempDir()
	r, err := c.Fetch(context.Background(), query(30), dir, nil)
	if err == nil || r.Made != 2 || len(s.calls) != 2 || !strings.Contains(err.Error(), "tomorrow") {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err = c.Fetch(context.Background(), query(30), dir, nil); err != nil || r.Made != 1 || r.Resumed != 2 {
		t.Errorf("the next day: %+v, %v", r, err)
	}
}

func TestKeysStayOutOfFiles(t *testing.T) {
	s := newService(t)
	c, _ := client(s)
	dir := t.TempDir()
	if _, err := c.Fetch(context.Background(), query(1), dir, nil); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, file := range files {
		if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text)+file, secret) {
			t.Errorf("%s holds the key, or %v", file, err)
		}
	}
}

// A server that repeats the key, or points elsewhere, gets it into no message and to
// no other host.
func TestKeysStayWithTheService(t *testing.T) {
	for _, answer := range []string{`{"error":"key ` + secret + ` is spent"}`, secret, `{"data":[{"` + secret + `":1}]}`, `{"` + secret} {
		c, _ := client(newService(t, text(answer), text(answer), text(answer), text(answer), text(answer), text(answer)))
		if _, err := c.Fetch(context.Background(), query(1), t.TempDir(), nil); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: error %v", answer, err)
		}
	}
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer other.Close()
	elsewhere := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusFound))
	defer elsewhere.Close()
	c, _ := client(newService(t))
	c.Base, c.Tries = elsewhere.URL, 1
	if _, err := c.Fetch(context.Background(), query(1), t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "points to") || asked {
		t.Errorf("asked %v, error %v", asked, err)
	}
}

func TestWithoutAKeyThePreviewIsAsked(t *testing.T) {
	s := newService(t, text(`{"count":0,"data":[]}`))
	c, _ := client(s)
	c.Key = ""
	if _, err := c.Fetch(context.Background(), query(1), t.TempDir(), nil); err != nil || !strings.HasPrefix(s.calls[0], "/public/v1/preview/C/M/HS?") {
		t.Errorf("%v, %v", s.calls, err)
	}
	if New("").Rows != 500 {
		t.Error("the preview gives 500 rows")
	}
}

func TestQueriesNameEveryMistake(t *testing.T) {
	year, _ := data.Year(2023)
	err := Query{Classification: "hs", Periods: append(months(1), year)}.Check()
	for _, want := range []string{"reporter", "commodity", "years and months", `"hs"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %s", err, want)
		}
	}
}
