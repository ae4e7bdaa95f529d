package simulate

import "counterflow/data"

// Reporter is how an economy reports, as it was drawn, for scorers: nothing that
// is written as input tells it.
type Reporter struct {
	Economy data.Economy
	// Sigma is the typical spread of one month of a line of minerals, natural
	// log, as exporter and as importer; lines scatter about it.
	Sigma [2]float64
	// Bias is the lasting level of its reports, natural log, in the same order.
	Bias [2]float64
}

// Reporters lists all economies of the world.
func (w *World) Reporters() []Reporter {
	all := make([]Reporter, len(w.economies))
	for i := range w.economies {
		e := &w.economies[i]
		all[i] = Reporter{Economy: e.id, Sigma: e.sigma, Bias: e.bias}
	}
	return all
}
