package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Client talks to one server.
type Client struct {
	Base  string // https://comtradeapi.un.org
	Key   string // "" for the preview, which gives few rows
	HTTP  *http.Client
	Rows  int           // most rows of an answer: 100,000 with a free key, 500 for the preview
	Tries int           // of one call
	Pause time.Duration // between calls, and the first pause before a retry, which doubles
	Calls int           // most calls of one download, the daily quota; 0 for no limit
	// Wait sleeps; a test replaces it.
	Wait func(context.Context, time.Duration) error
}

// Base is the address of the service.
const Base = "https://comtradeapi.un.org"

// New gives a client with the limits of a free key, or of the preview.
func New(key string) *Client {
	c := &Client{Base: Base, Key: key, HTTP: &http.Client{Timeout: 5 * time.Minute, CheckRedirect: sameHost}, Rows: 100_000, Tries: 6, Pause: 1100 * time.Millisecond, Calls: 500, Wait: wait}
	if key == "" {
		c.Rows = 500
	}
	return c
}

// sameHost keeps the key with the service: the library would hand a header of our
// own on to whatever host an answer points to.
func sameHost(next *http.Request, before []*http.Request) error {
	if first := before[0].URL; next.URL.Host != first.Host || next.URL.Scheme != first.Scheme {
		return fmt.Errorf("the server points to %s, which is not asked", next.URL.Host)
	}
	if len(before) >= 10 {
		return errors.New("the server points on and on")
	}
	return nil
}

// hide takes the key out of an error, which may quote what the server says.
func (c *Client) hide(err error) error {
	if err == nil || c.Key == "" || !strings.Contains(err.Error(), c.Key) {
		return err
	}
	hidden := errors.New(strings.ReplaceAll(err.Error(), c.Key, "(key)"))
	var passing *retryable
	if errors.As(err, &passing) {
		return &retryable{hidden, passing.after}
	}
	return hidden
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Report is what a download did.
type Report struct {
	Files   []string // with rows, in the order of the calls
	Empty   int      // answers without rows
	Rows    int      // fetched now
	Made    int      // calls, retries included
	Resumed int      // calls whose answer was there already
}

// Fetch makes all calls of a query and writes their answers into dir. On an
// error the report says how far it came; the same download goes on from there.
func (c *Client) Fetch(ctx context.Context, q Query, dir string, progress func(done, total int64)) (*Report, error) {
	r := &Report{}
	if err := q.Check(); err != nil {
		return r, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return r, err
	}
	calls := q.Calls()
	for done := 0; len(calls) > 0; done++ {
		if progress != nil {
			progress(int64(done), int64(done+len(calls)))
		}
		call := calls[0]
		calls = calls[1:]
		split, err := c.one(ctx, call, dir, r)
		if err != nil {
			return r, fmt.Errorf("reporter %s, %s to %s: %w", call.Reporter, call.Periods[0], call.Periods[len(call.Periods)-1], err)
		}
		calls = append(split, calls...)
	}
	return r, nil
}

// one makes a call unless its answer is there. It gives the halves of a call that
// reached the largest number of rows.
func (c *Client) one(ctx context.Context, call Call, dir string, r *Report) ([]Call, error) {
	path := filepath.Join(dir, call.Name())
	for _, ending := range []string{"", ".empty", ".split"} {
		if _, err := os.Stat(path + ending); err != nil {
			continue
		}
		r.Resumed++
		switch ending {
		case "":
			r.Files = append(r.Files, path)
		case ".empty":
			r.Empty++
		default:
			first, second, _ := call.halves()
			return []Call{first, second}, nil
		}
		return nil, nil
	}
	answer, rows, err := c.answer(ctx, call, r)
	if err != nil {
		return nil, err
	}
	if rows >= c.Rows {
		first, second, ok := call.halves()
		if !ok {
			return nil, fmt.Errorf("one period of one commodity has %d rows, the most that an answer holds; a key with higher limits is needed", rows)
		}
		return []Call{first, second}, save(path+".split", nil)
	}
	if rows == 0 {
		r.Empty++
		return nil, save(path+".empty", nil)
	}
	r.Rows += rows
	r.Files = append(r.Files, path)
	return nil, save(path, answer)
}

// retryable is a failure that may pass.
type retryable struct {
	err   error
	after time.Duration // asked for by the server, 0 where it is not
}

func (r *retryable) Error() string { return r.err.Error() }

// answer asks until there is a whole answer, the failure is no passing one, or
// the tries are used up.
func (c *Client) answer(ctx context.Context, call Call, r *Report) ([]byte, int, error) {
	pause := c.Pause
	var last error
	for range c.Tries {
		if c.Calls > 0 && r.Made >= c.Calls {
			return nil, 0, fmt.Errorf("%d calls are made, the quota of a day; start the same download again tomorrow", r.Made)
		}
		if r.Made > 0 {
			if err := c.Wait(ctx, pause); err != nil {
				return nil, 0, err
			}
		}
		r.Made++
		text, err := c.ask(ctx, call)
		rows := 0
		if err == nil {
			rows, err = examine(text)
		}
		err = c.hide(err)
		if err == nil {
			return text, rows, nil
		}
		var passing *retryable
		if ctx.Err() != nil || !errors.As(err, &passing) {
			return nil, 0, err
		}
		last = err
		pause = max(2*pause, passing.after)
	}
	return nil, 0, fmt.Errorf("%w; given up after %d tries, start the same download again later", last, c.Tries)
}

func (c *Client) ask(ctx context.Context, call Call) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base+call.path(c.Key != ""), nil)
	if err != nil {
		return nil, err
	}
	if c.Key != "" {
		request.Header.Set("Ocp-Apim-Subscription-Key", c.Key)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, &retryable{err: fmt.Errorf("no answer: %w", err)}
	}
	defer response.Body.Close()
	switch code := response.StatusCode; {
	case code == http.StatusOK:
	case code == http.StatusUnauthorized:
		return nil, errors.New("the server refuses the key (401); check it")
	case code == http.StatusForbidden:
		return nil, errors.New("the server refuses the call (403): the day's quota may be used up, or the key does not allow it; start the same download again tomorrow")
	case code == http.StatusTooManyRequests || code >= 500:
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return nil, &retryable{fmt.Errorf("the server answers %d", code), time.Duration(min(max(seconds, 0), 3600)) * time.Second}
	default:
		return nil, fmt.Errorf("the server answers %d to the call; check the codes", code)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil { // cut, or shorter than announced
		return nil, &retryable{err: fmt.Errorf("the answer was cut: %w", err)}
	}
	return text, nil
}

// needed are the fields without which a record says nothing.
var needed = []string{"period", "reporterCode", "flowCode", "partnerCode", "cmdCode", "primaryValue"}

// examine counts the rows of an answer that is whole.
func examine(text []byte) (rows int, err error) {
	var answer struct {
		Count *int                         `json:"count"`
		Data  []map[string]json.RawMessage `json:"data"`
		Error json.RawMessage              `json:"error"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return 0, &retryable{err: fmt.Errorf("the answer is no JSON as documented (%w)", err)}
	}
	var words string
	if json.Unmarshal(answer.Error, &words) == nil && words != "" {
		return 0, fmt.Errorf("the server says: %.200q", words)
	}
	if answer.Data == nil {
		return 0, &retryable{err: errors.New("the answer has no field data")}
	}
	if answer.Count != nil && *answer.Count != len(answer.Data) {
		return 0, &retryable{err: fmt.Errorf("the answer announces %d rows and has %d", *answer.Count, len(answer.Data))}
	}
	for i, record := range answer.Data {
		for _, field := range needed {
			if _, there := record[field]; !there {
				return 0, fmt.Errorf("row %d of the answer has no field %q: the service has changed its columns, and this version does not know them", i+1, field)
			}
		}
	}
	return len(answer.Data), nil
}

// save makes a file appear whole or not at all.
func save(path string, text []byte) error {
	draft, err := os.CreateTemp(filepath.Dir(path), ".fetch-")
	if err != nil {
		return err
	}
	_, err = draft.Write(text)
	if err = errors.Join(err, draft.Chmod(0o644), draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), path)
	}
	if err != nil {
		os.Remove(draft.Name())
	}
	return err
}
