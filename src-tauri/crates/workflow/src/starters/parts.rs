//! Text encoders and VAEs that fit a model which comes without.

use super::{
    Cannot,
    suit::{Encoders, Suit},
    tokens::Tokens,
    wires::list,
};
use crate::ObjectInfo;

/// A file that was chosen, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The input it goes into.
    pub input: String,
    /// Its name, as the server's list has it.
    pub name: String,
    /// Why this one.
    pub why: String,
}

/// Chooses the text encoders of a family.
///
/// # Errors
/// When the server lacks one, or its node does not know the family.
pub fn encoders(
    wanted: &Encoders,
    suit: &Suit,
    model: &str,
    info: &ObjectInfo,
) -> Result<Vec<Part>, Cannot> {
    let Encoders { class, kind, files } = wanted;
    if info.get(class).is_none() || kind.is_some_and(|it| !list(info, class, "type").contains(&it))
    {
        let kind = kind.map(|kind| format!(" that knows {kind}")).unwrap_or_default();
        return Err(Cannot(format!(
            "{model} is {}, and the server has no {class} node{kind}. Update ComfyUI there.",
            suit.name
        )));
    }
    let numbered = files.len() > 1;
    let mut parts = Vec::new();
    let mut missing = Vec::new();
    for (at, (called, phrases)) in files.iter().enumerate() {
        let input = if numbered { format!("clip_name{}", at + 1) } else { "clip_name".to_owned() };
        match best(&list(info, class, &input), phrases, model) {
            Some((name, precision)) => {
                let why = format!("{} reads words with {called}.{precision}", suit.name);
                parts.push(Part { input, name, why });
            }
            None => missing.push(*called),
        }
    }
    if missing.is_empty() {
        return Ok(parts);
    }
    let more = if missing.len() == 1 { "the text encoder" } else { "the text encoders" };
    Err(Cannot(format!(
        "{model} is {} and needs {more} {}, which the server does not list. Put the files into models/text_encoders there.",
        suit.name,
        and(&missing)
    )))
}

/// Chooses the VAE of a family.
///
/// # Errors
/// When the server has none that fits.
pub fn vae(suit: &Suit, model: &str, info: &ObjectInfo) -> Result<Part, Cannot> {
    if let Some((name, _)) = best(&list(info, "VAELoader", "vae_name"), suit.vaes, model) {
        let why = format!("It is the VAE of {}.", suit.name);
        return Ok(Part { input: "vae_name".to_owned(), name, why });
    }
    let called = suit.vaes.first().map_or("a VAE", |phrase| vae_called(phrase));
    Err(Cannot(format!(
        "{model} is {} and needs its VAE ({called}), which the server does not list. Put the file into models/vae there.",
        suit.name
    )))
}

/// What a VAE's file is called where ComfyUI offers it.
fn vae_called(phrase: &str) -> &str {
    match phrase {
        "^ae$" => "ae.safetensors",
        "qwenimagevae" => "qwen_image_vae.safetensors",
        "flux2vae" => "flux2-vae.safetensors",
        "vaeftmse" => "vae-ft-mse-840000-ema-pruned.safetensors",
        "sdxlvae" => "sdxl_vae.safetensors",
        "sd3vae" => "sd3_vae.safetensors",
        other => other,
    }
}

/// The best of a list by phrases, of these by precision: a model in 8 bits has its encoder in 8 bits,
/// any other the full one. With it, what to say of the precision.
fn best(names: &[&str], phrases: &[&str], model: &str) -> Option<(String, &'static str)> {
    const SMALL: &[&str] = &["fp8", "fp4", "nvfp4", "int8", "int4", "fp8scaled", "fp8mixed"];
    let is_small = |name: &str| Tokens::of_file(name).any(SMALL).is_some();
    let fitting = phrases.iter().find_map(|phrase| {
        let fitting: Vec<&str> =
            names.iter().copied().filter(|name| Tokens::of_file(name).has(phrase)).collect();
        (!fitting.is_empty()).then_some(fitting)
    })?;
    let small = is_small(model);
    let chosen = fitting.iter().find(|name| is_small(name) == small).or(fitting.first())?;
    let why = match (fitting.len(), is_small(chosen)) {
        (1, _) => "",
        (_, true) if small => " Of several, this one is small, as the model is.",
        (_, true) => "",
        (_, false) => " Of several, this one is exact, as the model is.",
    };
    Some(((*chosen).to_owned(), why))
}

/// `a, b and c`.
pub fn and(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
