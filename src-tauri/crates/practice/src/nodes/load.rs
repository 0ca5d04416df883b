//! Reading pictures from the input folder.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Seek};
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use super::mask::channel_of;
use super::value::MOST_PIXELS;
use super::{Done, Inputs, Job, NodeError, Pictures, Value, named_file};

/// Longest side of a picture that is read, in pixels.
const LONGEST: u32 = 16384;
/// Memory a decoder may take, in bytes.
const MEMORY: u64 = 512 << 20;

/// Decodes a picture, turned upright, within limits of size and memory.
pub fn decode(path: &Path) -> Result<DynamicImage, NodeError> {
    let file = File::open(path)
        .map_err(|error| NodeError::file("cannot read the picture", path, error))?;
    decode_from(BufReader::new(file)).map_err(|error| match error {
        // What Pillow says of a file that is no picture.
        Undecoded::Unknown => NodeError::Failed {
            exception: "PIL.UnidentifiedImageError",
            message: format!("cannot identify image file '{}'", path.display()).into(),
        },
        Undecoded::Other(why) => NodeError::file("cannot read the picture", path, why),
    })
}

/// The same for bytes in memory.
pub fn decode_bytes(bytes: &[u8]) -> Result<DynamicImage, NodeError> {
    decode_from(Cursor::new(bytes)).map_err(|error| match error {
        Undecoded::Unknown => NodeError::value("The upload is no picture."),
        Undecoded::Other(why) => NodeError::value(format!("The picture cannot be read: {why}")),
    })
}

/// Why there is no picture.
enum Undecoded {
    /// The bytes are of no known format.
    Unknown,
    /// In words.
    Other(String),
}

fn decode_from(source: impl BufRead + Seek) -> Result<DynamicImage, Undecoded> {
    let words = |error: &dyn std::fmt::Display| Undecoded::Other(error.to_string());
    let mut reader =
        ImageReader::new(source).with_guessed_format().map_err(|error| words(&error))?;
    if reader.format().is_none() {
        return Err(Undecoded::Unknown);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| words(&error))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        let why = format!("it has {width} x {height} pixels, more than {MOST_PIXELS}");
        return Err(Undecoded::Other(why));
    }
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| words(&error))?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn read(inputs: &Inputs, job: &dyn Job) -> Result<(Pictures, bool), NodeError> {
    let name = inputs.text("image")?;
    let path = named_file(job.folders(), name)
        .ok_or_else(|| NodeError::value(format!("The name {name} leads out of its folder.")))?;
    let image = decode(&path)?;
    let alpha = image.color().has_alpha();
    let rgba = image.into_rgba8();
    let pictures = Pictures {
        width: rgba.width() as usize,
        height: rgba.height() as usize,
        channels: 4,
        frames: vec![rgba.as_raw().iter().map(|v| f32::from(*v) / 255.0).collect()],
    };
    Ok((pictures, alpha))
}

/// What ComfyUI gives as mask of a picture without alpha.
fn no_mask() -> Pictures {
    Pictures::from_fn(64, 64, 1, |_, _, _| 0.0)
}

pub fn load_image(inputs: &Inputs, job: &dyn Job) -> Result<Done, NodeError> {
    let (pictures, alpha) = read(inputs, job)?;
    let mask = if alpha { channel_of(&pictures, 3).map(|v| 1.0 - v) } else { no_mask() };
    let image = pictures.with_channels(3);
    Ok(Done { outputs: vec![Value::Image(image), Value::Mask(mask)], ui: None })
}

pub fn load_image_mask(inputs: &Inputs, job: &dyn Job) -> Result<Done, NodeError> {
    let (pictures, alpha) = read(inputs, job)?;
    let mask = match inputs.text("channel")? {
        "red" => channel_of(&pictures, 0),
        "green" => channel_of(&pictures, 1),
        "blue" => channel_of(&pictures, 2),
        _ if alpha => channel_of(&pictures, 3).map(|v| 1.0 - v),
        _ => no_mask(),
    };
    Done::one(Value::Mask(mask))
}
