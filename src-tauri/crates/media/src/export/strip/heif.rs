//! AVIF and HEIC: items that are no picture, texts among the properties, and boxes of other programs
//! are overwritten with nothing at the same place. Pictures, their transparency, their colours and how
//! they are turned stay.

use super::{Plan, boxes, damaged};
use crate::{
    MediaError,
    embedded::{
        boxes::{Box4, MOST_BOXES, Walk},
        items::Items,
        source::Source,
    },
};

/// Kinds of items that are coded pictures, or are made of such (ISO 23008-12; AV1 Image File Format).
const PICTURES: [&[u8; 4]; 14] = [
    b"av01", b"hvc1", b"hev1", b"lhv1", b"avc1", b"vvc1", b"evc1", b"j2k1", b"unci", b"grid",
    b"iovl", b"iden", b"tmap", b"mski",
];
/// EXIF without an entry, behind the offset that HEIF puts before it. Readers refuse one of zeros.
const NO_EXIF: &[u8] = b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0";

pub fn plan(source: &mut Source) -> Result<Plan, MediaError> {
    let mut changes = Changes::default();
    let left = &mut { MOST_BOXES };
    if let Some(items) = Items::read(source)? {
        inside(source, items.meta, left, &mut changes)?;
        let mut primary = items.all.iter().filter(|item| Some(item.number) == items.primary);
        if primary.any(|item| !PICTURES.contains(&&item.kind)) {
            return Err(MediaError::NotStripped);
        }
        for item in &items.all {
            let stays = PICTURES.contains(&&item.kind);
            if !stays && item.parts.is_empty() {
                // What cannot be found cannot be taken out.
                return Err(MediaError::NotStripped);
            }
            let mut begin = match &item.kind {
                b"Exif" => NO_EXIF,
                _ => b"",
            };
            for (from, to) in &item.parts {
                if stays {
                    changes.kept.push((*from, *to));
                    continue;
                }
                let count = usize::try_from(to - from).unwrap_or(usize::MAX).min(begin.len());
                let (now, later) = begin.split_at(count);
                begin = later;
                changes.gone.push(Gone { from: *from, to: *to, begin: now.to_vec() });
            }
        }
    }
    // A sequence is a film.
    for one in boxes::gone(source, left, &[b"meta"])? {
        changes.free(one);
    }
    changes.plan(source.length())
}

/// What stands in `meta` beside the items.
fn inside(
    source: &mut Source,
    meta: Box4,
    left: &mut u32,
    changes: &mut Changes,
) -> Result<(), MediaError> {
    let mut walk = Walk::new(meta.from + 4, meta.to);
    while let Some(one) = walk.next(source, left)? {
        match &one.kind {
            b"iprp" => {
                let mut walk = Walk::new(one.from, one.to);
                while let Some(list) = walk.next(source, left)? {
                    if list.kind != *b"ipco" {
                        continue;
                    }
                    let mut walk = Walk::new(list.from, list.to);
                    // Properties are counted, so none may be missing.
                    while let Some(property) = walk.next(source, left)? {
                        // Descriptions, texts for the blind, times, and other programs'.
                        if matches!(
                            &property.kind,
                            b"udes" | b"altt" | b"crtt" | b"mdft" | b"uuid" | b"free" | b"skip"
                        ) {
                            changes.free(property);
                        }
                    }
                }
            }
            b"hdlr" | b"dinf" | b"pitm" | b"iinf" | b"iloc" | b"iref" | b"idat" | b"grpl"
            | b"ipro" => {}
            _ => changes.free(one),
        }
    }
    Ok(())
}

/// Bytes that something else stands in place of: these, and then zeros.
struct Gone {
    from: u64,
    to: u64,
    begin: Vec<u8>,
}

#[derive(Default)]
struct Changes {
    gone: Vec<Gone>,
    /// What no change may touch.
    kept: Vec<(u64, u64)>,
}

impl Changes {
    fn free(&mut self, one: Box4) {
        self.gone.push(Gone { from: one.begin + 4, to: one.begin + 8, begin: b"free".to_vec() });
        self.gone.push(Gone { from: one.from, to: one.to, begin: Vec::new() });
    }

    fn plan(mut self, length: u64) -> Result<Plan, MediaError> {
        self.gone.retain(|gone| gone.from < gone.to);
        let all = self.gone.iter().map(|gone| (gone.from, gone.to, true));
        let mut all: Vec<_> = all.chain(self.kept.iter().map(|(a, b)| (*a, *b, false))).collect();
        all.sort_unstable();
        let (mut gone_to, mut kept_to) = (0, 0);
        for (from, to, gone) in all {
            // Pictures may share their bytes.
            if from < gone_to || gone && from < kept_to {
                return Err(damaged("parts of the picture lie over each other"));
            }
            let end = if gone { &mut gone_to } else { &mut kept_to };
            *end = to.max(*end);
        }
        self.gone.sort_by_key(|gone| gone.from);
        let (mut plan, mut at) = (Plan::default(), 0);
        for Gone { from, to, begin } in self.gone {
            plan.copy(at, from);
            let rest = (to - from).saturating_sub(begin.len() as u64);
            plan.write(begin);
            plan.zeros(rest);
            at = to;
        }
        plan.copy(at, length);
        Ok(plan)
    }
}
