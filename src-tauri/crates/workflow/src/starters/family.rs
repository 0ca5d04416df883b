//! Which family a model is of: from its metadata, else its name, else the folder it is in.

use super::{
    Family, Guess, Loader, Metadata, Role, Variant,
    names::{RULES, Rule},
    tokens::Tokens,
};

/// Where metadata says what a model is, the plainest first: the Model Spec's key, then what trainers
/// note of the model they began with.
const KEYS: &[&str] =
    &["modelspec.architecture", "ss_base_model_version", "ss_sd_model_name", "modelspec.title"];

/// Finds out the family of a model from its name (with the folder it is in), the list it is from, and
/// the metadata the server told, if it did.
pub fn family(name: &str, loader: Loader, metadata: Option<&Metadata>) -> Guess {
    let file = Tokens::of_file(name);
    let by_name = rule(&file);
    let told = metadata.and_then(|metadata| {
        KEYS.iter().find_map(|key| {
            let text = metadata.get(*key)?;
            // A model's name has an ending, an architecture has none.
            let tokens =
                if *key == "ss_sd_model_name" { Tokens::of_file(text) } else { Tokens::of(text) };
            Some((rule(&tokens)?, tokens, short(text)))
        })
    });
    let mut guess = if let Some((told, tokens, text)) = &told {
        // The name may say more: of all SDXL models it tells Pony from Illustrious.
        let closer = by_name.filter(|rule| rule.family == told.family && rule.variant.is_some());
        let mut guess = of(closer.unwrap_or(told), &format!("Its metadata says {text}."));
        guess.role = role(tokens, told).max_of(role(&file, told));
        guess
    } else if let Some(rule) = by_name {
        let why =
            if rule.why.is_empty() { "Its name says so.".to_owned() } else { rule.why.to_owned() };
        Guess { role: role(&file, rule), ..of(rule, &why) }
    } else if let Some(rule) = rule(&Tokens::of_folders(name)) {
        Guess { role: role(&file, rule), ..of(rule, "The folder it is in says so.") }
    } else {
        let where_from = match loader {
            Loader::Checkpoint => "checkpoints",
            Loader::DiffusionModel => "diffusion models",
        };
        let why =
            format!("Neither its name nor its metadata says, only that it is among {where_from}.");
        let role = role_of(&file).unwrap_or(Role::Pictures);
        Guess { role, ..guess_of(Family::Unknown, None, &why) }
    };
    let velocity = metadata
        .and_then(|metadata| metadata.get("modelspec.prediction_type"))
        .is_some_and(|kind| kind.starts_with('v'))
        || file.any(&["vpred", "vprediction"]).is_some();
    if velocity && matches!(guess.family, Family::Sd1 | Family::Sdxl) {
        guess.variant = Some(Variant::VPrediction);
    } else {
        guess.variant = quick(&file, &guess).or(guess.variant);
    }
    guess.steps = file.number_before(&["step", "steps"]).filter(|steps| (1..=50).contains(steps));
    guess
}

/// Models distilled for few steps, whatever else they are.
fn quick(file: &Tokens, guess: &Guess) -> Option<Variant> {
    if !matches!(
        guess.family,
        Family::Sd1
            | Family::Sd2
            | Family::Sdxl
            | Family::Sd3
            | Family::QwenImage
            | Family::ZImage
            | Family::Ernie
            | Family::Krea2
            | Family::Boogu
    ) {
        return None;
    }
    let of = [
        (&["lightning"][..], Variant::Lightning),
        (&["hyper", "hypersd"], Variant::Hyper),
        (&["lcm"], Variant::Lcm),
        (&["dmd", "dmd2"], Variant::Dmd),
        (&["turbo", "sdturbo"], Variant::Turbo),
    ];
    of.into_iter().find(|(phrases, _)| file.any(phrases).is_some()).map(|(_, variant)| variant)
}

fn rule(tokens: &Tokens) -> Option<&'static Rule> {
    RULES.iter().find(|rule| tokens.any(rule.phrases).is_some())
}

fn guess_of(family: Family, variant: Option<Variant>, why: &str) -> Guess {
    let why = why.to_owned();
    Guess { family, variant, role: Role::Pictures, steps: None, side: None, why }
}

fn of(rule: &Rule, why: &str) -> Guess {
    Guess { side: rule.side, ..guess_of(rule.family, rule.variant, why) }
}

/// What words say a model is for.
fn role_of(tokens: &Tokens) -> Option<Role> {
    let roles = [
        (
            &[
                "controlnet",
                "canny",
                "depth",
                "redux",
                "lotus",
                "^vae",
                "^sdxlvae",
                "^fluxvae",
                "^ae$",
                "^clip",
                "animatediff",
                "ipadapter",
                "layered",
                "radiance",
                "unconditional",
                "imagecontrol",
                "textencoder",
            ][..],
            Role::Elsewhere,
        ),
        (&["refiner"], Role::Refining),
        (&["inpaint", "inpainting", "fill"], Role::Inpainting),
        (&["edit", "kontext", "pix2pix", "ip2p", "instructpix2pix"], Role::Editing),
    ];
    roles.into_iter().find(|(phrases, _)| tokens.any(phrases).is_some()).map(|(_, role)| role)
}

fn role(tokens: &Tokens, rule: &Rule) -> Role {
    if rule.family == Family::Other {
        return Role::Elsewhere;
    }
    role_of(tokens).unwrap_or(Role::Pictures)
}

impl Role {
    /// The more special one of two.
    fn max_of(self, other: Self) -> Self {
        if self == Self::Pictures { other } else { self }
    }
}

/// A text of a file, short enough for a sentence.
fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
