package simulate

import (
	"strconv"

	"counterflow/data"
)

// comtradeHeader names the 47 columns of UN Comtrade v1.
const comtradeHeader = "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc," +
	"partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,classificationSearchCode," +
	"isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,mosCode,motCode,motDesc,qtyUnitCode," +
	"qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt," +
	"isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,legacyEstimationFlag,isReported,isAggregate\n"

// row is a record as it is written: with its code, and as a total or a part.
type row struct {
	record
	code     string
	world    bool // partner World
	partner2 int  // economy of consignment, -1 for the total
	customs  string
	mode     int // 0 for the total
}

const everyProcedure = "C00"

// appendRow writes one row.
func (w *World) appendRow(to []byte, r *row) []byte {
	m := int(r.month)
	year, month := w.yearMonth(m)
	e := &w.economies[r.reporter]
	stamp := int64(year*100 + month)
	to = append(to, "C,M,"...)
	to = strconv.AppendInt(to, stamp*100+1, 10)
	to = append(to, ',')
	to = strconv.AppendInt(to, int64(year), 10)
	to = append(to, ',')
	to = strconv.AppendInt(to, int64(month), 10)
	to = append(to, ',')
	to = strconv.AppendInt(to, stamp, 10)
	to = append(to, ',')
	to = append(to, e.columns...)
	to = append(to, r.direction.String()...)
	to = append(to, ",,"...)
	to = w.appendPartner(to, r)
	to = append(to, ",H"...)
	edition := byte('5')
	if m >= e.adopts {
		edition = '6'
	}
	to = append(append(to, edition), ",HS,True,"...)
	to = append(to, r.code...)
	to = append(to, ",,"...)
	level := len(r.code)
	if r.code == allGoods {
		level = 0
	}
	to = strconv.AppendInt(to, int64(level), 10)
	to = append(to, ","...)
	to = appendBool(to, level == 6)
	to = append(to, ',')
	to = append(to, r.customs...)
	to = append(to, ",,0,"...)
	to = strconv.AppendInt(to, int64(r.mode), 10)
	to = append(to, ",,"...)
	return w.appendAmounts(to, r, e.fob)
}

const allGoods = "TOTAL"

func (w *World) appendPartner(to []byte, r *row) []byte {
	switch {
	case r.world:
		to = append(to, "0,W00,,"...)
	case r.partner == noPartner:
		to = append(to, "899,_X,,"...)
	default:
		to = append(to, w.economies[r.partner].columns...)
	}
	if r.partner2 < 0 {
		return append(to, "0,,"...)
	}
	to = append(to, w.economies[r.partner2].columns...)
	return to[:len(to)-1]
}

// appendAmounts writes quantities and values. A weight that nobody gave is
// empty, not zero.
func (w *World) appendAmounts(to []byte, r *row, fobImporter bool) []byte {
	estimated := r.estimated && r.kg != noKg
	if r.kg == noKg {
		to = append(to, "-1,,,False,-1,,,False,,False"...)
	} else {
		to = append(to, "8,kg,"...)
		to = data.AppendFixed(to, r.kg, 3)
		to = append(to, ',')
		to = appendBool(to, estimated)
		to = append(to, ",-1,,,False,"...)
		to = data.AppendFixed(to, r.kg, 3)
		to = append(to, ',')
		to = appendBool(to, estimated)
	}
	to = append(to, ",,False,"...)
	if fob := r.direction.Outward() || fobImporter; fob {
		to = append(to, ',')
		to = data.AppendFixed(to, r.usd, 2)
	} else {
		to = data.AppendFixed(to, r.usd, 2)
		to = append(to, ',')
	}
	to = append(to, ',')
	to = data.AppendFixed(to, r.usd, 2)
	legacy := ",0,"
	if estimated {
		legacy = ",4,"
	}
	to = append(to, legacy...)
	to = appendBool(to, !r.imputed)
	to = append(to, ',')
	to = appendBool(to, r.world || len(r.code) < 6 || r.code == allGoods)
	return append(to, '\n')
}

func appendBool(to []byte, yes bool) []byte {
	if yes {
		return append(to, "True"...)
	}
	return append(to, "False"...)
}
