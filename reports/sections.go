package reports

import "counterflow/reports/chart"

// section is one part of the report: the charts that stand in it, which are also
// files of the run folder, and how it is set. A later part is a line in sections
// and a file of its own.
type section struct {
	name    string // as Options.Pages has it
	figures func(view) []chart.Chart
	set     func(*report)
}

// sections are the parts of the report, in their order.
func sections() []section {
	return []section{
		{"findings", nil, (*report).findings},
		{"scoreboard", nil, (*report).scoreboard},
		{"changes", nil, (*report).changes},
		{"cases", view.caseFigures, (*report).caseTable},
		{"lanes", view.laneFigures, (*report).lanesTogether},
		{"goods", view.goodsFigures, (*report).eachGoods},
		{"bridge", view.bridgeFigures, (*report).bridge},
		{"routes", view.routeFigures, (*report).routes},
		{"prices", view.priceFigures, (*report).priceSection},
		{"stocks", view.stockFigures, (*report).stocks},
		{"studies", view.studyFigures, (*report).studies},
		{"codes", nil, (*report).adjacent},
		{"models", view.modelFigures, (*report).models},
		{"quality", view.qualityFigures, (*report).quality},
		{"method", nil, (*report).method},
		{"dossiers", nil, (*report).dossiers},
		{"glossary", nil, (*report).glossary},
	}
}

// Sections lists the names that Options.Pages understands, in the order of the
// report.
func Sections() []string {
	var names []string
	for _, s := range sections() {
		names = append(names, s.name)
	}
	return names
}
