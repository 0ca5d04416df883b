//! The models of a server: what each is, what it is good for, and which one is taken.

use super::{
    Cannot, Family, Guess, Loader, Role, Server, StarterId, Variant, family, parts,
    suit::{Suit, suit},
    tokens::Tokens,
    wires::list,
};
use std::cmp::Reverse;

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

/// Lists of models, with the node and the input that have them.
const LISTS: [(Loader, &str, &str); 2] = [
    (Loader::Checkpoint, "CheckpointLoaderSimple", "ckpt_name"),
    (Loader::DiffusionModel, "UNETLoader", "unet_name"),
];
/// The most models that are looked at.
const MOST: usize = 5_000;

/// The models of a server for a starter, the best first; those it cannot use last, with the reason.
/// None for starters that take no such model.
pub fn models(id: StarterId, server: &Server<'_>) -> Vec<Model> {
    if matches!(id, StarterId::Upscale | StarterId::ModelFree) {
        return Vec::new();
    }
    let mut models = all(server);
    for model in &mut models {
        model.lacks = lacks(id, model, server);
    }
    models.sort_by_key(|model| (model.lacks.is_some(), rank(id, model)));
    models
}

fn all(server: &Server<'_>) -> Vec<Model> {
    let mut models: Vec<Model> = Vec::new();
    for (loader, class, input) in LISTS {
        for name in list(server.info, class, input).into_iter().take(MOST) {
            let guess = family(name, loader, server.metadata.get(name));
            models.push(Model { name: name.to_owned(), loader, guess, lacks: None });
        }
    }
    models
}

/// The model a starter takes: the one that was named, else the best.
///
/// # Errors
/// When the server does not have it, it cannot be used, or there is none that can.
pub fn chosen(
    id: StarterId,
    named: Option<&str>,
    loras: &[&str],
    server: &Server<'_>,
) -> Result<(Model, String), Cannot> {
    if let Some(name) = named {
        let model = all(server)
            .into_iter()
            .find(|model| model.name == name)
            .ok_or_else(|| Cannot(format!("The server has no model {name}. Choose one it has.")))?;
        return match lacks(id, &model, server) {
            Some(lacks) => Err(Cannot(lacks)),
            None => Ok((model, "You chose it.".to_owned())),
        };
    }
    let models = models(id, server);
    let usable: Vec<&Model> = models.iter().filter(|model| model.lacks.is_none()).collect();
    // A LoRA goes with models of its family only; of several, the first decides.
    let of_lora = |lora: &&str| family(lora, Loader::Checkpoint, server.metadata.get(*lora)).family;
    let wanted = loras.iter().map(of_lora).find(|family| *family != Family::Unknown);
    if let Some(model) = usable.iter().find(|model| Some(model.guess.family) == wanted) {
        return Ok(((*model).clone(), "It is of the family that the LoRA is for.".to_owned()));
    }
    if let Some(model) = usable.first() {
        let why = match (usable.len(), model.guess.role) {
            (1, _) => "It is the only one the server has for this.".to_owned(),
            (many, Role::Inpainting) => format!("It is made for filling in; {many} would do."),
            (many, _) if model.guess.family == Family::Unknown => {
                format!("Of {many} whose family is not known, it is the first.")
            }
            (many, _) => format!("Of the {many} that would do, it is of the newest family."),
        };
        return Ok(((*model).clone(), why));
    }
    // What comes closest tells best what is missing.
    let missing =
        models.iter().find(|model| is_for(id, model)).and_then(|model| model.lacks.clone());
    let none = if models.is_empty() {
        "The server lists no models. Put a checkpoint into models/checkpoints there."
    } else {
        "The server has no model that this starter can use. Put a checkpoint of Stable Diffusion or Flux into models/checkpoints there."
    };
    Err(Cannot(missing.unwrap_or_else(|| none.to_owned())))
}

/// Why a starter cannot use a model.
fn lacks(id: StarterId, model: &Model, server: &Server<'_>) -> Option<String> {
    if !is_for(id, model) {
        return Some(not_for(model));
    }
    let suit = suit(&model.guess);
    if model.loader == Loader::DiffusionModel {
        return split(&suit, &model.name, server).err().map(|Cannot(why)| why);
    }
    None
}

/// The text encoders and the VAE of a model that comes without.
pub fn split(
    suit: &Suit,
    model: &str,
    server: &Server<'_>,
) -> Result<(Vec<parts::Part>, parts::Part), Cannot> {
    Ok((encoders(suit, model, server)?, parts::vae(suit, model, server.info)?))
}

/// The text encoders of a model that comes without.
pub fn encoders(suit: &Suit, model: &str, server: &Server<'_>) -> Result<Vec<parts::Part>, Cannot> {
    let wanted = suit.encoders.as_ref().ok_or_else(|| {
        Cannot(format!(
            "{model} is {} without a text encoder, and this starter knows none for it. Take a whole checkpoint.",
            suit.name
        ))
    })?;
    parts::encoders(wanted, suit, model, server.info)
}

/// Whether a model is of a kind that a starter uses.
fn is_for(id: StarterId, model: &Model) -> bool {
    let guess = &model.guess;
    // Alone, a model of an unknown family has no text encoder that could be guessed.
    if guess.family == Family::Other
        || (guess.family == Family::Unknown && model.loader == Loader::DiffusionModel)
    {
        return false;
    }
    let fills = matches!(id, StarterId::Inpaint | StarterId::Outpaint);
    match guess.role {
        Role::Pictures => true,
        Role::Inpainting => {
            fills && matches!(guess.family, Family::Sd1 | Family::Sd2 | Family::Sdxl | Family::Flux)
        }
        Role::Editing => {
            edits(guess) && !fills && (id == StarterId::PictureToPicture || is_kontext(guess))
        }
        Role::Refining | Role::Elsewhere => false,
    }
}

/// Whether a model that edits is of a kind that is known here.
fn edits(guess: &Guess) -> bool {
    is_kontext(guess) || guess.family == Family::QwenImage
}

pub fn is_kontext(guess: &Guess) -> bool {
    guess.family == Family::Flux && guess.variant == Some(Variant::Kontext)
}

fn not_for(model: &Model) -> String {
    let Model { name, guess, .. } = model;
    match guess.role {
        _ if guess.family == Family::Unknown => format!(
            "What family {name} is of cannot be told, and without that its text encoder is not known. Start with a workflow made for it."
        ),
        Role::Inpainting => {
            format!("{name} fills in parts of pictures. Take the starter for that.")
        }
        Role::Refining => format!("{name} only finishes what another model has begun."),
        Role::Editing => {
            format!("{name} changes pictures as told, which this starter does not use.")
        }
        Role::Pictures | Role::Elsewhere => format!(
            "{name} makes no pictures in a way that this starter knows. Start with a workflow made for it."
        ),
    }
}

/// The order in which models are offered, the lowest first.
fn rank(id: StarterId, model: &Model) -> (bool, bool, usize, usize, Reverse<u32>) {
    let guess = &model.guess;
    let fills = matches!(id, StarterId::Inpaint | StarterId::Outpaint);
    let edits = guess.role == Role::Editing;
    let variant = match guess.variant {
        None | Some(Variant::Illustrious | Variant::KleinBase) => 0,
        Some(Variant::NoobAi | Variant::Krea | Variant::Klein | Variant::Dev) => 1,
        Some(_) => 2,
    };
    // Z-Image and Krea are known for their quick ones.
    let variant = if matches!(guess.family, Family::ZImage | Family::Krea2) { 0 } else { variant };
    (
        edits,
        fills && guess.role != Role::Inpainting,
        newest(guess.family),
        variant,
        Reverse(Tokens::of_file(&model.name).version()),
    )
}

/// Families, the newest first; among those of a year, the one that does with less memory.
fn newest(family: Family) -> usize {
    const ORDER: &[Family] = &[
        Family::Krea2,
        Family::Boogu,
        Family::Ernie,
        Family::ZImage,
        Family::Flux2,
        Family::LongCat,
        Family::Ovis,
        Family::QwenImage,
        Family::Anima,
        Family::Chroma,
        Family::HiDream,
        Family::Lumina2,
        Family::Flux,
        Family::Sd3,
        Family::Sdxl,
        Family::AuraFlow,
        Family::Sd1,
        Family::Sd2,
    ];
    ORDER.iter().position(|it| *it == family).unwrap_or(ORDER.len())
}
