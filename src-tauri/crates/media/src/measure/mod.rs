//! What a file is and how large it is, from its head.

mod avi;
mod film;
mod gif;
pub(crate) mod jpeg;
mod matroska;
mod mpeg;
mod other;
mod png;
mod sound;
mod svg;
mod webp;

use crate::{Container, MediaError, Original, Stop, embedded::source::Source};
use image::metadata::Orientation;
use std::{io::Read, time::Duration};

/// What measuring one file may take: its disk may be far away.
const LONGEST: Duration = Duration::from_secs(10);

/// The kinds the library knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A still or animated picture.
    Picture,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// A 3D model.
    Model,
    /// Text, JSON included.
    Text,
    /// Anything else.
    #[default]
    Other,
}

/// How a picture's colours are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Shades of grey.
    Grey,
    /// Red, green and blue, or what becomes that (YCbCr).
    Rgb,
    /// Numbers of colours in a table.
    Palette,
    /// Four printing inks.
    Cmyk,
}

/// What a file's head says. What it does not say is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Its kind, by content.
    pub kind: Kind,
    /// Its format, by content; the extension only decides between kinds of text.
    pub container: Container,
    /// Width in pixels as it is shown, that is, turned as the file says.
    pub width: Option<u32>,
    /// Height in pixels as it is shown.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds: films, sounds, animated pictures.
    pub duration_ms: Option<u64>,
    /// Pictures in a film or an animation; 1 for a still.
    pub frames: Option<u32>,
    /// How colours are stored; pictures only.
    pub colour: Option<Colour>,
    /// Bits a channel; pictures only.
    pub bits: Option<u8>,
    /// Whether the format of this picture has room for transparency. Whether a pixel uses it only a
    /// decode tells ([`crate::Thumbnails::transparent`]).
    pub alpha: Option<bool>,
    /// Samples a second; sounds and films with sound.
    pub sample_rate: Option<u32>,
    /// Channels of sound.
    pub channels: Option<u16>,
    /// Why something above is not there, as a sentence.
    pub note: Option<String>,
}

/// Measures a file by its head; no pixel and no sample is decoded. A file whose head is damaged is
/// measured as far as that goes, with a note.
///
/// # Errors
/// When it cannot be read from the disk, or that takes longer than 10 s.
pub fn measure(original: &mut Original) -> Result<Measures, MediaError> {
    let stop = &Stop::never().within(LONGEST);
    let container = original.container();
    let mut measures = Measures { kind: container.kind(), container, ..Measures::default() };
    let extension = original.extension();
    let into = &mut measures;
    let read = match container {
        _ if container.kind() == Kind::Audio => {
            sound::read(original.reader()?, extension.as_deref(), into, stop)
        }
        Container::Bmp | Container::Tiff | Container::Exr | Container::JpegXl => {
            other::read(original.reader()?, into, stop)
        }
        _ => parts(container, &mut Source::new(&mut original.parts())?, into, stop),
    };
    // A film's container may hold a sound alone (M4A, MKA).
    if measures.kind == Kind::Video && measures.width.is_none() && measures.channels.is_some() {
        measures.kind = Kind::Audio;
    }
    match read {
        Ok(()) => {}
        Err(error @ (MediaError::Stopped | MediaError::TooSlow)) => return Err(error),
        Err(MediaError::Io(error)) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            stop.check()?;
            return Err(MediaError::Io(error));
        }
        Err(error) => measures.note = Some(error.to_string()),
    }
    Ok(measures)
}

fn parts(
    container: Container,
    source: &mut Source,
    into: &mut Measures,
    stop: &Stop,
) -> Result<(), MediaError> {
    match container {
        Container::Png | Container::Apng => png::read(source, into, stop),
        Container::Gif => gif::read(source, into, stop),
        Container::WebP => webp::read(source, into, stop),
        Container::Jpeg => jpeg::read(source, into),
        Container::Avif | Container::Heic => film::picture(source, into),
        Container::Mp4 | Container::Mov => film::read(source, into),
        Container::WebM | Container::Matroska => matroska::read(source, into),
        Container::Avi => avi::read(source, into),
        Container::Mpeg => mpeg::read(source, into),
        Container::Svg => svg::read(source, into),
        _ => Ok(()),
    }
}

impl Measures {
    /// Takes a size as it is stored, and how it is turned.
    fn turned(&mut self, (width, height): (u32, u32), turn: Option<Orientation>) {
        let turned = turn.is_some_and(swaps);
        let (width, height) = if turned { (height, width) } else { (width, height) };
        (self.width, self.height) = (Some(width), Some(height));
    }
}

/// Whether a turn makes width of height.
pub(crate) fn swaps(turn: Orientation) -> bool {
    matches!(
        turn,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// The first lines of a text: at most `lines` of them and 4,096 bytes. Bytes that are not UTF-8 are
/// shown as replaced.
///
/// # Errors
/// When it cannot be read.
pub fn first_lines(original: &mut Original, lines: usize) -> Result<String, MediaError> {
    let mut head = Vec::new();
    original.reader()?.take(4_096).read_to_end(&mut head)?;
    // The end may be within a character.
    let whole = match std::str::from_utf8(&head) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => head.len(),
    };
    let text = String::from_utf8_lossy(&head[..whole]);
    let text = text.trim_start_matches('\u{feff}');
    Ok(text.lines().take(lines).collect::<Vec<_>>().join("\n"))
}

impl Container {
    /// What kind of thing a file of this format is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Png
            | Self::Apng
            | Self::WebP
            | Self::Jpeg
            | Self::Avif
            | Self::Heic
            | Self::JpegXl
            | Self::Tiff
            | Self::Bmp
            | Self::Exr
            | Self::Gif
            | Self::Svg => Kind::Picture,
            Self::Mp4
            | Self::Mov
            | Self::WebM
            | Self::Matroska
            | Self::Avi
            | Self::Mpeg
            | Self::WindowsMedia => Kind::Video,
            Self::Flac
            | Self::Ogg
            | Self::Opus
            | Self::Mp3
            | Self::Wav
            | Self::Aac
            | Self::Aiff => Kind::Audio,
            Self::Glb => Kind::Model,
            Self::Json | Self::Text => Kind::Text,
            Self::Safetensors | Self::Unknown => Kind::Other,
        }
    }
}
