//! Where knobs stand on the screen.

use super::{
    find::Found,
    knob::{Group, Knobs, Lacking, Section},
    label::{short, tell_apart},
};
use std::collections::HashSet;

/// Puts knobs into groups: what matters first, and within a part of the screen in the order in which
/// things happen. Of several samplers the one nearest to the output comes last.
pub(super) fn arrange(mut found: Vec<Found>, mut lacking: Vec<Found>) -> Knobs {
    // Stable: inputs of one node keep their order.
    found.sort_by_key(|found| (found.section, place(found)));
    let mut groups: Vec<Group> = Vec::new();
    for Found { knob, section, .. } in found {
        let node = (section == Section::Rest).then(|| knob.node.clone());
        match groups.last_mut() {
            Some(group) if group.section == section && group.node == node => group.knobs.push(knob),
            _ => groups.push(Group { section, node, knobs: vec![knob] }),
        }
    }
    for group in groups.iter_mut().filter(|group| group.section != Section::Rest) {
        tell_apart(&mut group.knobs);
    }
    lacking.sort_by_key(|found| (found.section, place(found)));
    let lacking = lacking.into_iter().map(|Found { knob, section, .. }| Lacking { knob, section });
    let mut knobs = Knobs { groups, lacking: lacking.collect() };
    name_lacking(&mut knobs);
    knobs
}

/// Tells knobs that the prompt lacks from others that are called the same.
fn name_lacking(knobs: &mut Knobs) {
    let mut taken: HashSet<(Section, String)> = HashSet::new();
    for group in knobs.groups.iter().filter(|group| group.section != Section::Rest) {
        taken.extend(group.knobs.iter().map(|knob| (group.section, knob.label.clone())));
    }
    for Lacking { knob, section } in &mut knobs.lacking {
        if *section != Section::Rest && !taken.insert((*section, knob.label.clone())) {
            knob.label = format!("{} ({})", knob.label, short(&knob.node.title));
        }
    }
}

/// A knob's place in its part of the screen: whether it is only shown, and what comes first else.
fn place(found: &Found) -> (bool, u32, usize, usize) {
    let role = found.knob.role as u32;
    let Found { stage, rank, .. } = found;
    let shown = found.knob.linked.is_some();
    match found.section {
        // All prompts before what is not wanted.
        Section::Words => (shown, role, *rank, 0),
        // What makes pictures without a sampler of its own.
        Section::Sampling if *stage == u32::MAX => (shown, *stage, *rank, role as usize),
        // A sampler's settings stand together, whichever nodes they are of, its own before others.
        Section::Sampling => (shown, *stage, role as usize, usize::MAX - *rank),
        Section::Size => (shown, *stage, *rank, role as usize),
        // The strength behind its LoRA.
        Section::Models => (shown, *stage, *rank, 0),
        Section::PicturesIn | Section::Saving => (shown, 0, *rank, 0),
        Section::Rest => (false, 0, *rank, 0),
    }
}
