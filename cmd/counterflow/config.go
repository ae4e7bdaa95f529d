package main

import (
	"strings"

	"github.com/spf13/pflag"

	"counterflow/reconcile"
	"counterflow/reconcile/balance"
)

// configFile is read from the working folder when --config names no other.
const configFile = "counterflow.yaml"

// bindSettings gives every setting a flag that shows its default.
func bindSettings(flags *pflag.FlagSet, s *reconcile.Settings) {
	flags.StringArrayVar(&s.Flows, "flows", s.Flows, "`FILE` of declared flows, .csv, .gz or .zip; may be repeated")
	flags.StringArrayVar(&s.Columns, "columns", s.Columns, "`ROLE=COLUMN` for files whose columns have names of their own, such as reporter=Meldeland, reporter==CHN, value_usd=Wert*1000; may be repeated")
	flags.StringVar(&s.Events, "events", s.Events, "`FILE` of dated measures (events.csv)")
	flags.StringVar(&s.Rates, "rates", s.Rates, "`FILE` of exchange rates by day or month (European Central Bank), for values that are not in US dollars")
	flags.StringVar(&s.Patches, "patches", s.Patches, "`FILE` of corrections of what single economies report (who,what,why,source,from,to)")
	flags.StringVar(&s.Exclusions, "exclusions", s.Exclusions, "`FILE` of trade that is left out (who,what,why,source,from,to)")
	flags.StringVar(&s.Producers, "producers", s.Producers, "`FILE` of who makes what (who,what,why,source,from,to)")
	flags.StringVar(&s.Balances, "balances", s.Balances, "`FILE` of production, use and stocks (balances.csv)")
	flags.StringVar(&s.Consignments, "consignments", s.Consignments, "`FILE` of single consignments (consignments.csv), with --thresholds")
	flags.StringVar(&s.Thresholds, "thresholds", s.Thresholds, "`FILE` of licence thresholds by commodity (thresholds.csv)")
	flags.BoolVar(&s.Pseudonymise, "pseudonymise", s.Pseudonymise, "hash shippers and consignees as they are read")
	flags.StringVar(&s.Concordance, "concordance", s.Concordance, "`FILE` of links between editions of the Harmonised System, with --edition")
	flags.StringVar(&s.Edition, "edition", s.Edition, "edition that codes of six digits are brought to, such as H5")
	flags.BoolVar(&s.LearnConcordance, "learn-concordance", s.LearnConcordance, "learn how codes divide from economies that changed edition, where the files have them; reads the files twice")
	flags.StringVar(&s.Factors, "factors", s.Factors, "`FILE` of kilograms for one unit of quantity (commodity,unit,kg_per_unit), for rows without a weight")
	flags.BoolVar(&s.LearnFactors, "learn-factors", s.LearnFactors, "learn kilograms for a unit from what partners declare in weight; reads the files three times")
	flags.Var((*byteSize)(&s.Memory), "memory", "memory for reading and sorting, such as 512MB; 0 for no limit")
	flags.IntVar(&s.Threads, "threads", s.Threads, "`NUMBER` of threads, 0 for one a processor; never changes a result")
	flags.StringVar(&s.Rule, "rule", s.Rule, "how two reports are reconciled: "+strings.Join(balance.Rules, ", "))
	flags.IntVar(&s.Digits, "digits", s.Digits, "digits of the commodity code that are compared")
	flags.Float64Var(&s.MinimumUSD, "minimum-usd", s.MinimumUSD, "smallest excess, in US dollars, that makes a case")
	flags.Float64Var(&s.FalseShare, "false-share", s.FalseShare, "q at which a case counts as found")
	flags.Float64Var(&s.ListQ, "list-q", s.ListQ, "largest q that the table of cases lists")
	flags.IntVar(&s.HistoryMonth, "history-periods", s.HistoryMonth, "periods from which a lane is judged by its own history")
	flags.Float64Var(&s.ImputedExact, "imputed-tolerance", s.ImputedExact, "relative distance from an exact ratio that marks an imputed mirror")
	flags.Uint64Var(&s.Seed, "seed", s.Seed, "seed of everything drawn at random")
	collectMistakes(flags)
}
