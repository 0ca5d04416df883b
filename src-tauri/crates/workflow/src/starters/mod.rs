//! Starters: workflows written by us, for who has no workflow yet.
//!
//! A starter asks for what a plain form has (words, a size, a picture) and is built for one server: it
//! takes the nodes and models that the server has, finds out which family the model is of, and sets
//! sizes, steps and sampler to what suits that family. What it chose it says, with the reason.
//!
//! Unlike the rest of this crate, this part names node classes: it writes workflows, and for that it
//! has to know some. They are ComfyUI's own (0.28.2; docs/STARTERS.md says where the values are from).

mod build;
mod chain;
mod family;
mod models;
mod names;
mod parts;
mod plain;
mod size;
mod suit;
mod table;
mod tokens;
mod types;
mod wires;

pub use build::build;
pub use family::family;
pub use models::{Model, models};
pub use table::starters;
pub use types::{
    Built, Cannot, Choice, Family, Field, Form, Guess, Loader, Lora, Metadata, Offer, Padding,
    Picture, Role, Server, Starter, StarterId, Variant,
};

/// The sizes that suit a model, a square first: width and height in pixels.
pub fn sizes(guess: &Guess) -> Vec<(u32, u32)> {
    size::offered(&suit::suit(guess))
}

/// Whether a negative prompt changes anything with a model.
pub fn uses_negative(guess: &Guess) -> bool {
    suit::suit(guess).cfg > 1.0
}
