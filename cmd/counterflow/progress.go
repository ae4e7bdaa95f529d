package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows one bar for each part of a run, on a terminal only.
type progress struct {
	console *console
	stage   string
	bar     *progressbar.ProgressBar
}

// show moves the bar of a stage; a new stage begins a new bar.
func (p *progress) show(stage string, done, total int64) {
	if !p.console.terminal || total <= 0 {
		return
	}
	if stage != p.stage {
		p.finish()
		p.stage = stage
		p.bar = newBar(p.console.errOut, stage, total)
	}
	p.bar.Set64(done)
}

func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Finish()
		p.bar = nil
	}
}

func newBar(to io.Writer, stage string, total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(to),
		progressbar.OptionSetDescription(fmt.Sprintf("%-12s", stage)),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionEnableColorCodes(os.Getenv("NO_COLOR") == ""),
		progressbar.OptionSetPredictTime(true),
	)
}

// stopwatch gives seconds since it was made.
func stopwatch() func() float64 {
	start := time.Now()
	return func() float64 { return time.Since(start).Seconds() }
}
