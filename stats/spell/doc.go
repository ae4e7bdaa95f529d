// Package spell finds, in a single series, the one stretch in which it lies
// above its usual level for longer and farther than its own scatter lets expect.
package spell
