package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"counterflow/reconcile"
	"counterflow/reports/table"
)

// inputs describes the files that a run takes.
var inputs = []struct{ name, columns, note string }{
	{"flows", "period,reporter,partner,via,flow,commodity,classification,mode,value_usd,valuation,net_kg,qty,qty_unit,weight_estimated,source",
		"One declaration a row. Period 2024 or 2024-07; economies as ISO 3166-1 alpha-3 or UN codes; flow X, M, RX or RM; commodity as text. UN Comtrade files are read as they are, and so is any CSV whose columns have usual names."},
	{"events", "event_id,date_announced,date_effective,date_end,actor,target,commodities,instrument,source",
		"One dated measure a row; commodities joined by |."},
	{"patches", "who,what,why,source,from,to",
		"One correction of what one economy reports a row. Who an economy; what imports_fob, weights_estimated, weights_missing, weights_times F or values_times F, followed by exports or imports and the code that goods begin with where only they are meant; why and source in words; from and to the first and the last period, empty where open. A year of which only some months lie between them is not multiplied, and not taken to be imports_fob.\n\n  MNG,weights_times 1000 exports 2603,stated in tonnes,note to the release of June 2024,2023-01,2023-12"},
	{"exclusions", "who,what,why,source,from,to",
		"One piece of trade that is left out a row, as both sides declare it. What exports, imports or trade of the economy, followed by the code that goods begin with where only they are meant.\n\n  ISL,exports 7601,confidential since 2022,letter of the office,2022,"},
	{"producers", "who,what,why,source,from,to",
		"One economy and what it makes a row. What a code, or the name of a mineral. Where any producer of a good is known, an economy that is none passes on what others made.\n\n  VNM,rare earths,mine,USGS Mineral Commodity Summaries 2025,2015,"},
	{"balances", "country,commodity,period,item,kg,basis",
		"One figure of a national balance a row. Item production, consumption, stock or stock_change; commodity a code, or a mineral whose figures are contained mass; the basis says how the figure came about. The USGS Mineral Commodity Summaries are read as they are."},
	{"consignments", "date,exporter,importer,commodity,shipper,consignee,net_kg,value_usd",
		"One parcel a row. Shipper and consignee are opaque identifiers: equal ones mean one party."},
	{"thresholds", "commodity,threshold_kg",
		"The mass from which a consignment needs a licence, one commodity a row."},
	{"rates", "Date,USD,JPY,...",
		"Exchange rates of the euro as the European Central Bank publishes them. A column a currency, or a row an observation (CURRENCY,TIME_PERIOD,OBS_VALUE); days are averaged over their month."},
	{"factors", "commodity,unit,kg_per_unit",
		"How many kilograms one unit of a commodity weighs, one commodity and unit a row, for rows that state a quantity and no weight. An empty commodity is any. Units are those of the files (u, m3, p/st), or codes of UN Comtrade."},
	{"concordance", "from_edition,from,to_edition,to,weight",
		"One link between six-digit codes of two editions of the Harmonised System a row. Also code.after,code.before,adjustment."},
}

func newSchema(c *console) *cobra.Command {
	return &cobra.Command{
		Use:     "schema [NAME]",
		Short:   "Describe the files that a run takes and the tables it writes",
		Long:    "Without a name, lists all files and tables; with one, its columns with unit and\nmeaning. settings lists what counterflow.yaml can set.\n\n" + exitHelp,
		Example: "  counterflow schema\n  counterflow schema cases\n  counterflow schema flows",
		RunE: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return listSchemas(c.out)
			case 1:
				return describe(c.out, args[0])
			}
			return usagef("schema takes one name at most")
		},
	}
}

func listSchemas(to io.Writer) error {
	fmt.Fprintln(to, "files in:")
	for _, in := range inputs {
		fmt.Fprintf(to, "  %-12s %s\n", in.name, strings.SplitAfter(in.note, ". ")[0])
	}
	fmt.Fprintln(to, "  settings     what counterflow.yaml can set")
	fmt.Fprintln(to, "tables out:")
	for _, t := range table.Tables() {
		fmt.Fprintf(to, "  %-12s %s\n", t.Name, t.Title)
	}
	return nil
}

func describe(to io.Writer, name string) error {
	for _, in := range inputs {
		if in.name == name {
			_, err := fmt.Fprintf(to, "%s\n\n%s\n", in.columns, in.note)
			return err
		}
	}
	if name == "settings" {
		return describeSettings(to)
	}
	for _, t := range table.Tables() {
		if t.Name == name {
			return describeTable(to, t)
		}
	}
	return usagef("no file or table named %q; counterflow schema lists them", name)
}

func describeTable(to io.Writer, t table.Table) error {
	fmt.Fprintf(to, "%s: %s\nkey: %s\n\n", t.Name, t.Title, strings.Join(t.Key, ", "))
	for _, col := range t.Columns {
		about := col.Description
		if col.Unit != "" {
			about += " (" + col.Unit + ")"
		}
		if col.Missing != "" {
			about += "; " + col.Missing
		}
		fmt.Fprintf(to, "  %-22s %-10s %s\n", col.Name, col.Type, about)
	}
	return nil
}

// describeSettings shows each flag of a run beside its name in the file.
func describeSettings(to io.Writer) error {
	s := reconcile.Defaults()
	flags := pflag.NewFlagSet("settings", pflag.ContinueOnError)
	bindSettings(flags, &s)
	flags.SortFlags = false
	_, err := fmt.Fprint(to, "In counterflow.yaml write the name with _ for -, such as list_q: 0.1.\n\n"+flags.FlagUsages())
	return err
}
