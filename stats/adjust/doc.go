// Package adjust makes numbers add up.
//
//  1. LeastChange moves a set of numbers as little as their reliabilities allow
//     so that sparse linear equalities and inequalities hold (Stone, Champernowne
//     and Meade 1942, Review of Economic Studies 9).
//  2. RAS scales the rows and columns of a non-negative table to given margins
//     (Deming and Stephan 1940; Stone 1961).
//
// Both say how they ended: solved, infeasible with the rows to blame, or stopped
// at the iteration limit with the worst broken constraint. The input is never
// changed.
package adjust

// Status says how a calculation ended.
type Status string

const (
	Solved         Status = "solved"          // every constraint holds to the tolerance
	Infeasible     Status = "infeasible"      // no numbers meet all the constraints
	IterationLimit Status = "iteration limit" // stopped before either was settled
)
