//! Walking a graph without recursion: what leads to what, in which order, and where it goes round.

use super::graph::place_of;

/// From each node to its sources.
pub(super) struct Edges {
    starts: Vec<u32>,
    sources: Vec<u32>,
}

impl Edges {
    pub fn with_room(nodes: usize) -> Self {
        let mut starts = Vec::with_capacity(nodes + 1);
        starts.push(0);
        Self { starts, sources: Vec::new() }
    }

    /// Adds a source of the node that is being added.
    pub fn add(&mut self, source: u32) {
        self.sources.push(source);
    }

    /// Ends the node: what is added from here on belongs to the next one.
    pub fn end_node(&mut self) {
        self.starts.push(place_of(self.sources.len()));
    }

    pub fn of(&self, node: u32) -> &[u32] {
        let bound = |at: u32| self.starts[at as usize] as usize;
        &self.sources[bound(node)..bound(node + 1)]
    }

    fn nodes(&self) -> u32 {
        place_of(self.starts.len() - 1)
    }
}

/// The nodes that lead to any of these, themselves included.
pub(super) fn upstream(edges: &Edges, from: impl IntoIterator<Item = u32>) -> Vec<bool> {
    let mut reached = vec![false; edges.nodes() as usize];
    let mut waiting: Vec<u32> = from.into_iter().collect();
    while let Some(node) = waiting.pop() {
        if !std::mem::replace(&mut reached[node as usize], true) {
            waiting.extend(edges.of(node).iter().filter(|source| !reached[**source as usize]));
        }
    }
    reached
}

/// An order in which sources come first, and the groups of nodes that feed each other.
#[derive(Default)]
pub(super) struct Order {
    pub nodes: Vec<u32>,
    /// Each group is strongly connected: from each of its nodes every other one is reached.
    pub circles: Vec<Vec<u32>>,
}

const NEW: u32 = u32::MAX;

/// Puts nodes in order (Tarjan's strongly connected components, with a stack of its own).
pub(super) fn order(edges: &Edges) -> Order {
    let many = edges.nodes();
    let mut order = Order { nodes: Vec::with_capacity(many as usize), circles: Vec::new() };
    let mut number = vec![NEW; many as usize];
    let mut lowest = vec![0; many as usize];
    let mut open = vec![false; many as usize];
    let mut group: Vec<u32> = Vec::new();
    let mut next_number = 0;
    // The node and how many of its sources were looked at.
    let mut path: Vec<(u32, usize)> = Vec::new();
    for start in 0..many {
        if number[start as usize] != NEW {
            continue;
        }
        path.push((start, 0));
        while let Some((node, looked)) = path.last_mut() {
            let at = *node as usize;
            if *looked == 0 {
                number[at] = next_number;
                lowest[at] = next_number;
                next_number += 1;
                open[at] = true;
                group.push(*node);
            }
            if let Some(source) = edges.of(*node).get(*looked).copied() {
                *looked += 1;
                let to = source as usize;
                if number[to] == NEW {
                    path.push((source, 0));
                } else if open[to] {
                    lowest[at] = lowest[at].min(number[to]);
                }
                continue;
            }
            let node = *node;
            path.pop();
            if let Some((user, _)) = path.last() {
                lowest[*user as usize] = lowest[*user as usize].min(lowest[at]);
            }
            if lowest[at] == number[at] {
                close(edges, node, &mut group, &mut open, &mut order);
            }
        }
    }
    order
}

fn close(edges: &Edges, node: u32, group: &mut Vec<u32>, open: &mut [bool], order: &mut Order) {
    let from = group.iter().rposition(|other| *other == node).unwrap_or(0);
    let members = group.split_off(from);
    for member in &members {
        open[*member as usize] = false;
    }
    order.nodes.extend(members.iter().rev());
    if members.len() > 1 || edges.of(node).contains(&node) {
        order.circles.push(members);
    }
}

/// One way round within a group, from a node back to itself: each node feeds the one before it.
pub(super) fn one_circle(edges: &Edges, group: &[u32]) -> Vec<u32> {
    let Some(start) = group.iter().min().copied() else { return Vec::new() };
    let members: std::collections::HashSet<u32> = group.iter().copied().collect();
    let mut came_from = std::collections::HashMap::new();
    let mut waiting = std::collections::VecDeque::from([start]);
    while let Some(node) = waiting.pop_front() {
        for source in edges.of(node).iter().filter(|source| members.contains(source)) {
            if *source == start {
                let mut way = vec![node];
                let mut at = node;
                while at != start {
                    let Some(before) = came_from.get(&at) else { break };
                    at = *before;
                    way.push(at);
                }
                way.reverse();
                return way;
            }
            if !came_from.contains_key(source) {
                came_from.insert(*source, node);
                waiting.push_back(*source);
            }
        }
    }
    group.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(of: &[&[u32]]) -> Edges {
        let mut edges = Edges::with_room(of.len());
        for sources in of {
            sources.iter().for_each(|source| edges.add(*source));
            edges.end_node();
        }
        edges
    }

    #[test]
    fn sources_come_first_and_circles_are_found() {
        // 0 ← 1 ← 2, and 3 → 4 → 5 → 3 with 4 ↔ 5, and 6 feeds itself.
        let edges = edges(&[&[1], &[2], &[], &[4, 0], &[5], &[3, 4], &[6]]);
        let found = order(&edges);
        let place = |node: u32| found.nodes.iter().position(|other| *other == node);
        assert_eq!(found.nodes.len(), 7);
        assert!(place(2) < place(1) && place(1) < place(0) && place(0) < place(3));
        let mut circles = found.circles.clone();
        circles.iter_mut().for_each(|circle| circle.sort_unstable());
        assert_eq!(circles, [vec![3, 4, 5], vec![6]]);
        assert_eq!(one_circle(&edges, &[5, 4, 3]), [3, 4, 5]);
        assert_eq!(one_circle(&edges, &[6]), [6]);
        assert_eq!(upstream(&edges, [1]), [false, true, true, false, false, false, false]);
    }
}
