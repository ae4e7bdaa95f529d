package reconcile

import (
	"context"

	"counterflow/reconcile/sensitivity"
)

// sensitivity ranks the cases under other contents, lags and margins.
func (r *runner) sensitivity(context.Context) (int64, error) {
	r.result.Sensitivity = sensitivity.Of(sensitivity.Input{
		Cases: r.result.Cases, Pairs: r.result.Pairs, Panel: r.panel, AsDeclared: r.byKind,
		Margins: r.margins, FalseShare: r.settings.FalseShare,
	})
	return int64(len(r.result.Sensitivity)), nil
}
