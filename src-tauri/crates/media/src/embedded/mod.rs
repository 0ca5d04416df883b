//! Workflows in files. Only heads, lengths and texts are read, so that a film of four gigabytes
//! answers at once.
//!
//! Where and how savers write is said at each reader, with the source it was learnt from. "The page"
//! is ComfyUI's own (comfyui-frontend-package 1.58.1, `src/scripts/metadata/` and `pnginfo.ts`).

mod avif;
pub(crate) mod boxes;
pub(crate) mod ebml;
mod exif;
mod flac;
mod found;
mod gif;
mod glb;
pub(crate) mod items;
mod jpeg;
pub(crate) mod json;
mod jxl;
mod mp3;
mod mp4;
mod ogg;
mod png;
mod safetensors;
mod settings;
pub(crate) mod slice;
pub(crate) mod source;
mod svg;
mod text;
mod tiff;
mod vorbis;
mod webp;
mod xmp;

pub use found::EmbeddedWorkflow;
pub use png::{PngTexts, png_texts};

use crate::{Container, MediaError, container::unread_kind, recognise};
use source::Source;
use std::{
    fs::File,
    io::{Read, Seek},
    path::Path,
};

/// What tells a kind of file.
const HEAD: u64 = 4_096;

/// Reads what is embedded in a file, by the file's own bytes and its extension.
///
/// # Errors
/// As [`embedded_in`], and when the file cannot be opened.
pub fn embedded(path: &Path) -> Result<(Container, EmbeddedWorkflow), MediaError> {
    embedded_in(File::open(path)?, path.extension().and_then(|extension| extension.to_str()))
}

/// Reads what is embedded in a file that is at hand otherwise, such as pasted bytes in a
/// [`std::io::Cursor`]. `extension` is that of its name, if it has one.
///
/// A file that is whole but holds no workflow answers with nothing.
///
/// # Errors
/// When it cannot be read, is cut off or damaged where a workflow would be, or holds more text than
/// 64 MB; [`MediaError::NotRead`] names kinds of files that are not read.
pub fn embedded_in(
    mut file: impl Read + Seek,
    extension: Option<&str>,
) -> Result<(Container, EmbeddedWorkflow), MediaError> {
    let mut source = Source::new(&mut file)?;
    let container = recognise(&source.head(HEAD)?, extension);
    Ok((container, embedded_as(container, &mut source)?))
}

/// Reads what is embedded in a file of a known kind.
///
/// # Errors
/// As [`embedded_in`].
pub(crate) fn embedded_as(
    container: Container,
    source: &mut Source,
) -> Result<EmbeddedWorkflow, MediaError> {
    let mut found = EmbeddedWorkflow::default();
    let read = match container {
        Container::Png | Container::Apng => png::read(source, &mut found),
        Container::WebP => webp::read(source, &mut found),
        Container::Jpeg => jpeg::read(source, &mut found),
        Container::Avif | Container::Heic => avif::read(source, &mut found),
        Container::JpegXl => jxl::read(source, &mut found),
        Container::Tiff => tiff::read(source, &mut found),
        Container::Gif => gif::read(source, &mut found),
        Container::Flac => flac::read(source, &mut found),
        Container::Ogg | Container::Opus => ogg::read(source, &mut found),
        Container::Mp3 => mp3::read(source, &mut found),
        Container::Mp4 | Container::Mov => mp4::read(source, &mut found),
        Container::WebM | Container::Matroska => ebml::read(source, &mut found),
        Container::Svg => svg::read(source, &mut found),
        Container::Glb => glb::read(source, &mut found),
        Container::Safetensors => safetensors::read(source, &mut found),
        Container::Json | Container::Text => Ok(()),
        Container::Bmp
        | Container::Exr
        | Container::Wav
        | Container::Aac
        | Container::Aiff
        | Container::Avi
        | Container::Mpeg
        | Container::WindowsMedia
        | Container::Unknown => match unread_kind(container, &source.head(HEAD)?) {
            Some(kind) => Err(MediaError::NotRead(kind)),
            None => Ok(()),
        },
    };
    match read {
        // What was found before the damage counts.
        Err(error) if !found.is_empty() => found.damage = Some(error.to_string()),
        other => other?,
    }
    Ok(found)
}
