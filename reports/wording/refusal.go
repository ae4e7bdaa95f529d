package wording

import "counterflow/data/source"

var refusals = map[source.Reason]string{
	source.NotARow:          "the number of fields is wrong, a quote is open, or the line is too long",
	source.BadPeriod:        "neither a year nor a month",
	source.BadCommodity:     "not a code of goods",
	source.UnknownEconomy:   "a reporter or partner that no list knows",
	source.GroupPartner:     "the partner is a group whose members are listed",
	source.GroupReporter:    "the reporter is a group whose members are listed",
	source.UnknownFlow:      "neither exports nor imports",
	source.PartFlow:         "a part of exports or imports that the total holds",
	source.NotGoods:         "services, or another classification",
	source.BadAmount:        "value or weight is no number",
	source.NegativeAmount:   "an amount below zero",
	source.AbsurdAmount:     "more than world trade in one row",
	source.NoAmount:         "neither value nor weight",
	source.SelfTrade:        "reporter and partner are one economy",
	source.UnstatedReporter: "no reporter is named",
	source.AggregateLevel:   "a heading or chapter whose parts are listed",
	source.Breakdown:        "a part whose total is listed; the total is taken",
	source.RepeatedRow:      "the same record once more",
	source.RepeatedKey:      "another record for the same key; the largest was taken",
	source.OutOfScope:       "left out by the settings",
	source.MixedFrequency:   "a year whose months are listed",
}

// Refusal says what a reason for refusing a row means, "" where there are no
// words for it.
func Refusal(reason source.Reason) string { return refusals[reason] }
