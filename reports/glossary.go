package reports

import "counterflow/reports/page"

// terms are the words that the report uses in a sense of its own.
var terms = [][2]string{
	{"assessable", "both sides published the period, so that their declarations can be compared"},
	{"case", "a statistical discrepancy that the tested explanations do not account for, on one lane over one window of time"},
	{"CIF", "cost, insurance and freight: the value of goods at the importer's border"},
	{"corridor", "an exporter and an importer, whatever the goods"},
	{"entrepot", "an economy through which goods of others pass"},
	{"excess", "what one side records beyond what the other side and the lane's habits let expect"},
	{"FOB", "free on board: the value of goods at the exporter's border"},
	{"HS", "the Harmonised System of commodity codes of the World Customs Organization; codes of six digits are common to all economies"},
	{"interval", "a range that holds the true amount in 90 of 100 cases, if what the lane lets expect is right"},
	{"lane", "one commodity from one exporter to one importer"},
	{"mirror data", "the partner's declarations of the same trade"},
	{"pair", "what both sides declare of one lane in one period"},
	{"q", "the smallest false discovery rate at which a case stands: of all cases with a q as small or smaller, about this share would be chance"},
	{"silent", "a reporter that published nothing for a period; its trade then is unknown, not nothing"},
	{"X and M", "the exporter's and the importer's declaration"},
}

// glossary explains words, names sources, and says under which terms the data
// came.
func (r *report) glossary() {
	r.Section("Glossary and sources")
	t := page.Table{Title: "Words", Columns: []page.Column{{Head: "Word", Width: 0.2}, {Head: "Meaning in this report", Width: 0.8}}}
	for _, term := range terms {
		t.Rows = append(t.Rows, []page.Cell{{Text: term[0], Bold: true}, {Text: term[1]}})
	}
	r.Table(t)
	r.Heading("Sources")
	r.Text(page.Plain("The declarations are those of the files listed under data quality, as their publishers gave them out; each publisher's terms of use hold for them. " +
		"The tables behind this report stand in the run folder under tables, described column by column in datapackage.json. run.json names every file that went in and came out with its SHA-256, and the settings, so that the run can be made again."))
	if r.options.Tables != "" {
		r.Text(page.Plain("This report was made from the tables with the hash " + r.options.Tables + ". It is the SHA-256 of what sha256sum tables/*.csv prints in the run folder, and stands in run.json as tables_sha256."))
	}
	r.Heading("Maps")
	r.Text(page.Plain("Coasts: Natural Earth, 1:110m, version 4.1.0, public domain. No boundary between economies is drawn, and the names of economies are those of the files' codes; neither expresses an opinion on any of them."))
	r.Heading("Methods")
	for _, source := range []string{
		"Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical Society B 57, 289–300.",
		"Gaulier, G. and Zignago, S. (2010). BACI: International Trade Database at the Product-Level. CEPII Working Paper 2010-23.",
		"Mitikj and Kaushik (2024). World Bank Policy Research Working Paper 10792.",
		"Stone, R., Champernowne, D. G. and Meade, J. E. (1942). The precision of national income estimates. Review of Economic Studies 9, 111–125.",
	} {
		r.Item("•", page.Plain(source))
	}
}
