//! Starters: workflows written by us, for who has no workflow yet.
//!
//! A starter asks for what a plain form has (words, a size, a picture) and is built for one server: it
//! takes the nodes and models that the server has, finds out which family the model is of, and sets
//! sizes, steps and sampler to what suits that family. What it chose it says, with the reason.
//!
//! Unlike the rest of this crate, this part names node classes: it writes workflows, and for that it
//! has to know some. They are ComfyUI's own (0.28.2; docs/STARTERS.md says where the values are from).

mod types;

pub use types::{
    Built, Cannot, Choice, Family, Field, Form, Guess, Loader, Lora, Metadata, Offer, Padding,
    Picture, Role, Server, Starter, StarterId, Variant,
};

/// All starters, with what a server lacks for each.
pub fn starters(server: &Server<'_>) -> Vec<Offer> {
    let _ = server;
    Vec::new()
}

/// Builds a starter for a server.
///
/// # Errors
/// A sentence: what is missing in the form or on the server, and what to do.
pub fn build(id: StarterId, form: &Form, server: &Server<'_>) -> Result<Built, Cannot> {
    let _ = (id, form, server);
    Err(Cannot("This starter is not written yet.".to_owned()))
}

/// The sizes that suit a model of the server, the usual one first: width and height in pixels.
pub fn sizes(guess: &Guess) -> Vec<(u32, u32)> {
    let _ = guess;
    Vec::new()
}

/// A model of a server, as the plain form offers it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Model {
    /// Its name, as the server's list has it.
    pub name: String,
    /// Which list it is in.
    pub loader: Loader,
    /// What it is taken to be.
    pub guess: Guess,
    /// Why a starter cannot use it (a missing text encoder, a model of videos), in one sentence.
    pub lacks: Option<String>,
}

/// The models of a server that starters may use, best first.
pub fn models(id: StarterId, server: &Server<'_>) -> Vec<Model> {
    let _ = (id, server);
    Vec::new()
}

/// Finds out the family of a model from its name (with the folder it is in), the list it is from, and
/// the metadata the server told, if it did.
pub fn family(name: &str, loader: Loader, metadata: Option<&Metadata>) -> Guess {
    let _ = (name, loader, metadata);
    Guess { family: Family::Unknown, variant: None, role: Role::Pictures, why: String::new() }
}
