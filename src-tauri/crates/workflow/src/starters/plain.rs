//! The starters that sample nothing.

use super::{
    Cannot,
    build::{load_picture, repeated, scaled, source, times},
    chain::Chain,
    size::LARGEST,
    tokens::Tokens,
    wires::{Out, list},
};
use serde_json::json;

/// The least and the most that a picture is enlarged.
const FACTORS: (f64, f64) = (1.0, 8.0);

/// Makes a picture larger: with an upscale model if the server has one. Gives its name.
pub fn upscale(chain: &mut Chain<'_>) -> Result<Option<String>, Cannot> {
    let source = source(chain.form)?;
    let factor = chain.form.factor;
    let factor = if factor.is_finite() { factor.clamp(FACTORS.0, FACTORS.1) } else { 2.0 };
    let size = source.size.map(|(width, height)| {
        let most = f64::from(LARGEST) / f64::from(width.max(height).max(1));
        let larger = |length: u32| super::size::rounded(f64::from(length) * factor.min(most), 1);
        (larger(width), larger(height))
    });
    let mut picture = load_picture(chain, &source)?;
    let model = upscaler(chain)?;
    if let Some(name) = &model {
        let loader = [("model_name", json!(name))];
        let loader = chain.wires.add("UpscaleModelLoader", "Load the upscale model", &loader)?;
        let inputs = [("upscale_model", loader.link()), ("image", picture.link())];
        picture = chain.wires.add("ImageUpscaleWithModel", "Enlarge", &inputs)?;
    } else {
        chain.notes.push(
            "The server has no upscale model, so the picture is enlarged without new detail. Put one, such as RealESRGAN_x4plus, into models/upscale_models there.".to_owned(),
        );
    }
    let picture = match size {
        Some(size) => {
            chain.choose("Size", times(size), format!("It is {factor} times as wide and high."));
            scaled(chain, &picture, size)?
        }
        None => by_factor(chain, &picture, model.as_deref(), factor)?,
    };
    chain.save(&picture)?;
    Ok(model)
}

/// The upscale model: the one that was named, else the one of the highest factor.
fn upscaler(chain: &mut Chain<'_>) -> Result<Option<String>, Cannot> {
    let names = list(chain.server.info, "UpscaleModelLoader", "model_name");
    if let Some(named) = &chain.form.upscaler {
        if !names.contains(&named.as_str()) {
            return Err(Cannot(format!(
                "The server has no upscale model {named}. Choose one it has."
            )));
        }
        chain.choose("Upscale model", named, "You chose it.");
        return Ok(Some(named.clone()));
    }
    let best = names.iter().rev().max_by_key(|name| own_factor(name).unwrap_or(0));
    let best = best.map(|name| (*name).to_owned());
    if let Some(name) = &best {
        let why = match names.len() {
            1 => "It is the only one the server has.".to_owned(),
            many => format!("Of {many}, it enlarges the most."),
        };
        chain.choose("Upscale model", name, why);
    }
    Ok(best)
}

/// By how much a model enlarges, where its name says: `x4`, `4x`.
fn own_factor(name: &str) -> Option<u32> {
    let tokens = Tokens::of_file(name);
    (2..=16).find(|factor| tokens.has(&format!("x{factor}")) || tokens.has(&format!("{factor}x")))
}

fn by_factor(
    chain: &mut Chain<'_>,
    picture: &Out,
    model: Option<&str>,
    factor: f64,
) -> Result<Out, Cannot> {
    let own = model.map_or(Some(1), own_factor);
    let Some(own) = own else {
        chain.notes.push(
            "How much the upscale model enlarges cannot be told from its name, so its result is kept as it is.".to_owned(),
        );
        return Ok(picture.clone());
    };
    chain.choose("Enlarged", format!("{factor} times"), "As you asked.");
    let method = chain.wires.pick("ImageScaleBy", "upscale_method", &["lanczos", "bicubic"])?;
    let inputs = [
        ("image", picture.link()),
        ("upscale_method", json!(method)),
        ("scale_by", json!(factor / f64::from(own))),
    ];
    chain.wires.add("ImageScaleBy", "To the size asked for", &inputs)
}

/// Two colours with a soft border between, or a picture in a soft frame: nothing is sampled, and the
/// seed chooses the colours.
pub fn model_free(chain: &mut Chain<'_>) -> Result<(), Cannot> {
    let (width, height) = chain.form.size.unwrap_or((768, 512));
    let (width, height) = (width.clamp(64, 4096), height.clamp(64, 4096));
    chain.choose("Size", times((width, height)), "Without a model every size will do.");
    let border = (width.min(height) / 8).max(16);
    let (inner_w, inner_h) = (width - 2 * border, height - 2 * border);
    let count = chain.count();
    // Seeds next to each other are to give colours far apart.
    let colour = |shift: u32| {
        json!((chain.form.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) & 0x00FF_FFFF)
    };
    let (frame_colour, inner_colour) = (colour(8), colour(36));
    let inner = match chain.form.picture.clone().filter(|picture| !picture.name.is_empty()) {
        Some(picture) => {
            let loaded = load_picture(chain, &picture)?;
            let scaled = scaled(chain, &loaded, (inner_w, inner_h))?;
            repeated(chain, scaled)?
        }
        None => {
            chain.choose("Colours", "two", "They follow from the seed.");
            area(chain, "The middle", (inner_w, inner_h), count, inner_colour)?
        }
    };
    let padded = chain.wires.add(
        "ImagePadForOutpaint",
        "Room for the frame",
        &[
            ("image", inner.link()),
            ("left", json!(border)),
            ("top", json!(border)),
            ("right", json!(border)),
            ("bottom", json!(border)),
            ("feathering", json!(border)),
        ],
    )?;
    let frame = area(chain, "The frame", (width, height), 1, frame_colour)?;
    let framed = chain.wires.add(
        "ImageCompositeMasked",
        "The frame over it",
        &[
            ("destination", padded.link()),
            ("source", frame.link()),
            ("x", json!(0)),
            ("y", json!(0)),
            ("resize_source", json!(false)),
            ("mask", padded.slot(1).link()),
        ],
    )?;
    chain.save(&framed)
}

fn area(
    chain: &mut Chain<'_>,
    title: &str,
    (width, height): (u32, u32),
    count: u32,
    colour: serde_json::Value,
) -> Result<Out, Cannot> {
    chain.wires.add(
        "EmptyImage",
        title,
        &[
            ("width", json!(width)),
            ("height", json!(height)),
            ("batch_size", json!(count)),
            ("color", colour),
        ],
    )
}
