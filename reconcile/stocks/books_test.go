package stocks

import (
	"strings"
	"testing"

	"counterflow/data"
)

func balance(t testing.TB, economyCode, code, when string, item data.Item, kg float64, basis string) data.Balance {
	return data.Balance{Economy: economy(economyCode), Commodity: goods(code), Period: period(t, when), Item: item, Kg: data.Kilograms(kg), Basis: basis}
}

func TestCircularFiguresAreRefused(t *testing.T) {
	c := calendar{period(t, "2023-01"), 12}
	books, refused := booksOf([]data.Balance{
		balance(t, "MMR", "284690", "2023-01", data.Production, 10, "estimated from partner imports"),
		balance(t, "MMR", "284690", "2023-02", data.Production, 10, "estimated from partner imports"),
		balance(t, "USA", "284690", "2023-02", data.Consumption, 10, "Defined as production + imports – exports."),
		balance(t, "USA", "284690", "2023-02", data.StockAtEnd, 10, "imports held in bond"), // a stock is no flow
		balance(t, "JPN", "284690", "2023-02", data.Production, 10, "survey"),
	}, c)
	if len(refused) != 2 || refused[0].Economy != economy("MMR") || refused[0].Figures != 2 || refused[0].From != period(t, "2023-01") || refused[0].To != period(t, "2023-02") {
		t.Fatalf("refused %+v", refused)
	}
	if text := refused[0].String(); !strings.Contains(text, "circular") || !strings.Contains(text, "partner imports") {
		t.Errorf("said as %q", text)
	}
	for _, b := range books {
		if b.economy == economy("MMR") || b.economy == economy("USA") && b.use != nil {
			t.Errorf("a refused figure was kept: %+v", b)
		}
	}
	if len(books) != 2 {
		t.Errorf("%d books, want those of the United States (its stock) and Japan", len(books))
	}
}

// A year of 120 with a month of 20 of its own leaves 100 for the other eleven; a
// year that the calendar holds half of gives half.
func TestYearsAreSpreadOverMonths(t *testing.T) {
	c := calendar{period(t, "2023-01"), 18}
	books, _ := booksOf([]data.Balance{
		balance(t, "JPN", "284690", "2023", data.Consumption, 120, ""),
		balance(t, "JPN", "284690", "2023-03", data.Consumption, 20, ""),
		balance(t, "JPN", "284690", "2024", data.Consumption, 240, ""),
		balance(t, "JPN", "284690", "2023", data.StockAtEnd, 7, ""),
		{Economy: economy("JPN"), Commodity: goods("284690"), Period: period(t, "2023-05"), Item: data.Production, Kg: 5000, Bound: data.AtLeast},
	}, c)
	use := books[0].use
	sum := 0.0
	for t := range 12 {
		sum += use[t]
	}
	if use[2] != 20 || sum < 120-1e-9 || sum > 120+1e-9 || use[0] != use[11] {
		t.Errorf("2023: %v", use[:12])
	}
	if use[12] != 20 || use[17] != 20 {
		t.Errorf("2024: %v", use[12:])
	}
	if !books[0].usesSpread || books[0].held[11] != 7 {
		t.Errorf("%+v", books[0])
	}
	if len(known(books[0].production)) != 0 {
		t.Error("a lower bound was taken for a figure")
	}
}

func TestCalendarOfBalances(t *testing.T) {
	years := calendarOf([]data.Balance{{Period: period(t, "2021")}, {Period: period(t, "2025")}, {Period: period(t, "2022-03")}})
	if years.start != period(t, "2021") || years.n != 5 || years.perYear() != 1 {
		t.Errorf("%+v", years)
	}
	if none := calendarOf(nil); none.n != 0 {
		t.Errorf("%+v", none)
	}
}
