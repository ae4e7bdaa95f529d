// Package transport shares out what some places have among what others lack, at
// least cost: the transport problem of Hitchcock (1941, Journal of Mathematics and
// Physics 20, 224-230) with a capacity on every arc, in whole numbers.
//
//  1. A Problem states supplies, demands, and the arcs by which one may serve the
//     other, each with a cost for one unit and a capacity.
//  2. Solve takes apart what no arc connects, and finds for each part, among the
//     allocations that ship most, the one that costs least.
//  3. A Plan says what goes along each arc, and how each part ended.
package transport
