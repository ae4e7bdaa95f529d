package table

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"

	"counterflow/data"
	"counterflow/reconcile"
	"counterflow/reconcile/balance"
)

// SDMXName is the reconciled flows as SDMX-CSV.
const SDMXName = "sdmx/reconciled.csv"

// sdmxHead are the columns of SDMX-CSV 2.0: what the rows are, the dimensions,
// the observation, and its attributes.
var sdmxHead = []string{
	"STRUCTURE", "STRUCTURE_ID", "ACTION",
	"FREQ", "COMMODITY", "EXPORTER", "IMPORTER", "MEASURE", "TIME_PERIOD",
	"OBS_VALUE", "OBS_LOW", "OBS_HIGH", "UNIT_MEASURE", "RULE", "EXPORTER_WEIGHT",
}

// WriteSDMX writes the reconciled flows as SDMX-CSV 2.0 (SDMX 3.0, section 5:
// field guide to the CSV format), one observation for each amount that is known.
// The dataflow is the project's own; no registry has it.
func WriteSDMX(ctx context.Context, f *Folder, r *reconcile.Result) error {
	file, err := f.Create(SDMXName)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<16)
	rows := csv.NewWriter(buffered)
	err = rows.Write(sdmxHead)
	for i := range r.Reconciled {
		if i%(1<<16) == 0 && err == nil {
			err = ctx.Err()
		}
		for _, row := range observations(&r.Reconciled[i]) {
			if err == nil {
				err = rows.Write(row)
			}
		}
		if err != nil {
			break
		}
	}
	rows.Flush()
	if err == nil {
		err = rows.Error()
	}
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		file.file.Close()
		return fmt.Errorf("%s: %w", SDMXName, err)
	}
	return file.Close()
}

// observations are the weight and the value of one corridor and period, as far as
// they are known.
func observations(x *balance.Reconciled) (rows [][]string) {
	frequency := "A"
	if x.Period.Monthly() {
		frequency = "M"
	}
	weight := string(appendNumber(nil, x.ExporterWeight))
	add := func(measure, unit, value, low, high string) {
		if value != "" {
			rows = append(rows, []string{"dataflow", "COUNTERFLOW:RECONCILED(1.0)", "I",
				frequency, x.Commodity.Code(), x.Exporter.String(), x.Importer.String(), measure, x.Period.String(),
				value, low, high, unit, x.Rule.String(), weight})
		}
	}
	add("WEIGHT", "KG", x.Kg.Text(), x.KgLow.Text(), x.KgHigh.Text())
	add("VALUE", "USD", data.USD(x.USD).Text(), data.USD(x.USDLow).Text(), data.USD(x.USDHigh).Text())
	return rows
}
