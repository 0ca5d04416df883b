//! Files: what they are, what is embedded in them, whether they are whole, and small copies of
//! pictures. Every size is bounded before anything is allocated.

mod container;
mod embedded;
mod error;
mod image_file;
mod input;
mod name;

mod thumbnail;

pub use container::{Container, recognise};
pub use embedded::{EmbeddedWorkflow, PngTexts, embedded, embedded_in, png_texts};
pub use error::MediaError;
pub use image_file::{ImageHeader, facts_of_image, verify};
pub use input::{Fitting, fit_picture, put_mask, size_of_picture};
pub use name::{readable_name, sanitise};
pub use thumbnail::thumbnail;
