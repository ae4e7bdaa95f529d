package adjust

import "math"

// bottleneck asks whether the totals of one side, side 0 for rows, can be placed
// through the table's non-zero cells into the totals of the other, where a total
// that was not given holds anything. If not it returns the lines of the asking
// side and of the other that form the minimum cut, and by how much the first ask
// for more than the second can hold. A table with margins met exists if and only
// if neither side has a shortfall: a flow that fills all rows and another that
// fills all columns make one that fills both (Mendelsohn and Dulmage 1958, for
// the case of ones).
func (t *table) bottleneck(side int, tolerance float64) (asking, holding []int, shortfall float64) {
	total := 0.0
	for _, v := range t.want[side] {
		if !math.IsNaN(v) {
			total += v
		}
	}
	n := newNetwork(t, side, total)
	flow := n.maximise()
	if total-flow <= math.Max(10*tolerance, 1e-9)*total {
		return nil, nil, 0
	}
	for k := range t.want[side] {
		if n.level[1+k] >= 0 {
			asking = append(asking, k)
		}
	}
	for k := range t.want[1-side] {
		if n.level[1+len(t.want[side])+k] >= 0 {
			holding = append(holding, k)
		}
	}
	return asking, holding, total - flow
}

// network is a flow network: node 0 is the source, then the lines of the asking
// side, those of the other side, and the sink. Arcs come in pairs, k and k^1
// being each other's reverse.
type network struct {
	to    []int
	room  []float64 // capacity left
	arcs  [][]int   // of each node
	level []int     // distance from the source through arcs with room; -1 beyond reach
	next  []int     // first arc of each node not yet exhausted in this phase
	least float64   // room below it is rounding
}

func newNetwork(t *table, side int, total float64) *network {
	asking, holding := t.want[side], t.want[1-side]
	nodes := 2 + len(asking) + len(holding)
	n := &network{arcs: make([][]int, nodes), level: make([]int, nodes), next: make([]int, nodes), least: 1e-13 * total}
	for k, v := range asking {
		if v > 0 { // not for NaN
			n.join(0, 1+k, v)
		}
	}
	for k, v := range holding {
		if math.IsNaN(v) {
			v = 2 * total
		}
		n.join(1+len(asking)+k, nodes-1, v)
	}
	for _, c := range t.cells {
		if c.Value > 0 {
			place := [2]int{c.Row, c.Col}
			n.join(1+place[side], 1+len(asking)+place[1-side], 2*total)
		}
	}
	return n
}

func (n *network) join(from, to int, capacity float64) {
	n.arcs[from] = append(n.arcs[from], len(n.to))
	n.arcs[to] = append(n.arcs[to], len(n.to)+1)
	n.to = append(n.to, to, from)
	n.room = append(n.room, capacity, 0)
}

// maximise is Dinic's algorithm (Dinic 1970): as long as the sink can be
// reached, push flow along shortest paths until they are blocked.
func (n *network) maximise() float64 {
	flow := 0.0
	for n.layer() {
		for k := range n.next {
			n.next[k] = 0
		}
		for {
			pushed := n.push(0, math.Inf(1))
			if pushed <= n.least {
				break
			}
			flow += pushed
		}
	}
	return flow
}

// layer sets the levels and says whether the sink is within reach.
func (n *network) layer() bool {
	for k := range n.level {
		n.level[k] = -1
	}
	n.level[0] = 0
	queue := []int{0}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		for _, arc := range n.arcs[node] {
			if to := n.to[arc]; n.room[arc] > n.least && n.level[to] < 0 {
				n.level[to] = n.level[node] + 1
				queue = append(queue, to)
			}
		}
	}
	return n.level[len(n.level)-1] >= 0
}

// push sends up to limit from a node to the sink along one path.
func (n *network) push(node int, limit float64) float64 {
	if node == len(n.level)-1 {
		return limit
	}
	for ; n.next[node] < len(n.arcs[node]); n.next[node]++ {
		arc := n.arcs[node][n.next[node]]
		to := n.to[arc]
		if n.room[arc] <= n.least || n.level[to] != n.level[node]+1 {
			continue
		}
		if sent := n.push(to, math.Min(limit, n.room[arc])); sent > n.least {
			n.room[arc] -= sent
			n.room[arc^1] += sent
			return sent
		}
	}
	return 0
}

// blame fills in why a table cannot be scaled, or leaves shortfall zero.
func (t *table) blame(tolerance float64) {
	for side := range t.want {
		asking, holding, shortfall := t.bottleneck(side, tolerance)
		if shortfall > 0 {
			t.shortfall, t.columnsAsk = shortfall, side == 1
			t.blamed[side], t.blamed[1-side] = asking, holding
			return
		}
	}
}
