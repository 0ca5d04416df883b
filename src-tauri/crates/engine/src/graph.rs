//! The nodes of a workflow, to look at.

use crate::{
    checks::Shelf,
    view::{GraphNodeView, GraphView, LinkView, ValueView},
};
use domain::NodeClass;
use store::WorkflowRow;
use workflow::{Input, Node, Place, Prompt};

/// The most nodes that are listed.
const MOST_NODES: usize = 5_000;
/// The longest value that is told.
const LONGEST_VALUE: usize = 4_000;

/// The nodes of a stored workflow.
///
/// # Errors
/// A sentence when the stored prompt cannot be read.
pub fn graph(stored: &WorkflowRow, shelf: &Shelf) -> Result<GraphView, String> {
    let prompt =
        workflow::read_prompt(stored.prompt.as_bytes()).map_err(|error| error.to_string())?;
    let mut order = workflow::run_order(&prompt);
    let left_out = order.len().saturating_sub(MOST_NODES);
    order.truncate(MOST_NODES);
    let drawn = stored.ui_graph.as_deref().map(workflow::drawn).unwrap_or_default();
    let nodes = || order.iter().map(|at| &prompt.nodes()[*at]);
    let as_drawn: Option<Vec<Place>> = nodes().map(|node| drawn.get(&node.id).copied()).collect();
    let is_drawn = as_drawn.is_some();
    let places = as_drawn.unwrap_or_else(|| workflow::lay_out(&prompt, &order));
    Ok(GraphView {
        title: stored.title.clone(),
        nodes: nodes()
            .zip(places)
            .map(|(node, place)| node_view(node, place, &prompt, shelf))
            .collect(),
        left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
        drawn: is_drawn,
    })
}

fn node_view(node: &Node, place: Place, prompt: &Prompt, shelf: &Shelf) -> GraphNodeView {
    let class = shelf.class(&node.class);
    let shown = class.map_or(&node.class, |class| &class.display_name);
    let mut values = Vec::new();
    let mut links = Vec::new();
    for (name, input) in &node.inputs {
        match input {
            Input::Value(raw) => {
                values.push(ValueView { name: name.clone(), json: shortened(raw.get()) });
            }
            Input::Link { node: from, slot } => {
                let source = prompt.node(from).and_then(|source| shelf.class(&source.class));
                let output = |class: &NodeClass| {
                    class.outputs.get(*slot as usize).map(|output| output.name.clone())
                };
                links.push(LinkView {
                    input: name.clone(),
                    from: from.clone(),
                    slot: *slot,
                    output: source.and_then(output),
                });
            }
        }
    }
    GraphNodeView {
        id: node.id.clone(),
        title: node.title.clone().unwrap_or_else(|| shown.clone()),
        class: node.class.clone(),
        known: class.is_some() || !shelf.knows_any(),
        output: class.is_some_and(|class| class.output_node),
        x: place.x,
        y: place.y,
        w: place.w,
        h: place.h,
        values,
        links,
    }
}

fn shortened(json: &str) -> String {
    match json.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &json[..end]),
        None => json.to_owned(),
    }
}
