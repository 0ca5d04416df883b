//! Writing pictures to the output and temp folders.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::{Done, Inputs, Job, NodeError, Pictures, Value, webp};
use crate::paths;

/// The note in every file that says where it comes from.
const NOTE: (&str, &str) = ("practice", "Drawn by Safelight's practice engine, not by a model");

/// Where the next files of a prefix go.
struct Place {
    folder: PathBuf,
    subfolder: String,
    name: String,
    /// The first number not taken yet.
    counter: u32,
}

/// Finds the folder and the next free number for a prefix such as `sub/name`, in which
/// `%width%` and `%height%` stand for the size.
fn place(root: &Path, prefix: &str, pictures: &Pictures) -> Result<Place, NodeError> {
    let prefix = prefix
        .replace("%width%", &pictures.width.to_string())
        .replace("%height%", &pictures.height.to_string());
    let outside = || {
        NodeError::value(format!(
            "The file name prefix {prefix} cannot be used: it leads out of the output folder or \
             holds a character that file names may not have."
        ))
    };
    let relative = paths::inside(&prefix).ok_or_else(outside)?;
    let name = relative.file_name().and_then(|name| name.to_str()).unwrap_or("").to_string();
    let below = relative.parent().unwrap_or(Path::new(""));
    // ComfyUI's clients expect forward slashes.
    let subfolder = below.iter().filter_map(|part| part.to_str()).collect::<Vec<_>>().join("/");
    let folder = root.join(below);
    fs::create_dir_all(&folder)
        .map_err(|e| NodeError::file("cannot create the folder", &folder, e))?;
    let entries =
        fs::read_dir(&folder).map_err(|e| NodeError::file("cannot list the folder", &folder, e))?;
    let taken = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|file| {
            let number = file.strip_prefix(&name)?.strip_prefix('_')?.split('_').next()?.parse();
            Some(number.unwrap_or(0))
        })
        .max()
        .unwrap_or(0u32);
    Ok(Place { folder, subfolder, name, counter: taken.saturating_add(1) })
}

pub fn save_image(inputs: &Inputs, job: &dyn Job) -> Result<Done, NodeError> {
    let pictures = inputs.image("images")?;
    let root = job.folders().output.clone();
    save_pngs(pictures, place(&root, inputs.text("filename_prefix")?, pictures)?, "output", job)
}

pub fn preview_image(inputs: &Inputs, job: &dyn Job) -> Result<Done, NodeError> {
    let pictures = inputs.image("images")?;
    let root = job.folders().temp.clone();
    save_pngs(pictures, place(&root, &job.temporary_prefix(), pictures)?, "temp", job)
}

fn save_pngs(
    pictures: &Pictures,
    place: Place,
    kind: &str,
    job: &dyn Job,
) -> Result<Done, NodeError> {
    let mut images = Vec::new();
    if job.disk_is_full() {
        return Err(NodeError::Failed {
            exception: "OSError",
            message: "[Errno 28] No space left on device".into(),
        });
    }
    for index in 0..pictures.frames.len() {
        let name = place.name.replace("%batch_num%", &index.to_string());
        let filename = format!("{name}_{:05}_.png", place.counter as usize + index);
        let path = place.folder.join(&filename);
        let bytes = png_bytes(pictures, index, job.metadata())
            .map_err(|error| NodeError::file("cannot encode", &path, error))?;
        fs::write(&path, bytes).map_err(|error| NodeError::file("cannot write", &path, error))?;
        images.push(json!({ "filename": filename, "subfolder": place.subfolder, "type": kind }));
    }
    Ok(shown(pictures, json!({ "images": images })))
}

fn shown(pictures: &Pictures, ui: Json) -> Done {
    Done { outputs: vec![Value::Image(pictures.clone())], ui: Some(ui) }
}

/// One frame as PNG, with the metadata in tEXt chunks before the pixels.
pub fn png_bytes(
    pictures: &Pictures,
    index: usize,
    metadata: &[(String, String)],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pictures.width as u32, pictures.height as u32);
    encoder.set_color(match pictures.channels {
        1 => png::ColorType::Grayscale,
        3 => png::ColorType::Rgb,
        _ => png::ColorType::Rgba,
    });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    for (keyword, text) in metadata {
        // A PNG keyword has 1 to 79 Latin-1 characters; others cannot be written.
        if (1..=79).contains(&keyword.len()) && keyword.is_ascii() {
            encoder.add_text_chunk(keyword.clone(), text.clone())?;
        }
    }
    encoder.add_text_chunk(NOTE.0.into(), NOTE.1.into())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pictures.bytes(index))?;
    writer.finish()?;
    Ok(bytes)
}

pub fn save_animated_webp(inputs: &Inputs, job: &dyn Job) -> Result<Done, NodeError> {
    let pictures = inputs.image("images")?;
    let root = job.folders().output.clone();
    let place = place(&root, inputs.text("filename_prefix")?, pictures)?;
    let milliseconds = (1000.0 / inputs.float("fps")?.max(0.01)) as u32;
    let filename = format!("{}_{:05}_.webp", place.name, place.counter);
    let path = place.folder.join(&filename);
    let mut metadata = job.metadata().to_vec();
    metadata.push((NOTE.0.into(), NOTE.1.into()));
    let bytes = webp::animation(pictures, milliseconds, &metadata)
        .map_err(|error| NodeError::file("cannot encode", &path, error))?;
    fs::write(&path, bytes).map_err(|error| NodeError::file("cannot write", &path, error))?;
    let file = json!({ "filename": filename, "subfolder": place.subfolder, "type": "output" });
    let animated = pictures.frames.len() > 1;
    Ok(shown(pictures, json!({ "images": [file], "animated": [animated] })))
}
