package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFetchComtrade(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Ocp-Apim-Subscription-Key") != "a-secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"count":1,"data":[{"refPeriodId":20240101,"period":"2024","reporterCode":842,"flowCode":"M","partnerCode":156,"cmdCode":"284690","netWgt":10,"primaryValue":100}],"error":""}`)
	}))
	defer server.Close()
	dir := t.TempDir()
	args := []string{"fetch", "comtrade", "--server", server.URL, "--reporter", "842", "--commodity", "284690", "--from", "2024", "--to", "2024", "--out", filepath.Join(dir, "flows")}

	t.Setenv(keyVariable, "wrong")
	if code, out, errOut := call(t, args...); code != exitFailed || !strings.Contains(errOut, "refuses the key") || strings.Contains(out+errOut, "wrong\n") {
		t.Errorf("exit %d: %s", code, errOut)
	}
	key := filepath.Join(dir, "key")
	if err := os.WriteFile(key, []byte("a-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := call(t, append(args, "--key-file", key)...)
	if code != exitDone || strings.Contains(out+errOut, "a-secret") || !strings.Contains(errOut, "1 calls made") {
		t.Fatalf("exit %d: %s", code, errOut)
	}
	if code, out, errOut := call(t, "doctor", strings.TrimSpace(out)); code != exitDone || !strings.Contains(out, "1 read, 1 kept") {
		t.Errorf("exit %d: %s %s", code, out, errOut)
	}
	for _, wrong := range [][]string{{"fetch"}, {"fetch", "comtrade"}, {"fetch", "comtrade", "--from", "2024", "--to", "2023-01"}, append(args, "--flow", "x")} {
		if code, _, errOut := call(t, wrong...); code != exitUsage || errOut == "" {
			t.Errorf("%v exits with %d: %s", wrong, code, errOut)
		}
	}
	if code, out, _ := call(t, append(args, "--dry-run")...); code != exitDone || out != "1 calls\n" {
		t.Errorf("dry run: exit %d, %q", code, out)
	}
}

// The key of the environment is in no file that any command writes, and in no
// message, whatever goes wrong.
func TestKeysShowNowhere(t *testing.T) {
	const key = "0f1e2d3c-a-secret"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("reporterCode") == "156" {
			fmt.Fprintf(w, `{"error":"%s is spent"}`, r.Header.Get("Ocp-Apim-Subscription-Key"))
			return
		}
		fmt.Fprint(w, `{"count":1,"data":[{"refPeriodId":20240101,"period":"2024","reporterCode":842,"flowCode":"M","partnerCode":156,"cmdCode":"284690","netWgt":10,"primaryValue":100}],"error":""}`)
	}))
	defer server.Close()
	t.Setenv(keyVariable, key)
	dir := t.TempDir()
	fetch := func(reporter string) []string {
		return []string{"fetch", "comtrade", "--server", server.URL, "--reporter", reporter, "--commodity", "284690", "--from", "2024", "--to", "2024", "--out", filepath.Join(dir, "flows")}
	}
	_, fetched, _ := call(t, fetch("842")...)
	flows := strings.TrimSpace(fetched)
	for _, args := range [][]string{
		fetch("156"), {"run", "--flows", flows, "--out", filepath.Join(dir, "run")}, {"ingest", "--vault", filepath.Join(dir, "vault"), flows},
		{"doctor", "--json", flows}, {"run", "--flows", "nowhere", "--out", filepath.Join(dir, "none")}, append(fetch("842"), "--key-file", filepath.Join(dir, "nowhere")),
	} {
		if _, out, errOut := call(t, args...); strings.Contains(out+errOut, key) {
			t.Errorf("%v shows the key: %s%s", args, out, errOut)
		}
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), key) {
			t.Errorf("%s holds the key", path)
		}
		return err
	})
	if err != nil || files < 20 {
		t.Errorf("%d files, %v", files, err)
	}
}
