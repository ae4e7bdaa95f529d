package typeface

import (
	"testing"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"ascii stays", "France (FRA)", "France (FRA)"},
		{"accents stay", "Côte d’Ivoire, Türkiye, São Tomé", "Côte d’Ivoire, Türkiye, São Tomé"},
		{"decomposed accents are composed", "Co\u0302te", "Côte"},
		{"greek and cyrillic stay", "Ελλάδα, Россия", "Ελλάδα, Россия"},
		{"signs the pages use stay", "A → B − 3 × 2 ≤ 5 · … – “q”", "A → B − 3 × 2 ≤ 5 · … – “q”"},
		{"chinese is transliterated", "中国", "Zhong Guo"},
		{"chinese beside latin", "出口 licence 2023年", "Chu Kou licence 2023 Nian"},
		{"japanese kana", "トヨタ", "to yo ta"},
		{"hebrew is not set backwards", "א", "A"},
		{"no transliteration: the code", "\U0001F600", "[U+1F600]"},
		{"controls become blanks", "a\tb\x00c", "a b c"},
		{"line breaks stay", "a\nb", "a\nb"},
		{"empty", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Printable(test.text); got != test.want {
				t.Errorf("Printable(%q) = %q, want %q", test.text, got, test.want)
			}
		})
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("中国 → France")
	f.Add("\xff\u0301")
	f.Fuzz(func(t *testing.T, text string) {
		got := Printable(text)
		if !utf8.ValidString(got) && utf8.ValidString(text) {
			t.Fatalf("%q became invalid text %q", text, got)
		}
		for _, r := range got {
			if r != '\n' && r != utf8.RuneError && !has(r) {
				t.Fatalf("%q became %q, in which %q cannot be drawn", text, got, r)
			}
		}
		if again := Printable(got); again != got {
			t.Fatalf("%q is not stable: %q, then %q", text, got, again)
		}
	})
}
