//! Small pictures that the page drew: those of 3D files, which nothing here can draw.

use super::{ThumbSize, Thumbs};
use media::{Container, Original, Thumbnails, measure, thumbnails};
use std::io;

/// The most bytes that are taken: twice what the pixels of the largest picture are.
const MOST_BYTES: usize = 8 << 20;

/// The sizes it is kept in.
const SIZES: [ThumbSize; 2] = [ThumbSize::Large, ThumbSize::Small];

/// A drawn picture in the sizes of the cache.
pub struct Drawn(Thumbnails);

impl Thumbs {
    /// Makes small pictures of one that the page drew: a square PNG, no smaller than the small size and no
    /// larger than the large one. Nothing is decoded before its length and its size are known.
    ///
    /// # Errors
    /// A sentence, if it is no such picture.
    pub fn drawn(&self, png: Vec<u8>) -> Result<Drawn, String> {
        if png.len() > MOST_BYTES {
            return Err(format!("The drawn picture has more than {} MB.", MOST_BYTES >> 20));
        }
        let mut original = Original::of_bytes(png);
        if original.container() != Container::Png {
            return Err("The drawn picture is no PNG.".to_owned());
        }
        let measures = measure(&mut original).map_err(|error| error.to_string())?;
        let (least, most) = (ThumbSize::Small.edge(), ThumbSize::Large.edge());
        match (measures.width, measures.height) {
            (Some(w), Some(h)) if w == h && (least..=most).contains(&w) => {}
            _ => {
                return Err(format!("The drawn picture is no square of {least} to {most} pixels."));
            }
        }
        let edges = SIZES.map(ThumbSize::edge);
        let made = thumbnails(&mut original, &edges, &self.shared.tools, &self.shared.stop())
            .map_err(|error| error.to_string())?;
        match made.damage {
            None => Ok(Drawn(made)),
            Some(_) => Err("The drawn picture is damaged.".to_owned()),
        }
    }

    /// Keeps a drawn picture as that of a content.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn keep(&self, hash: &str, drawn: &Drawn) -> io::Result<()> {
        self.shared.put(hash, &SIZES, &drawn.0)?;
        self.shared.clean_if_over();
        Ok(())
    }
}
