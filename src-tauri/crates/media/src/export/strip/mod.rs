//! Copies without what is embedded, whose pixels and sound are the original's bit for bit.
//!
//! Lists of what stays, not of what goes: what is unknown goes, where the format can do without it. In
//! films, AVIF, TIFF, Ogg and GLB what goes is overwritten with nothing at the same place, since other
//! parts of the file say where in it the pictures are.

mod boxes;
mod chunks;
mod glb;
mod heif;
mod jpeg;
mod jxl;
mod ogg;
mod sound;
mod tiff;

pub(super) use chunks::png_chunk;
pub(crate) use jpeg::is_whole as jpeg_is_whole;

use super::{Part, copy_range};
use crate::{Container, MediaError, Original, Stop, embedded::source::Source};
use std::{io::Write, path::Path};

/// Whether files of this format can be copied without what is embedded and without loss.
pub fn can_strip(container: Container) -> bool {
    matches!(
        container,
        Container::Png
            | Container::Apng
            | Container::Jpeg
            | Container::WebP
            | Container::Gif
            | Container::Mp4
            | Container::Mov
            | Container::WebM
            | Container::Matroska
            | Container::Avif
            | Container::Heic
            | Container::JpegXl
            | Container::Tiff
            | Container::Flac
            | Container::Mp3
            | Container::Ogg
            | Container::Opus
            | Container::Wav
            | Container::Glb
    )
}

/// Copies a file without prompts, workflows, comments, places and cameras. Pixels and sound stay bit
/// for bit; colour profiles, and how a picture is turned, stay too.
///
/// # Errors
/// [`MediaError::NotStripped`] where [`can_strip`] says no, and for the few files of other formats that
/// could not be drawn any more (in TIFF raw pictures of cameras, LERC, stacks of ImageJ); when the file is damaged where
/// something could be embedded, since it might stay; when the copy cannot be written.
pub fn strip(original: &mut Original, to: &Path, stop: &Stop) -> Result<(), MediaError> {
    let container = original.container();
    if !can_strip(container) {
        return Err(MediaError::NotStripped);
    }
    let mut reader = original.reader()?;
    let plan = {
        let source = &mut Source::new(&mut reader)?;
        match container {
            Container::Png | Container::Apng => chunks::png(source),
            Container::WebP => chunks::webp(source),
            Container::Gif => chunks::gif(source),
            Container::Jpeg => jpeg::plan(source),
            Container::Mp4 | Container::Mov => boxes::film(source),
            Container::WebM | Container::Matroska => boxes::matroska(source),
            Container::Avif | Container::Heic => heif::plan(source),
            Container::JpegXl => jxl::plan(source),
            Container::Tiff => tiff::plan(source),
            Container::Flac => sound::flac(source),
            Container::Ogg | Container::Opus => ogg::plan(source),
            Container::Wav => sound::wav(source),
            Container::Glb => glb::plan(source),
            _ => sound::mp3(source),
        }?
    };
    let mut part = Part::beside(to)?;
    for piece in plan.pieces {
        match piece {
            Piece::Range(from, to) => copy_range(&mut reader, from, to - from, &mut part, stop)?,
            Piece::Bytes(bytes) => part.write_all(&bytes)?,
            Piece::Zeros(mut count) => {
                let zeros = [0; 4_096];
                while count > 0 {
                    stop.check()?;
                    let now = count.min(zeros.len() as u64);
                    part.write_all(&zeros[..usize::try_from(now).unwrap_or_default()])?;
                    count -= now;
                }
            }
        }
    }
    part.finish()?;
    Ok(())
}

/// One piece of a copy.
enum Piece {
    /// Bytes of the original, from and to.
    Range(u64, u64),
    /// Other bytes.
    Bytes(Vec<u8>),
    /// So many zeros.
    Zeros(u64),
}

/// A copy, piece by piece.
#[derive(Default)]
struct Plan {
    pieces: Vec<Piece>,
}

impl Plan {
    /// Copies a range; joined with the one before where they touch.
    fn copy(&mut self, from: u64, to: u64) {
        if from >= to {
            return;
        }
        if let Some(Piece::Range(_, end)) = self.pieces.last_mut()
            && *end == from
        {
            *end = to;
            return;
        }
        self.pieces.push(Piece::Range(from, to));
    }

    fn write(&mut self, bytes: impl Into<Vec<u8>>) {
        self.pieces.push(Piece::Bytes(bytes.into()));
    }

    fn zeros(&mut self, count: u64) {
        if count > 0 {
            self.pieces.push(Piece::Zeros(count));
        }
    }

    /// The copy of a file that begins here within the original.
    fn append(&mut self, inner: Plan, begin: u64) {
        for piece in inner.pieces {
            match piece {
                Piece::Range(from, to) => self.copy(begin + from, begin + to),
                other => self.pieces.push(other),
            }
        }
    }

    /// How long the copy becomes, in bytes.
    fn length(&self) -> u64 {
        let length = |piece: &Piece| match piece {
            Piece::Range(from, to) => to - from,
            Piece::Bytes(bytes) => bytes.len() as u64,
            Piece::Zeros(count) => *count,
        };
        self.pieces.iter().map(length).sum()
    }
}

/// An EXIF block that says how a picture is turned and nothing else; nothing where it is upright.
fn only_turn(exif: &[u8]) -> Option<Vec<u8>> {
    let turn = image::metadata::Orientation::from_exif_chunk(exif)?.to_exif();
    (turn != 1).then(|| {
        // Little-endian; one entry of directory 0: tag 0x0112, a short, once.
        let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        block.extend([turn, 0, 0, 0, 0, 0, 0, 0]);
        block
    })
}

/// What cannot be taken apart is not copied.
fn damaged(what: &str) -> MediaError {
    MediaError::Damaged(what.to_owned())
}
