//! JPEG XL (ISO 18181-2): the boxes of the picture itself stay. How it is turned and its colours are in
//! there, so nothing is kept of EXIF. What rebuilds the JPEG that it was made of (`jbrd`) goes, for it
//! holds that file's comments.

use super::Plan;
use crate::{
    MediaError,
    embedded::{
        boxes::{MOST_BOXES, Walk},
        source::Source,
    },
};

pub fn plan(source: &mut Source) -> Result<Plan, MediaError> {
    let mut plan = Plan::default();
    // Without boxes there is only the picture.
    if source.array::<2>(0)? == *b"\xff\x0a" {
        plan.copy(0, source.length());
        return Ok(plan);
    }
    let left = &mut { MOST_BOXES };
    let mut walk = Walk::new(0, source.length());
    while let Some(one) = walk.next(source, left)? {
        if matches!(&one.kind, b"JXL " | b"ftyp" | b"jxll" | b"jxli" | b"jxlc" | b"jxlp") {
            plan.copy(one.begin, one.to);
        }
    }
    Ok(plan)
}
