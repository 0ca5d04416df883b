//! How much comes back, where the graph says it.

use super::{
    check::Views,
    graph::{Graph, NodeView},
};
use crate::prompt::Input;

/// Nodes and inputs looked at for all outputs.
const MOST_STEPS: usize = 1_000_000;
/// Types that hold pictures.
const PICTURES: &[&str] = &["IMAGE", "LATENT", "MASK"];
/// Parts of the names of inputs that say that a node changes the size.
const CHANGES: &[&str] = &[
    "scale",
    "resize",
    "crop",
    "megapixels",
    "factor",
    "pad",
    "multiplier",
    "tile_count",
    "match",
];

/// How many pictures, and how many pixels they have in all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Amount {
    pub pictures: f64,
    pub pixels: f64,
}

impl Amount {
    /// Whether a person would want to know: over 64 megapixels, or more than 200 pictures.
    pub fn is_large(self) -> bool {
        self.pixels > 64e6 || self.pictures > 200.0
    }

    /// In words.
    pub fn text(self) -> String {
        let Self { pictures, pixels } = self;
        let what =
            if pictures == 1.0 { "1 picture".to_owned() } else { format!("{pictures} pictures") };
        format!("This makes {what}, {:.0} megapixels in all.", pixels / 1e6)
    }
}

/// What reaches these output nodes. Counts only those where each node on the way has one source of
/// pictures, and where the size is said by the node nearest to the output that changes it.
pub(super) fn amount(graph: &Graph<'_>, views: &Views<'_>, outputs: &[u32]) -> Amount {
    let mut steps = MOST_STEPS;
    let mut sum = Amount::default();
    for output in outputs {
        if let Some(of_output) = reaching(graph, views, *output, &mut steps) {
            sum.pictures += of_output.pictures;
            sum.pixels += of_output.pixels;
        }
    }
    sum
}

fn reaching(
    graph: &Graph<'_>,
    views: &Views<'_>,
    output: u32,
    steps: &mut usize,
) -> Option<Amount> {
    // Frames of a film come back as one file.
    if ["fps", "frame_rate"].iter().any(|name| graph.nodes[output as usize].has(name)) {
        return None;
    }
    let (mut area, mut pictures) = (None, 1.0);
    let mut at = only_source(graph, views, output).ok()??;
    loop {
        let node = &graph.nodes[at as usize];
        *steps = steps.checked_sub(1 + node.node.inputs.len())?;
        #[allow(clippy::cast_precision_loss)]
        let said = |name: &str| number(node, name).filter(|it| *it > 0).map(|it| it as f64);
        let many = |name: &str| said(name).unwrap_or(1.0);
        if let (Some(width), Some(height)) = (said("width"), said("height")) {
            pictures *= many("batch_size") * many("length");
            // Of two sizes on one way the one nearer to the output is what comes back.
            area = area.or(Some(width * height));
        } else if node.node.inputs.len() == 2 {
            // What only repeats: a picture and how often.
            pictures *= many("amount");
        }
        let changes = |name: &str| CHANGES.iter().any(|part| name.contains(part));
        if area.is_none() && node.node.inputs.iter().any(|(name, _)| changes(name)) {
            return None;
        }
        match only_source(graph, views, at).ok()? {
            Some(source) => at = source,
            None => break,
        }
    }
    area.map(|area| Amount { pictures, pixels: area * pictures })
}

/// An input that is a whole number.
fn number(node: &NodeView<'_>, name: &str) -> Option<u64> {
    node.get(name).and_then(Input::number).and_then(|text| text.parse().ok())
}

/// The one node that pictures come from; nothing where none come in. An error where there are several
/// or where it cannot be told.
fn only_source(graph: &Graph<'_>, views: &Views<'_>, node: u32) -> Result<Option<u32>, ()> {
    let mut found = None;
    for (_, input) in &graph.nodes[node as usize].node.inputs {
        let Input::Link { node: source, slot } = input else { continue };
        let source = graph.place(source).ok_or(())?;
        let class = views.of(source).ok_or(())?.class;
        let output = usize::try_from(*slot).ok().and_then(|slot| class.outputs.get(slot));
        let kind = output.ok_or(())?.kind.as_str();
        if kind.contains('*') || kind.starts_with("COMFY_") {
            return Err(());
        }
        if PICTURES.contains(&kind) && found.replace(source).is_some_and(|other| other != source) {
            return Err(());
        }
    }
    Ok(found)
}
