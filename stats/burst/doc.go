// Package burst looks, in each of many series of equal length, for the stretch
// in which it departs from its own level, and says how likely so large a
// departure is by chance, judged by the other series.
//
//  1. Each series is centred at its median, scaled by its MAD, and clipped, so
//     that one wild value cannot make a stretch.
//  2. The mean of every stretch is held against the mean of the rest; the t is
//     divided by the inflation that the autocorrelation of all series together
//     brings to a sum (the long-run variance of an AR(1): Anderson 1971, section
//     8.3).
//  3. The largest such sum of each class of lengths is ranked among those of all
//     series; beyond the ranks that can be trusted the tail is continued
//     exponentially (Pickands 1975 with shape 0).
//  4. The best class of each series is ranked once more in the same way, which
//     pays for the choice among classes.
//
// Nothing is assumed of the noise but that most series have no burst: where many
// have one, the test loses power and keeps its level.
package burst
