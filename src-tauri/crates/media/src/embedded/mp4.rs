//! MP4 and QuickTime: `moov` / `udta` / `meta` with `keys` and `ilst` (QuickTime File Format,
//! "Metadata"; ISO 14496-12, 8.11), wherever in the file `moov` stands.
//!
//! - ComfyUI's `SaveVideo` (`comfy_api/latest/_input_impl/video_types.py`, commit 6665515) and
//!   VideoHelperSuite (4ee72c0) have ffmpeg write keys `prompt` and `workflow`
//!   (`-movflags use_metadata_tags`).
//! - VideoHelperSuite before 2026 wrote one comment, a JSON object with both in it: the item `©cmt`,
//!   or a key `comment`.

use super::{
    EmbeddedWorkflow,
    boxes::{Box4, MOST_BOXES, Walk},
    slice::Slice,
    source::Source,
    text::{utf8_or_latin, utf16},
};
use crate::MediaError;

/// Keys looked at; a telephone's film has a dozen.
const MOST_KEYS: u64 = 1_000;

/// Reads what a film holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let mut film = Film { left: MOST_BOXES, found };
    let mut top = Walk::new(0, source.length());
    while let Some(one) = top.next(source, &mut film.left)? {
        match &one.kind {
            b"moov" => film.movie(source, one)?,
            b"udta" => film.user_data(source, one)?,
            b"meta" => film.meta(source, one)?,
            _ => {}
        }
        if !film.found.is_empty() {
            break;
        }
    }
    Ok(())
}

struct Film<'a> {
    left: u32,
    found: &'a mut EmbeddedWorkflow,
}

impl Film<'_> {
    fn movie(&mut self, source: &mut Source, movie: Box4) -> Result<(), MediaError> {
        let mut walk = Walk::new(movie.from, movie.to);
        while let Some(one) = walk.next(source, &mut self.left)? {
            match &one.kind {
                b"udta" => self.user_data(source, one)?,
                b"meta" => self.meta(source, one)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn user_data(&mut self, source: &mut Source, data: Box4) -> Result<(), MediaError> {
        let mut walk = Walk::new(data.from, data.to);
        while let Some(one) = walk.next(source, &mut self.left)? {
            if one.kind == *b"meta" {
                self.meta(source, one)?;
            } else if is_comment(one.kind) {
                // QuickTime's own texts: a length, a language, the text.
                let bytes = source.bytes(one.from, one.to - one.from)?;
                let mut text = Slice(&bytes);
                if let Some(size) = text.be(2)
                    && text.take(2).is_some()
                    && let Some(text) = text.take(size)
                {
                    self.found.unnamed(&utf8_or_latin(text));
                }
            }
        }
        Ok(())
    }

    /// A list of items, whose names are letters or numbers of keys.
    fn meta(&mut self, source: &mut Source, meta: Box4) -> Result<(), MediaError> {
        // In MP4 a version stands first; in QuickTime none does.
        let begins = |source: &mut Source, at| {
            at + 8 <= meta.to
                && matches!(source.array::<8>(at), Ok([_, _, _, _, b'h', b'd', b'l', b'r']))
        };
        let from = if begins(source, meta.from) { meta.from } else { meta.from + 4 };
        let mut names = Vec::new();
        let mut walk = Walk::new(from, meta.to);
        while let Some(one) = walk.next(source, &mut self.left)? {
            match &one.kind {
                b"keys" => names = keys(&source.bytes(one.from, one.to - one.from)?),
                b"ilst" => self.items(source, one, &names)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn items(
        &mut self,
        source: &mut Source,
        list: Box4,
        names: &[String],
    ) -> Result<(), MediaError> {
        let mut walk = Walk::new(list.from, list.to);
        while let Some(item) = walk.next(source, &mut self.left)? {
            // Keys are counted from 1.
            let key = (u32::from_be_bytes(item.kind) as usize).checked_sub(1);
            let name = match key.and_then(|key| names.get(key)) {
                Some(name) => name.as_str(),
                None if is_comment(item.kind) => "comment",
                None if item.kind == *b"----" => "",
                None => continue,
            };
            self.item(source, item, name)?;
        }
        Ok(())
    }

    /// An item's text: in its `data`, after a type and a language. An item of the kind `----` has its
    /// name beside it.
    fn item(&mut self, source: &mut Source, item: Box4, name: &str) -> Result<(), MediaError> {
        let mut name = name.to_owned();
        let mut walk = Walk::new(item.from, item.to);
        while let Some(one) = walk.next(source, &mut self.left)? {
            if one.kind == *b"name" && name.is_empty() {
                let bytes = source.bytes(one.from, one.to - one.from)?;
                name = utf8_or_latin(bytes.get(4..).unwrap_or_default()).into_owned();
            }
            if one.kind == *b"data" && EmbeddedWorkflow::knows(&name) {
                let bytes = source.bytes(one.from, one.to - one.from)?;
                let mut text = Slice(&bytes);
                let kind = text.be(4);
                text.take(4);
                // Kind 2 is UTF-16; 1 is UTF-8, and what others are called is UTF-8 too.
                if kind == Some(2) {
                    self.found.named(&name, &utf16(text.0, true));
                } else {
                    self.found.named(&name, &utf8_or_latin(text.0));
                }
            }
        }
        Ok(())
    }
}

fn is_comment(kind: [u8; 4]) -> bool {
    [b"\xa9cmt", b"\xa9des", b"desc", b"ldes"].contains(&&kind)
}

/// The names of a `keys` box: a version, a number, and for each its length, its kind, its name.
fn keys(data: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = Slice(data);
    let (Some(_), Some(count)) = (rest.be(4), rest.be(4)) else { return names };
    for _ in 0..count.min(MOST_KEYS) {
        let Some(name) = rest
            .be(4)
            .and_then(|size| size.checked_sub(8))
            .and_then(|size| rest.take(4).and_then(|_| rest.take(size)))
        else {
            break;
        };
        let name = utf8_or_latin(name);
        let name = name.strip_prefix("com.apple.quicktime.").unwrap_or(&name);
        // A name that means nothing to us is kept as none: only its place counts.
        let known = EmbeddedWorkflow::knows(name);
        names.push(if known { name.to_owned() } else { "?".to_owned() });
    }
    names
}
