//! Files: what they are, what is embedded in them, whether they are whole, and small copies of
//! pictures. Every size is bounded before anything is allocated.

mod colour;
mod container;
mod decode;
mod embedded;
mod error;
pub mod export;
mod guard;
mod image_file;
mod input;
mod likeness;
mod measure;
mod name;
mod original;
mod pixels;
mod small;
mod sound;
mod stop;
mod tools;
pub mod xmp;

pub use container::{Container, recognise};
pub use decode::{MOST_MEMORY, Taken};
pub use embedded::{EmbeddedWorkflow, PngTexts, embedded, embedded_in, png_texts};
pub use error::MediaError;
pub use image_file::{ImageHeader, facts_of_image, verify};
pub use input::{Fitting, fit_picture, put_mask, size_of_picture};
pub use likeness::{ALIKE, likeness, phash};
pub use measure::{Colour, Kind, Measures, first_lines, measure};
pub use name::{readable_name, sanitise};
pub use original::Original;
pub use pixels::png_of_pixels;
pub use small::{Small, SmallFormat, Thumbnails, thumbnails};
pub use sound::{DecodedBy, Waveform, waveform};
pub use stop::Stop;
pub use tools::Tools;
