//! ffmpeg, where it is installed: as a program of its own with a bound on time, memory and output,
//! without a shell, and without leave to open anything but the one file.
//!
//! Films show their first frame that is not blank. ffmpeg has the transparency of AVIF and HEIC as a
//! second picture, and does not apply their colour profiles: both are put together here.

use super::{Decoded, MOST_MEMORY, Taken, Want, cover, is_blank, no_picture};
use crate::{
    Container, MediaError, Original, Stop, Tools,
    colour::profile_of_code,
    embedded::{items::About, source::Source},
    measure,
};
use image::{DynamicImage, RgbaImage};
use std::{
    ffi::OsString,
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// What it may take.
const LONGEST: Duration = Duration::from_secs(20);
/// How often it is looked whether it is over.
const LOOK: Duration = Duration::from_millis(4);
/// The longest edge where a whole picture is wanted, in pixels.
const LARGEST: u32 = 8_192;
/// Frames that are looked at for one that is not blank, two of each second.
const FRAMES: usize = 10;
/// What it says of a fault, in bytes.
const MOST_WORDS: u64 = 4_096;
/// The first stream of pictures.
const FIRST: &str = "0:v:0";
/// Samples a second of sound.
const RATE: u32 = 8_000;

/// A film's first frame that is not blank; without ffmpeg its cover.
pub fn frame(
    original: &mut Original,
    want: Want,
    tools: &Tools,
    stop: &Stop,
) -> Result<Decoded, MediaError> {
    let by_ffmpeg = match &tools.ffmpeg {
        Some(ffmpeg) => first_frame(ffmpeg, original, want, stop),
        // Short: a tile of the grid has three lines for it.
        None => Err(no_picture("ffmpeg is not installed")),
    };
    match by_ffmpeg {
        Ok(picture) => {
            Ok(Decoded { animated: true, ..Decoded::plain(picture, Taken::FrameByFfmpeg) })
        }
        Err(error) => {
            stop.check()?;
            let cover = cover::decode(original, want, stop)?;
            cover.ok_or(error)
        }
    }
}

fn first_frame(
    ffmpeg: &Path,
    original: &Original,
    want: Want,
    stop: &Stop,
) -> Result<DynamicImage, MediaError> {
    let scale = scale(want);
    let first = pictures(ffmpeg, original, FIRST, &scale, 1, stop)?.into_iter().next();
    let first = first.ok_or(MediaError::Truncated("a film without a picture"))?;
    if !is_blank(&first) {
        return Ok(first);
    }
    // It fades in.
    let filter = format!("fps=2,{scale}");
    let later = pictures(ffmpeg, original, FIRST, &filter, FRAMES, stop).unwrap_or_default();
    Ok(later.into_iter().find(|frame| !is_blank(frame)).unwrap_or(first))
}

/// An AVIF or a HEIC.
pub fn picture(
    original: &mut Original,
    want: Want,
    tools: &Tools,
    stop: &Stop,
) -> Result<Decoded, MediaError> {
    let name = original.container().name();
    let Some(ffmpeg) = &tools.ffmpeg else {
        return Err(no_picture(&format!("only ffmpeg decodes {name}, and it is not installed")));
    };
    let size = measure(original)?;
    // Damage there is no reason to show no picture.
    let about = About::read(&mut Source::new(&mut original.parts())?);
    // Made smaller apart from it, pixels would take on colours of others that nobody sees.
    let want = if about.alpha.is_some() { Want::Whole } else { want };
    let found = pictures(ffmpeg, original, FIRST, &scale(want), 1, stop)?.into_iter().next();
    let mut picture = found.ok_or(MediaError::Truncated("a picture without pixels"))?;
    // Before version 7 ffmpeg takes the first tile of a HEIC for the whole. (Some versions after it do
    // not cut edges off, and show more than there is.)
    if let (Some(width), Some(height)) = (size.width, size.height) {
        let long = width.max(height).min(edge_of(want));
        if picture.width().max(picture.height()) + 2 < long {
            return Err(no_picture(&format!(
                "this ffmpeg is too old for {name}; version 7 decodes it"
            )));
        }
    }
    let mut note = None;
    if let Some(alpha) = about.alpha {
        // The number of an item is that of its stream.
        let stream = format!("0:i:{alpha}");
        let found = pictures(ffmpeg, original, &stream, &scale(want), 1, stop);
        stop.check()?;
        let alpha = found.ok().and_then(|found| found.into_iter().next());
        match alpha.and_then(|alpha| with_alpha(&picture, &alpha)) {
            Some(whole) => picture = whole,
            // An older ffmpeg does not find it: that is no damage of the file.
            None => {
                note = Some(
                    "This ffmpeg cannot decode its transparency, which is left out.".to_owned(),
                );
            }
        }
    }
    // Nothing said is sRGB (ISO 23000-22, 7.3.6.4); 2 says nothing.
    let profile = about.icc.or_else(|| {
        let (primaries, transfer) = about.code?;
        let said = |code: u8, else_: u8| if code == 2 { else_ } else { code };
        profile_of_code(said(primaries, 1), said(transfer, 13))
    });
    Ok(Decoded { profile, note, ..Decoded::plain(picture, Taken::PictureByFfmpeg) })
}

/// A picture with the first channel of another as its transparency, if that is as large.
fn with_alpha(picture: &DynamicImage, alpha: &DynamicImage) -> Option<DynamicImage> {
    let (mut whole, alpha) = (picture.to_rgba8(), alpha.to_rgba8());
    if whole.dimensions() != alpha.dimensions() {
        return None;
    }
    for (pixel, alpha) in whole.pixels_mut().zip(alpha.pixels()) {
        pixel[3] = alpha[0];
    }
    Some(DynamicImage::ImageRgba8(whole))
}

/// Hands out a file's sound as one channel.
///
/// # Errors
/// When it is not whole: cut off, of no known kind, or too long.
pub(crate) fn sound(
    original: &Original,
    tools: &Tools,
    stop: &Stop,
    hear: &mut dyn FnMut(u32, &[f32]),
) -> Result<(), MediaError> {
    let Some(ffmpeg) = &tools.ffmpeg else { return Err(MediaError::Unsupported) };
    let mut command = command(ffmpeg, original);
    command.args([
        "-map",
        "0:a:0",
        "-vn",
        "-sn",
        "-dn",
        "-ac",
        "1",
        "-ar",
        &RATE.to_string(),
        "-f",
        "f32le",
        "pipe:1",
    ]);
    let mut rest = Vec::new();
    run(command, stop, LONGEST, &mut |bytes| {
        rest.extend_from_slice(bytes);
        let whole = rest.len() / 4 * 4;
        let samples: Vec<f32> = rest[..whole]
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        hear(RATE, &samples);
        rest.drain(..whole);
        true
    })
}

fn edge_of(want: Want) -> u32 {
    match want {
        Want::Edge(edge) => edge,
        Want::Whole => LARGEST,
    }
}

fn scale(want: Want) -> String {
    let edge = edge_of(want);
    format!(
        "scale=w='min(iw,{edge})':h='min(ih,{edge})':force_original_aspect_ratio=decrease:flags=area+accurate_rnd"
    )
}

fn command(ffmpeg: &Path, original: &Original) -> Command {
    let mut command = Command::new(ffmpeg);
    let format = match original.container() {
        Container::WebM | Container::Matroska => "matroska",
        Container::Avi => "avi",
        Container::Mpeg if original.begins(b"\0\0\x01\xba") => "mpeg",
        Container::Mpeg => "mpegvideo",
        Container::WindowsMedia => "asf",
        Container::Aac => "aac",
        Container::Aiff => "aiff",
        Container::Mp4 | Container::Mov | Container::Avif | Container::Heic => "mov",
        Container::Mp3 => "mp3",
        Container::Flac => "flac",
        Container::Wav => "wav",
        _ => "ogg",
    };
    // A name that begins with a dash or looks like an address is a name.
    let mut name = OsString::from("file:");
    name.push(original.path());
    command
        .args(["-nostdin", "-hide_banner", "-v", "error", "-max_alloc"])
        .arg(MOST_MEMORY.to_string())
        .args(["-protocol_whitelist", "file", "-threads", "1", "-f", format, "-i"])
        .arg(name);
    command
}

fn pictures(
    ffmpeg: &Path,
    original: &Original,
    stream: &str,
    filter: &str,
    count: usize,
    stop: &Stop,
) -> Result<Vec<DynamicImage>, MediaError> {
    let mut command = command(ffmpeg, original);
    command.args([
        "-map",
        stream,
        "-an",
        "-sn",
        "-dn",
        "-vf",
        filter,
        "-frames:v",
        &count.to_string(),
    ]);
    command.args([
        "-threads",
        "1",
        "-pix_fmt",
        "rgba",
        "-c:v",
        "pam",
        "-f",
        "image2pipe",
        "pipe:1",
    ]);
    let mut bytes = Vec::new();
    let most = usize::try_from(MOST_MEMORY / 2).unwrap_or(usize::MAX);
    let done = run(command, stop, LONGEST, &mut |part| {
        bytes.extend_from_slice(part);
        bytes.len() <= most
    });
    let mut found = Vec::new();
    let mut rest = &bytes[..];
    while let Some((picture, after)) = pam(rest) {
        found.push(picture);
        rest = after;
    }
    match done {
        // A film that is cut off may have shown enough.
        Err(error) if found.is_empty() => Err(match error {
            MediaError::NoSound => no_picture("there is no picture in this film"),
            other => other,
        }),
        _ => Ok(found),
    }
}

/// Runs it; `hear` takes what it writes and says whether to go on.
fn run(
    mut command: Command,
    stop: &Stop,
    longest: Duration,
    hear: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<(), MediaError> {
    let stop = stop.within(longest);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (mut out, err) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let words = scope.spawn(move || {
            let mut words = Vec::new();
            if let Some(mut err) = err {
                // The rest is read too, or it would wait for us.
                let _ = err.by_ref().take(MOST_WORDS).read_to_end(&mut words);
                let _ = std::io::copy(&mut err, &mut std::io::sink());
            }
            String::from_utf8_lossy(&words).trim().to_owned()
        });
        let watch = scope.spawn(|| watch(&mut child, &stop));
        let mut buffer = vec![0; 1 << 16];
        let mut enough = false;
        while let Some(reader) = &mut out {
            match reader.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(count) if hear(&buffer[..count]) => {}
                // Closing the pipe ends it.
                Ok(_) => {
                    enough = true;
                    out = None;
                }
            }
        }
        let ended = watch.join().unwrap_or(Err(MediaError::TooSlow));
        let words = words.join().unwrap_or_default();
        match ended {
            Ok(true) => Ok(()),
            // What it says of a stream that was asked for and is not there.
            Ok(false) if words.contains("matches no streams") => Err(MediaError::NoSound),
            Ok(false) if enough => Err(MediaError::TooLarge("its frames are too large".to_owned())),
            Ok(false) => {
                let first = words
                    .lines()
                    .next()
                    .unwrap_or("ffmpeg gave up")
                    .trim_end_matches('.')
                    .to_owned();
                Err(MediaError::Damaged(format!("ffmpeg says: {first}")))
            }
            Err(error) => Err(error),
        }
    })
}

/// Waits for its end; ends it when the work is stopped. Whether it went well.
fn watch(child: &mut Child, stop: &Stop) -> Result<bool, MediaError> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if let Err(error) = stop.check() {
            // It may have ended by itself meanwhile.
            let _ = child.kill();
            child.wait()?;
            return Err(error);
        }
        thread::sleep(LOOK);
    }
}

/// The first of some pictures in Netpbm's PAM format, and what follows it.
fn pam(bytes: &[u8]) -> Option<(DynamicImage, &[u8])> {
    const END: &[u8] = b"ENDHDR\n";
    let head = bytes.get(..bytes.len().min(512))?;
    let end = head.windows(END.len()).position(|window| window == END)? + END.len();
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    let number = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse::<u32>().ok()
    };
    if !text.starts_with("P7\n") || number("DEPTH ") != Some(4) || number("MAXVAL ") != Some(255) {
        return None;
    }
    let (width, height) = (number("WIDTH ")?, number("HEIGHT ")?);
    let length = usize::try_from(u64::from(width) * u64::from(height) * 4).ok()?;
    let (pixels, rest) = bytes[end..].split_at_checked(length)?;
    let picture = DynamicImage::ImageRgba8(RgbaImage::from_raw(width, height, pixels.to_vec())?);
    // Nearly no film is transparent, and three channels are faster.
    let opaque = pixels.chunks_exact(4).all(|pixel| pixel[3] == 255);
    Some((if opaque { DynamicImage::ImageRgb8(picture.into_rgb8()) } else { picture }, rest))
}
