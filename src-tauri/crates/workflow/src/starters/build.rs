//! The starters, one by one.

use super::{
    Built, Cannot, Form, Model, Picture, Role, Server, StarterId,
    chain::{Chain, Loaded, Words, advice},
    size::{self, LARGEST},
    suit::Suit,
    wires::{Out, list},
};
use serde_json::json;

/// Builds a starter for a server.
///
/// # Errors
/// A sentence: what is missing in the form or on the server, and what to do.
pub fn build(id: StarterId, form: &Form, server: &Server<'_>) -> Result<Built, Cannot> {
    let mut chain = Chain::new(form, server);
    let model = match id {
        StarterId::TextToPicture | StarterId::TextToPictureWithLoras => {
            Some(text_to_picture(&mut chain, id)?)
        }
        StarterId::PictureToPicture => Some(picture_to_picture(&mut chain)?),
        StarterId::Inpaint => Some(inpaint(&mut chain)?),
        StarterId::Outpaint => Some(outpaint(&mut chain)?),
        StarterId::Upscale => super::plain::upscale(&mut chain)?,
        StarterId::ModelFree => {
            super::plain::model_free(&mut chain)?;
            None
        }
    };
    let Chain { wires, chosen, notes, .. } = chain;
    Ok(Built { prompt: wires.finish()?, model, chosen, notes })
}

fn text_to_picture(chain: &mut Chain<'_>, id: StarterId) -> Result<String, Cannot> {
    let wants_loras = id == StarterId::TextToPictureWithLoras;
    if wants_loras
        && ["LoraLoader", "LoraLoaderModelOnly"]
            .iter()
            .all(|class| list(chain.server.info, class, "lora_name").is_empty())
    {
        return Err(Cannot(
            "The server has no LoRA. Put one into its models/loras folder, and refresh what it has.".to_owned(),
        ));
    }
    let loaded = chain.load(id)?;
    let words = chain.words(&loaded, None)?;
    let suit = &loaded.suit;
    let (width, height) = match chain.form.size {
        Some(wanted) => {
            let fitted = size::fit(suit, wanted);
            let why = if fitted == wanted {
                format!("It suits {}.", suit.name)
            } else {
                format!(
                    "It has the aspect ratio you chose, at about the pixels that {} is made for.",
                    suit.name
                )
            };
            chain.choose("Size", times(fitted), why);
            fitted
        }
        None => {
            let own = size::fit(suit, (1, 1));
            chain.choose("Size", times(own), format!("{} is made for it.", suit.name));
            own
        }
    };
    let latent = chain.wires.add(
        suit.latent,
        "Size and number",
        &[("width", json!(width)), ("height", json!(height)), ("batch_size", json!(chain.count()))],
    )?;
    finish(chain, loaded, &words, &latent, 1.0, Some((width, height)), None)
}

fn picture_to_picture(chain: &mut Chain<'_>) -> Result<String, Cannot> {
    let loaded = chain.load(StarterId::PictureToPicture)?;
    let Fitted { picture, size, .. } = fitted(chain, &loaded.suit)?;
    let edits = loaded.model.guess.role == Role::Editing;
    let encoded = chain.encode(&picture, &loaded)?;
    let words = chain.words(&loaded, edits.then_some((&picture, &encoded)))?;
    let latent = chain.repeated(encoded)?;
    let denoise = if edits {
        chain.choose(
            "Denoise",
            1.0,
            "The model sees the picture beside the words, and makes it anew.",
        );
        1.0
    } else {
        denoise(chain, 0.6, "It keeps the composition and leaves room for the words.")
    };
    finish(chain, loaded, &words, &latent, denoise, size, None)
}

fn inpaint(chain: &mut Chain<'_>) -> Result<String, Cannot> {
    let loaded = chain.load(StarterId::Inpaint)?;
    let Fitted { picture, transparent, size } = fitted(chain, &loaded.suit)?;
    let mask = match &chain.form.mask {
        Some(name) => {
            let inputs = [("image", json!(name)), ("channel", json!("red"))];
            chain.wires.add("LoadImageMask", "What to paint anew (white)", &inputs)?
        }
        None => {
            chain.notes.push(
                "No mask is given: what is transparent in the picture is painted anew.".to_owned(),
            );
            transparent
        }
    };
    let words = chain.words(&loaded, None)?;
    if loaded.model.guess.role == Role::Inpainting {
        let (words, latent) = filled(chain, &loaded, words, &picture, &mask)?;
        let latent = chain.repeated(latent)?;
        let denoise = denoise(chain, 1.0, "A model made for filling in starts from nothing.");
        return finish(chain, loaded, &words, &latent, denoise, size, Some((&picture, &mask)));
    }
    let encoded = chain.encode(&picture, &loaded)?;
    let inputs = [("samples", encoded.link()), ("mask", mask.link())];
    let latent = chain.wires.add("SetLatentNoiseMask", "Only within the mask", &inputs)?;
    let latent = chain.repeated(latent)?;
    let why =
        "A model that is not made for filling in needs something of the picture left to fit in.";
    let denoise = denoise(chain, 0.8, why);
    finish(chain, loaded, &words, &latent, denoise, size, Some((&picture, &mask)))
}

fn outpaint(chain: &mut Chain<'_>) -> Result<String, Cannot> {
    let loaded = chain.load(StarterId::Outpaint)?;
    let suit = &loaded.suit;
    let source = source(chain.form)?;
    let given = chain.form.padding;
    let sides =
        [given.left, given.top, given.right, given.bottom].map(|side| side.min(LARGEST / 4));
    if sides == [0; 4] {
        return Err(Cannot("Say on which sides the picture is to be continued.".to_owned()));
    }
    let loaded_picture = load_picture(chain, &source)?;
    // So that the whole has about the pixels of the family.
    let scale = source.size.map_or(1.0, |(width, height)| {
        let whole = f64::from(width.saturating_add(sides[0] + sides[2]))
            * f64::from(height.saturating_add(sides[1] + sides[3]));
        f64::from(suit.side) / whole.sqrt()
    });
    let step = suit.multiple.min(16);
    let [left, top, right, bottom] =
        sides.map(|side| if side == 0 { 0 } else { size::rounded(f64::from(side) * scale, step) });
    let (picture, size) = match source.size {
        Some((width, height)) => {
            let inner = (
                size::rounded(f64::from(width) * scale, step),
                size::rounded(f64::from(height) * scale, step),
            );
            let whole = (inner.0 + left + right, inner.1 + top + bottom);
            chain.choose(
                "Size",
                times(whole),
                format!("With what is added, it suits {}.", suit.name),
            );
            (resized(chain, &loaded_picture, (width, height), inner)?, Some(whole))
        }
        None => (to_pixels(chain, loaded_picture, suit)?, None),
    };
    let feathering = [left, top, right, bottom].into_iter().filter(|side| *side > 0).min();
    let padded = chain.wires.add(
        "ImagePadForOutpaint",
        "Beyond the edges",
        &[
            ("image", picture.link()),
            ("left", json!(left)),
            ("top", json!(top)),
            ("right", json!(right)),
            ("bottom", json!(bottom)),
            ("feathering", json!(feathering.map_or(0, |side| (side / 3).min(40)))),
        ],
    )?;
    let mask = padded.slot(1);
    let words = chain.words(&loaded, None)?;
    let (words, latent) = if loaded.model.guess.role == Role::Inpainting {
        filled(chain, &loaded, words, &padded, &mask)?
    } else {
        let inputs = [
            ("pixels", padded.link()),
            ("vae", loaded.vae.link()),
            ("mask", mask.link()),
            ("grow_mask_by", json!(8)),
        ];
        let latent = chain.wires.add("VAEEncodeForInpaint", "Only beyond the edges", &inputs)?;
        chain.notes.push(format!(
            "{} is not made for filling in. Where the new part does not fit, an inpainting model does better.",
            loaded.model.name
        ));
        (words, latent)
    };
    let latent = chain.repeated(latent)?;
    chain.choose("Denoise", 1.0, "Beyond the edges there is nothing to keep.");
    finish(chain, loaded, &words, &latent, 1.0, size, Some((&padded, &mask)))
}

/// Words and latent for a model made for filling in.
fn filled(
    chain: &mut Chain<'_>,
    loaded: &Loaded,
    words: Words,
    picture: &Out,
    mask: &Out,
) -> Result<(Words, Out), Cannot> {
    let all = chain.wires.add(
        "InpaintModelConditioning",
        "The part to fill in",
        &[
            ("positive", words.positive.link()),
            ("negative", words.negative.link()),
            ("vae", loaded.vae.link()),
            ("pixels", picture.link()),
            ("mask", mask.link()),
        ],
    )?;
    Ok((Words { positive: all.clone(), negative: all.slot(1) }, all.slot(2)))
}

/// Samples, puts back what was not to change, and saves. Gives the name of the model.
fn finish(
    chain: &mut Chain<'_>,
    loaded: Loaded,
    words: &Words,
    latent: &Out,
    denoise: f64,
    size: Option<(u32, u32)>,
    keep: Option<(&Out, &Out)>,
) -> Result<String, Cannot> {
    let mut pictures = chain.sample(&loaded, words, latent, denoise, size)?;
    if let Some((picture, mask)) = keep.filter(|_| chain.wires.has("ImageCompositeMasked")) {
        let picture = repeated(chain, picture.clone())?;
        let inputs = [
            ("destination", picture.link()),
            ("source", pictures.link()),
            ("x", json!(0)),
            ("y", json!(0)),
            ("resize_source", json!(true)),
            ("mask", mask.link()),
        ];
        // Else what lies outside the mask would change a little too, by the way through the VAE.
        pictures = chain.wires.add("ImageCompositeMasked", "Keep the rest as it was", &inputs)?;
    }
    chain.save(&pictures)?;
    if let Some(advice) = advice(&loaded) {
        chain.notes.push(advice.to_owned());
    }
    let Loaded { model: Model { name, .. }, .. } = loaded;
    Ok(name)
}

/// As many of a picture as are made.
pub fn repeated(chain: &mut Chain<'_>, picture: Out) -> Result<Out, Cannot> {
    if chain.count() == 1 {
        return Ok(picture);
    }
    let inputs = [("image", picture.link()), ("amount", json!(chain.count()))];
    chain.wires.add("RepeatImageBatch", "As many as are made", &inputs)
}

/// The picture that goes in. Without a name it is chosen later, in the prompt that was built.
///
/// # Errors
/// When the form has none.
pub fn source(form: &Form) -> Result<Picture, Cannot> {
    form.picture.clone().ok_or_else(|| Cannot("Give the picture to start from.".to_owned()))
}

/// Loads a picture.
pub fn load_picture(chain: &mut Chain<'_>, picture: &Picture) -> Result<Out, Cannot> {
    chain.wires.add("LoadImage", "The picture", &[("image", json!(picture.name))])
}

/// The picture that goes in, in a size that suits.
struct Fitted {
    picture: Out,
    /// Its transparent parts, as a mask.
    transparent: Out,
    /// Its size, if it is known.
    size: Option<(u32, u32)>,
}

fn fitted(chain: &mut Chain<'_>, suit: &Suit) -> Result<Fitted, Cannot> {
    let source = source(chain.form)?;
    let loaded = load_picture(chain, &source)?;
    let Some(is) = source.size else {
        let transparent = loaded.slot(1);
        let picture = to_pixels(chain, loaded, suit)?;
        return Ok(Fitted { picture, transparent, size: None });
    };
    let wanted = size::fit(suit, is);
    let why = format!(
        "It is the picture's aspect ratio, at about the pixels that {} is made for.",
        suit.name
    );
    chain.choose("Size", times(wanted), why);
    let picture = resized(chain, &loaded, is, wanted)?;
    Ok(Fitted { picture, transparent: loaded.slot(1), size: Some(wanted) })
}

/// A picture of any size at about the pixels that suit.
fn to_pixels(chain: &mut Chain<'_>, picture: Out, suit: &Suit) -> Result<Out, Cannot> {
    const CLASS: &str = "ImageScaleToTotalPixels";
    let own = times((suit.side, suit.side));
    if !chain.wires.has(CLASS) {
        chain.notes.push(format!(
            "The size of the picture is not known, so it is used as it is. {} is made for pictures of about {own}.",
            suit.name
        ));
        return Ok(picture);
    }
    let why = format!(
        "Whatever picture goes in keeps its aspect ratio and gets the pixels that {} is made for.",
        suit.name
    );
    chain.choose("Size", format!("the pixels of {own}"), why);
    // The node counts in 1,024 × 1,024.
    let megapixels = (f64::from(suit.side) / 1_024.0).powi(2);
    let method = chain.wires.pick(CLASS, "upscale_method", &["lanczos", "bicubic"])?;
    chain.wires.add(
        CLASS,
        "A size that suits",
        &[
            ("image", picture.link()),
            ("upscale_method", json!(method)),
            ("megapixels", json!((megapixels * 100.0).round() / 100.0)),
        ],
    )
}

fn resized(
    chain: &mut Chain<'_>,
    picture: &Out,
    is: (u32, u32),
    wanted: (u32, u32),
) -> Result<Out, Cannot> {
    if is == wanted {
        return Ok(picture.clone());
    }
    scaled(chain, picture, wanted)
}

/// A picture in a size.
pub fn scaled(
    chain: &mut Chain<'_>,
    picture: &Out,
    (width, height): (u32, u32),
) -> Result<Out, Cannot> {
    let method = chain.wires.pick("ImageScale", "upscale_method", &["lanczos", "bicubic"])?;
    chain.wires.add(
        "ImageScale",
        "A size that suits",
        &[
            ("image", picture.link()),
            ("upscale_method", json!(method)),
            ("width", json!(width)),
            ("height", json!(height)),
            ("crop", json!("disabled")),
        ],
    )
}

fn denoise(chain: &mut Chain<'_>, usual: f64, why: &str) -> f64 {
    match chain.form.denoise.filter(|denoise| denoise.is_finite()) {
        Some(denoise) => denoise.clamp(0.0, 1.0),
        None => {
            chain.choose("Denoise", usual, why);
            usual
        }
    }
}

/// `1024 × 768`.
pub fn times((width, height): (u32, u32)) -> String {
    format!("{width} × {height}")
}
