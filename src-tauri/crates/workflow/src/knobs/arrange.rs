//! Where knobs stand on the screen.

use super::{
    find::Found,
    knob::{Group, Knobs, Section},
    label::tell_apart,
};

/// Puts knobs into groups: what matters first, and within a part of the screen in the order in which
/// things happen. Of several samplers the one nearest to the output comes last.
pub(super) fn arrange(mut found: Vec<Found>) -> Knobs {
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
    Knobs { groups }
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
