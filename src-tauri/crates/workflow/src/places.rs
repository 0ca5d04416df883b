//! Where the nodes of a workflow stand: as they were drawn, or laid out from left to right.

use crate::prompt::{Input, Prompt};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// A node's width, and the space to the next column.
const WIDTH: f64 = 240.0;
const COLUMN: f64 = WIDTH + 72.0;
/// The space between two nodes of a column.
const GAP: f64 = 28.0;
/// The height of a node's title, and of each of its lines.
const TITLE: f64 = 44.0;
const LINE: f64 = 20.0;
/// Lines that are shown of a node.
const LINES: usize = 12;
/// How far from the middle anything may be drawn.
const FARTHEST: f64 = 1e7;

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
}

/// Lays nodes out from left to right, each behind those it takes from. `order` holds indices into
/// [`Prompt::nodes`], sources first; the answer is in that order.
pub fn lay_out(prompt: &Prompt, order: &[usize]) -> Vec<Place> {
    let nodes = prompt.nodes();
    let mut placed: HashMap<&str, usize> = HashMap::with_capacity(order.len());
    let mut columns: Vec<usize> = Vec::with_capacity(order.len());
    let mut most = 0;
    for (at, index) in order.iter().enumerate() {
        let node = &nodes[*index];
        // Sources that come later are part of a circle.
        let behind = node.sources().filter_map(|(_, source)| placed.get(source));
        let column = behind.map(|source| columns[*source] + 1).max().unwrap_or(0);
        placed.insert(&node.id, at);
        columns.push(column);
        most = most.max(column);
    }
    let mut by_column = vec![Vec::new(); most + 1];
    for (at, column) in columns.iter().enumerate() {
        by_column[*column].push(at);
    }
    let mut places = vec![Place { x: 0.0, y: 0.0, w: WIDTH, h: TITLE }; order.len()];
    let mut x = 0.0;
    for mut column in by_column {
        // Beside what they take from, so that lines cross little.
        let beside = |at: &usize| {
            let sources = nodes[order[*at]].sources().filter_map(|(_, source)| placed.get(source));
            let (mut sum, mut count) = (0.0, 0.0);
            for source in sources.filter(|source| columns[**source] < columns[*at]) {
                sum += places[*source].y + places[*source].h / 2.0;
                count += 1.0;
            }
            if count > 0.0 { sum / count } else { 0.0 }
        };
        let mut wanted: Vec<(f64, usize)> = column.drain(..).map(|at| (beside(&at), at)).collect();
        wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut y = 0.0;
        for (_, at) in wanted {
            let h = height(nodes[order[at]].inputs.len());
            places[at] = Place { x, y, w: WIDTH, h };
            y += h + GAP;
        }
        x += COLUMN;
    }
    places
}

#[allow(clippy::cast_precision_loss)]
fn height(lines: usize) -> f64 {
    TITLE + LINE * lines.min(LINES) as f64
}

/// Where an editor's graph has the nodes of a prompt, by their ids. Nothing for nodes within
/// subgraphs, and for what is no such graph.
pub fn drawn(graph: &str) -> HashMap<String, Place> {
    #[derive(Deserialize)]
    struct Graph {
        #[serde(default)]
        nodes: Vec<Value>,
    }
    let Ok(graph) = serde_json::from_str::<Graph>(graph) else { return HashMap::new() };
    graph.nodes.iter().filter_map(place_of).collect()
}

fn place_of(node: &Value) -> Option<(String, Place)> {
    let id = match node.get("id")? {
        Value::String(id) => id.clone(),
        Value::Number(id) => id.to_string(),
        _ => return None,
    };
    // A pair is a list, or in files of 2023 an object with the keys 0 and 1.
    let pair = |name: &str| {
        let value = node.get(name)?;
        let number = |at: usize| {
            let number = value.get(at).or_else(|| value.get(at.to_string()))?.as_f64()?;
            Some(number.clamp(-FARTHEST, FARTHEST))
        };
        Some((number(0)?, number(1)?))
    };
    let (x, y) = pair("pos")?;
    let (w, h) = pair("size").unwrap_or((WIDTH, TITLE));
    Some((id, Place { x, y, w: w.max(40.0), h: h.max(20.0) }))
}

/// An order in which nodes may run: sources first, as far as there are no circles. Indices into
/// [`Prompt::nodes`].
pub fn run_order(prompt: &Prompt) -> Vec<usize> {
    let nodes = prompt.nodes();
    let at: HashMap<&str, usize> =
        nodes.iter().enumerate().map(|(index, node)| (node.id.as_str(), index)).collect();
    let mut waits: Vec<usize> = vec![0; nodes.len()];
    let mut feeds: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        for (_, input) in &node.inputs {
            if let Input::Link { node: source, .. } = input
                && let Some(source) = at.get(source.as_str())
            {
                feeds[*source].push(index);
                waits[index] += 1;
            }
        }
    }
    let mut order = Vec::with_capacity(nodes.len());
    let mut ready: std::collections::VecDeque<usize> =
        (0..nodes.len()).filter(|index| waits[*index] == 0).collect();
    let mut done = vec![false; nodes.len()];
    while let Some(index) = ready.pop_front() {
        done[index] = true;
        order.push(index);
        for fed in &feeds[index] {
            waits[*fed] -= 1;
            if waits[*fed] == 0 {
                ready.push_back(*fed);
            }
        }
    }
    order.extend((0..nodes.len()).filter(|index| !done[*index]));
    order
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn prompt(text: &str) -> Prompt {
        crate::read_prompt(text.as_bytes()).unwrap()
    }

    #[test]
    fn nodes_stand_behind_what_they_take_from() {
        let prompt = prompt(
            r#"{"3": {"class_type": "Save", "inputs": {"a": ["2", 0], "n": 1}},
                "1": {"class_type": "Make", "inputs": {}},
                "2": {"class_type": "Blend", "inputs": {"a": ["1", 0], "b": ["4", 0]}},
                "4": {"class_type": "Make", "inputs": {}}}"#,
        );
        let order = run_order(&prompt);
        let ids: Vec<_> = order.iter().map(|at| prompt.nodes()[*at].id.as_str()).collect();
        assert_eq!(ids, ["1", "4", "2", "3"]);
        let places = lay_out(&prompt, &order);
        let x: Vec<_> = places.iter().map(|place| place.x).collect();
        assert_eq!(x, [0.0, 0.0, COLUMN, 2.0 * COLUMN]);
        assert!(places[1].y >= places[0].y + places[0].h, "{places:?}");
    }

    #[test]
    fn a_circle_has_an_order_too() {
        let prompt = prompt(
            r#"{"1": {"class_type": "A", "inputs": {"a": ["2", 0]}},
                "2": {"class_type": "A", "inputs": {"a": ["1", 0]}},
                "3": {"class_type": "A", "inputs": {"a": ["3", 0]}}}"#,
        );
        let order = run_order(&prompt);
        assert_eq!(order.len(), 3);
        assert_eq!(lay_out(&prompt, &order).len(), 3);
    }

    #[test]
    fn places_are_read_in_every_form() {
        let places = drawn(
            r#"{"nodes": [{"id": 1, "pos": [10, -20], "size": {"0": 300, "1": 5}},
                {"id": "a:b", "pos": {"0": 1e99, "1": 2}}, {"id": 3, "pos": "x"}, 7, {"pos": [1, 2]}]}"#,
        );
        assert_eq!(places["1"], Place { x: 10.0, y: -20.0, w: 300.0, h: 20.0 });
        assert_eq!(places["a:b"].x, FARTHEST);
        assert_eq!(places.len(), 2);
        assert!(drawn("{").is_empty());
    }
}
