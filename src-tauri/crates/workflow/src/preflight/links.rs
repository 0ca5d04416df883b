//! Links against what an input takes.

use super::{
    FindingKind,
    class::Spec,
    problem::{About, Fault, Rank},
    values::is_plain_type,
};
use domain::NodeClass;

/// What is wrong with a link from a node of this class.
pub(super) fn fault(spec: &Spec<'_>, class: &NodeClass, source: u32, slot: u32) -> Option<Fault> {
    let about = |brings: &str| About::Link {
        source,
        slot,
        brings: brings.to_owned(),
        takes: spec.kind().to_owned(),
    };
    let Some(output) = usize::try_from(slot).ok().and_then(|slot| class.outputs.get(slot)) else {
        return Some(Fault::new(FindingKind::NoSuchOutput, Rank::Refused, about("")));
    };
    let rank = mismatch(&output.kind, spec.kind())?;
    Some(Fault::new(FindingKind::LinkType, rank, about(&output.kind)))
}

/// Whether types do not meet (`validate_node_input`): several may be named with commas between, and
/// `*` is any.
fn mismatch(brings: &str, takes: &str) -> Option<Rank> {
    // ComfyUI leaves dynamic types to its page.
    if brings == takes || [brings, takes].iter().any(|kind| kind.starts_with("COMFY_")) {
        return None;
    }
    let any = |test: &dyn Fn(&str, &str) -> bool| {
        brings.split(',').any(|one| takes.split(',').any(|other| test(one.trim(), other.trim())))
    };
    if any(&|one, other| one == "*" || other == "*" || one == other) {
        return None;
    }
    let plain = |kinds: &str| kinds.split(',').all(|kind| is_plain_type(kind.trim()));
    // A class may have a check of its own instead of ComfyUI's (`input_types` of `VALIDATE_INPUTS`),
    // which `/object_info` does not tell. Classes with types of their own do that, and some write
    // one type in several ways.
    let sure = plain(brings) && plain(takes) && !any(&|one, other| one.eq_ignore_ascii_case(other));
    Some(if sure { Rank::Refused } else { Rank::Warns })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_meet_as_in_comfyui() {
        for (brings, takes, rank) in [
            ("IMAGE", "IMAGE", None),
            ("*", "IMAGE", None),
            ("IMAGE", "*", None),
            ("FLOAT,INT", "INT,STRING", None),
            ("FLOAT, INT", "INT", None),
            ("IMAGE,*", "MASK", None),
            ("COMFY_MATCHTYPE_V3", "MASK", None),
            ("IMAGE", "COMFY_MATCHTYPE_V3", None),
            ("STRING", "IMAGE", Some(Rank::Refused)),
            ("STRING", "COMBO", Some(Rank::Refused)),
            ("INT", "FLOAT", Some(Rank::Refused)),
            ("SEGS", "IMAGE", Some(Rank::Warns)),
            ("IMAGE", "Image,segs", Some(Rank::Warns)),
            ("", "IMAGE", Some(Rank::Warns)),
        ] {
            assert_eq!(mismatch(brings, takes), rank, "{brings} to {takes}");
        }
    }
}
