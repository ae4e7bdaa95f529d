package breaks

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// An LTSLadder is a fit with as many changes of level as pay.
type LTSLadder struct {
	// Shifts are the changes of level found, by position.
	Shifts []LTSStep
	// Fit is the last fit: all changes but one are among its Known ones.
	Fit LTSFit
	// Stopped is ln p of the change that was tried and turned down, NaN when
	// none was.
	Stopped float64
}

// An LTSStep is one change of level among several.
type LTSStep struct {
	Position int
	Size, SE float64
	LogP     float64 // as it came in, allowing for the search
}

// LTSSeveral adds changes of level one by one, each by [LTS] with those before
// it fitted along, while the newest has p below level; after each addition
// every earlier one is searched again with the others held. At most most are
// added. A temporary drop of many units, which one shift leaves as a block of
// outliers, becomes two.
func LTSSeveral(y []float64, settings LTSSettings, level float64, most int) (LTSLadder, error) {
	if !(level > 0 && level < 1) || most < 1 {
		return LTSLadder{}, fmt.Errorf("several shifts: level %g and at most %d: give a level within (0, 1) and at least one", level, most)
	}
	if settings.NoShift {
		return LTSLadder{}, errors.New("several shifts: the settings ask for none")
	}
	given := slices.Clone(settings.Known)
	ladder := LTSLadder{Stopped: math.NaN()}
	var found []int
	logP := map[int]float64{}
	for len(found) < most {
		fit, err := ltsBeside(y, settings, given, found)
		if err != nil {
			return LTSLadder{}, err
		}
		if fit.ShiftLogP > math.Log(level) {
			ladder.Stopped = fit.ShiftLogP
			break
		}
		found = append(found, fit.Position)
		logP[fit.Position] = fit.ShiftLogP
		ladder.Fit = fit
		for i := range len(found) - 1 {
			if fit, err = ltsBeside(y, settings, given, slices.Delete(slices.Clone(found), i, i+1)); err != nil {
				return LTSLadder{}, err
			}
			logP[fit.Position] = fit.ShiftLogP
			found[i], ladder.Fit = fit.Position, fit
		}
	}
	if len(found) == 0 {
		settings.Known, settings.NoShift = given, true
		var err error
		ladder.Fit, err = LTS(y, settings)
		return ladder, err
	}
	ladder.list(len(given), found, logP)
	return ladder, nil
}

// ltsBeside fits one more change of level beside those found.
func ltsBeside(y []float64, settings LTSSettings, given, found []int) (LTSFit, error) {
	settings.Known = append(slices.Clone(given), found...)
	return LTS(y, settings)
}

// list fills Shifts from the last fit.
func (l *LTSLadder) list(skip int, found []int, logP map[int]float64) {
	fit := &l.Fit
	known := slices.DeleteFunc(slices.Clone(found), func(at int) bool { return at == fit.Position })
	before := len(fit.SE) - 1 - len(fit.Known) + skip
	for i, at := range known {
		l.Shifts = append(l.Shifts, LTSStep{Position: at, Size: fit.Known[skip+i], SE: fit.SE[before+i], LogP: logP[at]})
	}
	l.Shifts = append(l.Shifts, LTSStep{Position: fit.Position, Size: fit.Shift, SE: fit.ShiftSE, LogP: logP[fit.Position]})
	slices.SortFunc(l.Shifts, func(a, b LTSStep) int { return a.Position - b.Position })
}
