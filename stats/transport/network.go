package transport

import (
	"container/heap"
	"math"
)

// network is the residual network of one part: its supplies first, then its
// demands. Edge 2k is the k-th arc, edge 2k+1 the way back, whose room is the flow.
type network struct {
	edges     []edge
	out       [][]int32 // edges that leave each node, in the order of arcs
	supplies  int
	left      []int64 // of each supply unsent, of each demand unmet
	potential []int64 // shortest distance from any supply with units left
	sink      int64   // the same of a place beyond all unmet demands

	distance []int64
	level    []int32
	next     []int32 // first edge of each node that may still lead on
	path     []int32

	augmentations, rounds int
	optimal               bool
}

type edge struct {
	from, to   int32
	room, cost int64
}

func newNetwork(p *Problem, part *Part) *network {
	nodes := len(part.Supplies) + len(part.Demands)
	n := &network{
		out: make([][]int32, nodes), supplies: len(part.Supplies), left: make([]int64, nodes), potential: make([]int64, nodes),
		distance: make([]int64, nodes), level: make([]int32, nodes), next: make([]int32, nodes),
	}
	supply, demand := make(map[int]int32, len(part.Supplies)), make(map[int]int32, len(part.Demands))
	for k, i := range part.Supplies {
		supply[i], n.left[k] = int32(k), p.Supply[i]
	}
	for k, j := range part.Demands {
		demand[j], n.left[n.supplies+k] = int32(n.supplies+k), p.Demand[j]
	}
	for _, at := range part.Arcs {
		a := &p.Arcs[at]
		from, to := supply[a.From], demand[a.To]
		n.out[from] = append(n.out[from], int32(len(n.edges)))
		n.out[to] = append(n.out[to], int32(len(n.edges)+1))
		n.edges = append(n.edges, edge{from, to, a.Capacity, a.Cost}, edge{to, from, 0, -a.Cost})
	}
	return n
}

// solve sends units until no path leads from a supply with units left to an unmet
// demand.
func (n *network) solve(most int) {
	for n.lengthen() {
		n.rounds++
		for n.layer() {
			for v := range n.supplies {
				for n.left[v] > 0 && n.advance(int32(v)) {
					n.send()
					if n.augmentations == most {
						return
					}
				}
			}
		}
	}
	n.optimal = true
}

// reduced is the length of an edge after potentials, never negative on an edge with
// room.
func (n *network) reduced(e *edge) int64 {
	return e.cost + n.potential[e.from] - n.potential[e.to]
}

const unreached = math.MaxInt64

// lengthen finds how much longer the shortest path has become (Dijkstra) and moves
// the potentials by it; false where no path is left.
func (n *network) lengthen() bool {
	var open queue
	for v := range n.distance {
		n.distance[v] = unreached
		if v < n.supplies && n.left[v] > 0 {
			n.distance[v] = 0
			open = append(open, entry{0, int32(v)})
		}
	}
	nearest := int64(unreached)
	for len(open) > 0 {
		at := heap.Pop(&open).(entry)
		v := at.node
		if at.distance >= nearest {
			break
		}
		if at.distance > n.distance[v] {
			continue
		}
		if int(v) >= n.supplies && n.left[v] > 0 {
			nearest = min(nearest, at.distance+n.potential[v]-n.sink)
		}
		for _, k := range n.out[v] {
			e := &n.edges[k]
			if e.room == 0 {
				continue
			}
			if d := at.distance + n.reduced(e); d < n.distance[e.to] {
				n.distance[e.to] = d
				heap.Push(&open, entry{d, e.to})
			}
		}
	}
	if nearest == unreached {
		return false
	}
	for v := range n.potential {
		n.potential[v] += min(n.distance[v], nearest)
	}
	n.sink += nearest
	return true
}

// layer numbers the nodes by edges from the supplies with units left, along edges
// of length 0 (Dinic 1970); false where no unmet demand at the shortest distance is
// reached.
func (n *network) layer() bool {
	var order []int32
	for v := range n.level {
		n.level[v], n.next[v] = -1, 0
		if v < n.supplies && n.left[v] > 0 {
			n.level[v] = 0
			order = append(order, int32(v))
		}
	}
	reached := false
	for at := 0; at < len(order); at++ {
		v := order[at]
		reached = reached || n.unmet(v)
		for _, k := range n.out[v] {
			if e := &n.edges[k]; e.room > 0 && n.level[e.to] < 0 && n.reduced(e) == 0 {
				n.level[e.to] = n.level[v] + 1
				order = append(order, e.to)
			}
		}
	}
	return reached
}

// unmet says whether v is a demand that wants more, at the shortest distance.
func (n *network) unmet(v int32) bool {
	return int(v) >= n.supplies && n.left[v] > 0 && n.potential[v] == n.sink
}

// advance looks for a path from v through the layers to an unmet demand, leaving
// out for good what leads nowhere.
func (n *network) advance(v int32) bool {
	n.path = n.path[:0]
	for start := v; ; {
		if n.unmet(v) {
			return true
		}
		if k := n.forward(v); k >= 0 {
			n.path = append(n.path, k)
			v = n.edges[k].to
			continue
		}
		if v == start {
			return false
		}
		last := n.path[len(n.path)-1]
		n.path = n.path[:len(n.path)-1]
		v = n.edges[last].from
		n.next[v]++
	}
}

// forward is the first edge of v that leads one layer on, -1 for none.
func (n *network) forward(v int32) int32 {
	for ; int(n.next[v]) < len(n.out[v]); n.next[v]++ {
		k := n.out[v][n.next[v]]
		if e := &n.edges[k]; e.room > 0 && n.level[e.to] == n.level[v]+1 && n.reduced(e) == 0 {
			return k
		}
	}
	return -1
}

// send ships along the path what its ends and edges allow.
func (n *network) send() {
	from, to := n.edges[n.path[0]].from, n.edges[n.path[len(n.path)-1]].to
	units := min(n.left[from], n.left[to])
	for _, k := range n.path {
		units = min(units, n.edges[k].room)
	}
	for _, k := range n.path {
		n.edges[k].room -= units
		n.edges[k^1].room += units
	}
	n.left[from] -= units
	n.left[to] -= units
	n.augmentations++
}

// queue is a heap of nodes by distance, and by number where those are equal.
type queue []entry

type entry struct {
	distance int64
	node     int32
}

func (q queue) Len() int { return len(q) }
func (q queue) Less(a, b int) bool {
	return q[a].distance < q[b].distance || q[a].distance == q[b].distance && q[a].node < q[b].node
}
func (q queue) Swap(a, b int) { q[a], q[b] = q[b], q[a] }
func (q *queue) Push(x any)   { *q = append(*q, x.(entry)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
