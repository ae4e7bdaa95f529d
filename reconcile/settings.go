package reconcile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"counterflow/data"
	"counterflow/data/source"
	"counterflow/reconcile/balance"
)

// Settings is everything that decides what a run computes. Defaults are in one
// place, and the finished run writes the settings back, so that it can be run
// again.
type Settings struct {
	Flows   []string `yaml:"flows" json:"flows"`     // files of declared flows
	Columns []string `yaml:"columns" json:"columns"` // ROLE=COLUMN, for files whose columns have names of their own
	Events  string   `yaml:"events" json:"events"`   // events.csv, "" for none
	Rates   string   `yaml:"rates" json:"rates"`     // file of exchange rates, "" for none

	Concordance      string `yaml:"concordance" json:"concordance"`             // file of links between editions, "" for none
	Edition          string `yaml:"edition" json:"edition"`                     // of the Harmonised System to bring codes to, H0 to H7; "" for none
	LearnConcordance bool   `yaml:"learn_concordance" json:"learn_concordance"` // learn its shares from economies that changed edition

	Factors      string `yaml:"factors" json:"factors"`             // file of kilograms for a unit of quantity, "" for none
	LearnFactors bool   `yaml:"learn_factors" json:"learn_factors"` // learn more of them from mirror pairs

	Patches    string `yaml:"patches" json:"patches"`       // file of corrections of what single economies report, "" for none
	Exclusions string `yaml:"exclusions" json:"exclusions"` // file of what is left out, "" for none
	Producers  string `yaml:"producers" json:"producers"`   // file of who makes what, "" for none

	Balances     string `yaml:"balances" json:"balances"`         // balances.csv, "" for none
	Consignments string `yaml:"consignments" json:"consignments"` // consignments.csv, "" for none
	Thresholds   string `yaml:"thresholds" json:"thresholds"`     // thresholds.csv, with consignments
	Pseudonymise bool   `yaml:"pseudonymise" json:"pseudonymise"` // hash shippers and consignees as they are read
	Memory       int64  `yaml:"memory" json:"memory"`             // bytes for reading and sorting, 0 for no limit
	Threads      int    `yaml:"threads" json:"threads"`           // 0 for one a processor; never changes a result

	Rule         string  `yaml:"rule" json:"rule"`                           // how reports are reconciled, see balance.Rules
	Digits       int     `yaml:"digits" json:"digits"`                       // commodity digits that are compared
	MinimumUSD   float64 `yaml:"minimum_usd" json:"minimum_usd"`             // smallest excess of a case
	FalseShare   float64 `yaml:"false_share" json:"false_share"`             // q at which a case counts as found
	ListQ        float64 `yaml:"list_q" json:"list_q"`                       // largest q that the table of cases lists
	HistoryMonth int     `yaml:"history_periods" json:"history_periods"`     // periods from which a lane has a history of its own
	ImputedExact float64 `yaml:"imputed_tolerance" json:"imputed_tolerance"` // relative distance from 1, 1.06, 1/1.06
	Seed         uint64  `yaml:"seed" json:"seed"`
}

// Defaults are conventions, not standards; the report says so.
func Defaults() Settings {
	return Settings{
		Rule:         balance.Ours,
		Digits:       6,
		MinimumUSD:   10_000,
		FalseShare:   0.05,
		ListQ:        0.20,
		HistoryMonth: 24,
		ImputedExact: 1e-4,
		Seed:         1,
	}
}

// Check reports every mistake in the settings at once.
func (s Settings) Check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if len(s.Flows) == 0 {
		say("flows: no file given; name at least one with --flows")
	}
	if _, err := source.ParseMapping(s.Columns); err != nil {
		wrong = append(wrong, err)
	}
	if s.Memory < 0 || s.Memory > 0 && s.Memory < 64<<20 {
		say("memory: %d bytes is too little; give at least 64MB, or 0 for no limit", s.Memory)
	}
	if s.Threads < 0 {
		say("threads: %d is negative; give 0 for one a processor", s.Threads)
	}
	if s.Digits != 0 && (s.Digits < 2 || s.Digits > 10) {
		say("digits: %d is outside 2 to 10; six digits is what economies have in common", s.Digits)
	}
	if (s.Concordance == "") != (s.Edition == "") {
		say("concordance and edition go together: give a file of links with --concordance and the edition to bring codes to with --edition, such as H5")
	}
	if s.LearnConcordance && s.Concordance == "" {
		say("learn_concordance: needs a file of links; name one with --concordance")
	}
	if e := data.ParseEdition(s.Edition); s.Edition != "" && (e < data.HS1992 || e > data.HS2028 || s.Digits != 6) {
		say("edition: %q at %d digits; choose H0 to H7 and compare six digits, between which concordances hold", s.Edition, s.Digits)
	}
	if (s.Consignments == "") != (s.Thresholds == "") {
		say("consignments, thresholds: give both files or neither")
	}
	if !slices.Contains(balance.Rules, s.Rule) {
		say("rule: %q is none; choose one of %s", s.Rule, strings.Join(balance.Rules, ", "))
	}
	if !(s.FalseShare > 0 && s.FalseShare < 1) {
		say("false_share: %g is outside 0 to 1", s.FalseShare)
	}
	if !(s.ListQ > 0 && s.ListQ <= 1) {
		say("list_q: %g is outside 0 to 1", s.ListQ)
	}
	if s.HistoryMonth < 4 {
		say("history_periods: %d is too few to tell a habit; give at least 4", s.HistoryMonth)
	}
	if !(s.MinimumUSD >= 0) {
		say("minimum_usd: %g is negative", s.MinimumUSD)
	}
	if !(s.ImputedExact >= 0 && s.ImputedExact < 0.01) {
		say("imputed_tolerance: %g is outside 0 to 0.01", s.ImputedExact)
	}
	return errors.Join(wrong...)
}
