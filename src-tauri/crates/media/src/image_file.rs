//! Pictures: their shape, and whether they are whole.

use crate::{
    Container, MediaError,
    embedded::{
        boxes::Walk,
        ebml::{SEGMENT, element_at},
        source::{ReadSeek, Source},
    },
    recognise,
};
use image::ImageReader;
use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

/// What a picture's head says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageHeader {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What it is.
    pub container: Container,
}

/// Reads a picture's head.
///
/// # Errors
/// [`MediaError::Unsupported`] for kinds that are not read here.
pub fn facts_of_image(path: &Path) -> Result<ImageHeader, MediaError> {
    let mut file = BufReader::new(File::open(path)?);
    let mut head = Vec::with_capacity(4_096);
    file.by_ref().take(4_096).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(MediaError::Truncated("it is empty"));
    }
    let container = recognise(&head, None);
    if !matches!(
        container,
        Container::Png | Container::Apng | Container::WebP | Container::Jpeg | Container::Gif
    ) {
        return Err(MediaError::Unsupported);
    }
    file.seek(SeekFrom::Start(0))?;
    let (width, height) = ImageReader::new(file).with_guessed_format()?.into_dimensions()?;
    Ok(ImageHeader { width, height, container })
}

/// Checks that a file is whole without decoding it: PNG by all its check sums, WebP, WAVE, AVI, MP4,
/// WebM and Ogg by the lengths that they announce, JPEG and GIF by their end marks. Other kinds count
/// as whole.
///
/// # Errors
/// When it is cut off or damaged.
pub fn verify(path: &Path, container: Container) -> Result<(), MediaError> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    verify_in(&mut BufReader::with_capacity(1 << 16, file), length, container)
}

/// As [`verify`], of a file that is open.
pub(crate) fn verify_in(
    file: &mut (impl Read + Seek),
    length: u64,
    container: Container,
) -> Result<(), MediaError> {
    match container {
        Container::Png | Container::Apng => verify_png(file, length),
        Container::WebP => riff_ends(file, length, "a WebP shorter than it says"),
        Container::Wav => riff_ends(file, length, "a WAVE shorter than it says"),
        Container::Avi => riff_ends(file, length, "an AVI shorter than it says"),
        Container::WebM | Container::Matroska => elements_end(file),
        Container::Ogg | Container::Opus => ogg_ends(file, length),
        Container::Jpeg => {
            if ends_with(file, length, b"\xff\xd9")? || jpeg_ends(file)? {
                return Ok(());
            }
            Err(MediaError::Truncated("a JPEG without its end mark"))
        }
        Container::Gif if !ends_with(file, length, b"\x3b")? => {
            Err(MediaError::Truncated("a GIF without its end mark"))
        }
        Container::Mp4 | Container::Mov => boxes_end(file),
        _ => Ok(()),
    }
}

/// Checks that a RIFF is as long as it says.
fn riff_ends(
    file: &mut (impl Read + Seek),
    length: u64,
    why: &'static str,
) -> Result<(), MediaError> {
    let mut head = [0; 8];
    file.read_exact(&mut head)?;
    let [_, _, _, _, size @ ..] = head;
    let size = u32::from_le_bytes(size);
    // What is written into a pipe cannot say how long it gets. Some programs count the byte that makes
    // the length even, and do not write it.
    let ends = size == u32::MAX || u64::from(size) + 8 <= length + length % 2;
    if ends { Ok(()) } else { Err(MediaError::Truncated(why)) }
}

/// Checks that the elements of a WebM end within the file. Those of live films have no length.
fn elements_end(file: &mut (impl Read + Seek)) -> Result<(), MediaError> {
    let file: &mut dyn ReadSeek = file;
    let mut source = Source::new(file)?;
    let mut at = 0;
    for _ in 0..MOST_BOXES {
        if at >= source.length() {
            break;
        }
        let element = match element_at(&mut source, at) {
            Ok(element) => element,
            Err(MediaError::Io(error)) => return Err(error.into()),
            Err(_) => break,
        };
        match element.to {
            Some(to) if to > source.length() => {
                return Err(MediaError::Truncated("a film that goes on longer than its file"));
            }
            // What follows it is none of the film.
            Some(_) if element.id == SEGMENT => break,
            Some(to) => at = to,
            None if element.id == SEGMENT => at = element.from,
            None => break,
        }
    }
    Ok(())
}

/// The longest page of an Ogg file, in bytes (RFC 3533, 6).
const LONGEST_PAGE: u64 = 27 + 255 + 255 * 255;

/// Checks that the last page of an Ogg file is whole.
fn ogg_ends(file: &mut (impl Read + Seek), length: u64) -> Result<(), MediaError> {
    let tail = length.min(LONGEST_PAGE);
    file.seek(SeekFrom::Start(length - tail))?;
    let mut end = Vec::new();
    file.take(tail).read_to_end(&mut end)?;
    let Some(at) = memchr::memmem::rfind(&end, b"OggS\0") else { return Ok(()) };
    let page = &end[at..];
    let cut = MediaError::Truncated("an Ogg page ends after the file does");
    let Some(count) = page.get(26) else { return Err(cut) };
    let Some(table) = page.get(27..27 + usize::from(*count)) else { return Err(cut) };
    let size = table.iter().map(|size| usize::from(*size)).sum::<usize>();
    if 27 + table.len() + size > page.len() { Err(cut) } else { Ok(()) }
}

/// Looks for an end mark in the last bytes: some writers add padding after it.
fn ends_with(file: &mut (impl Read + Seek), length: u64, mark: &[u8]) -> Result<bool, MediaError> {
    let tail = length.min(1_024);
    file.seek(SeekFrom::Start(length - tail))?;
    let mut end = Vec::new();
    file.take(tail).read_to_end(&mut end)?;
    Ok(end.windows(mark.len()).any(|window| window == mark))
}

/// Looks for the end mark of a JPEG behind its head, where a small picture may have one of its own: in
/// pixels it cannot stand (ITU-T T.81, B.1.1.5). Phones put a film behind it.
fn jpeg_ends(file: &mut (impl Read + Seek)) -> Result<bool, MediaError> {
    file.seek(SeekFrom::Start(2))?;
    let mut file = BufReader::with_capacity(1 << 16, file);
    let mut segment = [0; 4];
    loop {
        if file.read_exact(&mut segment).is_err() {
            return Ok(false);
        }
        let [0xff, kind, high, low] = segment else { return Ok(false) };
        let size = u16::from_be_bytes([high, low]);
        file.seek_relative(i64::from(size) - 2)?;
        // Start of scan: pixels follow.
        if kind == 0xda {
            break;
        }
    }
    let mut before = 0;
    loop {
        let bytes = file.fill_buf()?;
        if bytes.is_empty() {
            return Ok(false);
        }
        if (before, bytes[0]) == (0xff, 0xd9) || bytes.windows(2).any(|two| two == b"\xff\xd9") {
            return Ok(true);
        }
        before = bytes[bytes.len() - 1];
        let read = bytes.len();
        file.consume(read);
    }
}

/// The most boxes that are looked at beside each other: each is a way to the drive. A fragmented film
/// with more of them counts as whole.
const MOST_BOXES: u32 = 1_000;

/// Boxes beside each other.
const BOXES: [&[u8; 4]; 15] = [
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx", b"styp",
    b"meta", b"uuid", b"emsg", b"prft", b"pnot",
];

/// Checks that the boxes of an MP4 end where the file does.
fn boxes_end(file: &mut (impl Read + Seek)) -> Result<(), MediaError> {
    let file: &mut dyn ReadSeek = file;
    let mut source = Source::new(file)?;
    let (mut walk, mut left) = (Walk::new(0, source.length()), MOST_BOXES);
    let mut end = 0;
    loop {
        match walk.next(&mut source, &mut left) {
            Ok(Some(one)) => end = one.to,
            Err(error @ MediaError::Truncated(_)) => {
                // Cameras and taggers put behind a film what is no box.
                let [_, _, _, _, kind @ ..] = source.array::<8>(end)?;
                return if BOXES.contains(&&kind) { Err(error) } else { Ok(()) };
            }
            Err(MediaError::Io(error)) => return Err(error.into()),
            Ok(None) | Err(_) => return Ok(()),
        }
    }
}

fn verify_png(file: &mut impl Read, length: u64) -> Result<(), MediaError> {
    let truncated = || MediaError::Truncated("a PNG without its end mark");
    let mut signature = [0; 8];
    file.read_exact(&mut signature).map_err(|_| truncated())?;
    let mut here = 8_u64;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let mut head = [0; 8];
        file.read_exact(&mut head).map_err(|_| truncated())?;
        let [a, b, c, d, kind @ ..] = head;
        let size = u64::from(u32::from_be_bytes([a, b, c, d]));
        here += 12 + size;
        if here > length {
            return Err(truncated());
        }
        let mut sum = flate2::Crc::new();
        sum.update(&kind);
        let mut left = size;
        while left > 0 {
            let part = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            file.read_exact(&mut buffer[..part]).map_err(|_| truncated())?;
            sum.update(&buffer[..part]);
            left -= part as u64;
        }
        let mut crc = [0; 4];
        file.read_exact(&mut crc).map_err(|_| truncated())?;
        if sum.sum() != u32::from_be_bytes(crc) {
            let kind = String::from_utf8_lossy(&kind).into_owned();
            return Err(MediaError::Damaged(format!("the check sum of a {kind} chunk is wrong")));
        }
        if &kind == b"IEND" {
            return Ok(());
        }
    }
}
