//! What suits a family: sizes, steps, CFG, sampler, and the nodes around it.
//!
//! Values are those of ComfyUI's own templates (comfyui-workflow-templates 0.11.12) where it has one
//! for the family, and of the makers' model cards where it has none.

use super::{Family, Guess, Role, Variant};

/// How a family is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Suit {
    /// The family's name, for people.
    pub name: &'static str,
    /// The length of a side of a square picture, in pixels.
    pub side: u32,
    /// What width and height are multiples of, in pixels.
    pub multiple: u32,
    /// Steps.
    pub steps: u32,
    /// CFG. At 1 a negative prompt changes nothing.
    pub cfg: f64,
    /// Samplers, the best first.
    pub samplers: &'static [&'static str],
    /// Schedulers, the best first.
    pub schedulers: &'static [&'static str],
    /// The node that makes an empty latent.
    pub latent: &'static str,
    /// A node that changes the model, and its values.
    pub patch: Option<(&'static str, &'static [(&'static str, Value)])>,
    /// The guidance of a Flux model.
    pub guidance: Option<f64>,
    /// Text encoders, for a model that comes without.
    pub encoders: Option<Encoders>,
    /// Phrases that tell a VAE that fits, the best first; none where none is known.
    pub vaes: &'static [&'static str],
}

/// A value of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Float(f64),
    Text(&'static str),
    Bool(bool),
}

/// How text encoders are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoders {
    /// The node.
    pub class: &'static str,
    /// Its `type`, if it has one.
    pub kind: Option<&'static str>,
    /// For each file: its name for people, and phrases that tell one that fits, the best first.
    pub files: &'static [(&'static str, &'static [&'static str])],
}

const CLIP_L: (&str, &[&str]) = ("clip_l", &["clipl"]);
const CLIP_G: (&str, &[&str]) = ("clip_g", &["clipg"]);
const T5: (&str, &[&str]) = ("t5xxl", &["t5xxl", "t5v11xxl"]);
const QWEN_VL: (&str, &[&str]) = ("qwen_2.5_vl_7b", &["qwen25vl7b", "qwen25vl"]);
const QWEN_4B: (&str, &[&str]) = ("qwen_3_4b", &["qwen34b"]);
const LLAMA: (&str, &[&str]) =
    ("llama_3.1_8b_instruct", &["llama318binstruct", "llama31instruct", "llama318b"]);

const fn one(
    kind: &'static str,
    files: &'static [(&'static str, &'static [&'static str])],
) -> Option<Encoders> {
    Some(Encoders { class: "CLIPLoader", kind: Some(kind), files })
}

const AE: &[&str] = &["^ae$", "^aesft$", "fluxvae", "flux1vae", "fluxae", "flux1ae"];
const QWEN_VAE: &[&str] = &["qwenimagevae"];
const FLUX2_VAE: &[&str] = &["flux2vae", "flux2ae", "fullencodersmalldecoder"];
const SIMPLE: &[&str] = &["simple", "normal"];
const EULER: &[&str] = &["euler"];
const SD3_LATENT: &str = "EmptySD3LatentImage";
const FLUX2_LATENT: &str = "EmptyFlux2LatentImage";
const AURA: &str = "ModelSamplingAuraFlow";

/// The chain of Stable Diffusion 1, which others are made from.
const PLAIN: Suit = Suit {
    name: "Stable Diffusion 1.5",
    side: 512,
    multiple: 64,
    steps: 25,
    cfg: 7.0,
    samplers: &["dpmpp_2m", "euler"],
    schedulers: &["karras", "normal"],
    latent: "EmptyLatentImage",
    patch: None,
    guidance: None,
    encoders: one("stable_diffusion", &[CLIP_L]),
    vaes: &["vaeftmse", "vaeft", "klf8"],
};

/// A model of the newer kind: flow matching, 1024 pixels, euler.
const FLOW: Suit = Suit {
    side: 1024,
    multiple: 16,
    steps: 20,
    cfg: 4.0,
    samplers: EULER,
    schedulers: SIMPLE,
    latent: SD3_LATENT,
    encoders: None,
    vaes: AE,
    ..PLAIN
};

/// What suits a model.
pub fn suit(guess: &Guess) -> Suit {
    let mut suit = of_family(guess);
    if let Some(side) = guess.side {
        suit.side = side;
    }
    if let Some(steps) = guess.steps.filter(|_| suit.steps <= 16) {
        suit.steps = steps;
    }
    suit
}

fn of_family(guess: &Guess) -> Suit {
    let variant = guess.variant;
    match guess.family {
        Family::Sd1 => few_steps(variant, PLAIN),
        Family::Sd2 => few_steps(variant, Suit { name: "Stable Diffusion 2", side: 768, ..PLAIN }),
        Family::Sdxl => sdxl(guess),
        Family::Sd3 => sd3(variant),
        Family::Flux => flux(guess),
        Family::Flux2 => flux2(variant),
        Family::QwenImage => qwen(guess),
        Family::ZImage => {
            let base = Suit {
                name: "Z-Image",
                steps: 25,
                samplers: &["res_multistep", "euler"],
                patch: Some((AURA, &[("shift", Value::Float(3.0))])),
                encoders: one("lumina2", &[QWEN_4B]),
                ..FLOW
            };
            distilled(variant, 8, Suit { name: "Z-Image Turbo", ..base.clone() }, base)
        }
        Family::Chroma => Suit {
            name: "Chroma",
            steps: 26,
            cfg: 3.5,
            schedulers: &["beta", "simple", "normal"],
            patch: Some((AURA, &[("shift", Value::Float(1.0))])),
            encoders: one("chroma", &[T5]),
            ..FLOW
        },
        Family::HiDream => hidream(variant),
        Family::Lumina2 => Suit {
            name: "Lumina 2",
            steps: 30,
            samplers: &["res_multistep", "euler"],
            patch: Some((AURA, &[("shift", Value::Float(4.0))])),
            encoders: one("lumina2", &[("gemma_2_2b", &["gemma22b"])]),
            ..FLOW
        },
        Family::AuraFlow => Suit {
            name: "AuraFlow",
            multiple: 64,
            steps: 25,
            cfg: 3.5,
            samplers: &["uni_pc", "euler"],
            schedulers: &["normal"],
            latent: PLAIN.latent,
            patch: Some((AURA, &[("shift", Value::Float(1.73))])),
            vaes: &["sdxlvae"],
            ..FLOW
        },
        Family::Anima => Suit {
            name: "Anima",
            steps: 30,
            samplers: &["er_sde", "euler"],
            latent: PLAIN.latent,
            encoders: one(
                "stable_diffusion",
                &[("qwen_3_06b_base", &["qwen306b", "qwen306bbase"])],
            ),
            vaes: QWEN_VAE,
            ..FLOW
        },
        Family::Krea2 => Suit {
            name: "Krea 2",
            steps: if variant == Some(Variant::Turbo) { 8 } else { 20 },
            cfg: if variant == Some(Variant::Turbo) { 1.0 } else { 4.0 },
            latent: PLAIN.latent,
            encoders: one("krea2", &[("qwen3vl_4b", &["qwen3vl4b"])]),
            vaes: QWEN_VAE,
            ..FLOW
        },
        Family::Ernie => {
            let base = Suit {
                name: "ERNIE Image",
                latent: FLUX2_LATENT,
                encoders: one("flux2", &[("ministral-3-3b", &["ministral33b"])]),
                vaes: FLUX2_VAE,
                ..FLOW
            };
            distilled(variant, 8, Suit { name: "ERNIE Image Turbo", ..base.clone() }, base)
        }
        Family::LongCat => Suit {
            name: "LongCat Image",
            guidance: Some(4.0),
            encoders: one("longcat_image", &[QWEN_VL]),
            ..FLOW
        },
        Family::Ovis => Suit {
            name: "Ovis Image",
            cfg: 5.0,
            patch: Some((AURA, &[("shift", Value::Float(3.0))])),
            encoders: one("ovis", &[("ovis_2.5", &["ovis25"])]),
            ..FLOW
        },
        Family::Boogu => {
            let base = Suit {
                name: "Boogu Image",
                latent: PLAIN.latent,
                encoders: one("boogu", &[("qwen3vl_8b", &["qwen3vl8b"])]),
                ..FLOW
            };
            let turbo =
                Suit { samplers: &["lcm", "euler"], schedulers: &["sgm_uniform"], ..base.clone() };
            distilled(variant, 4, Suit { name: "Boogu Image Turbo", ..turbo }, base)
        }
        Family::Other | Family::Unknown => Suit { name: "a family that is not known", ..PLAIN },
    }
}

/// `turbo` with so many steps and CFG 1 for a distilled model, else `base`.
fn distilled(variant: Option<Variant>, steps: u32, turbo: Suit, base: Suit) -> Suit {
    match variant {
        Some(Variant::Turbo | Variant::Lightning) => Suit { steps, cfg: 1.0, ..turbo },
        _ => base,
    }
}

/// Stable Diffusion models distilled for few steps.
fn few_steps(variant: Option<Variant>, base: Suit) -> Suit {
    const SDE: &[&str] = &["dpmpp_sde", "euler_ancestral", "euler"];
    const LCM: &[&str] = &["lcm", "euler"];
    const KARRAS: &[&str] = &["karras", "normal"];
    const SGM: &[&str] = &["sgm_uniform", "normal"];
    let (steps, cfg, samplers, schedulers) = match variant {
        Some(Variant::Turbo) => (8, 2.0, SDE, KARRAS),
        Some(Variant::Lightning) => (8, 1.0, EULER, SGM),
        Some(Variant::Hyper) => (8, 1.5, SDE, KARRAS),
        Some(Variant::Lcm) => (8, 1.5, LCM, SGM),
        Some(Variant::Dmd) => (8, 1.0, LCM, SGM),
        Some(Variant::VPrediction) => {
            let patch: &[_] =
                &[("sampling", Value::Text("v_prediction")), ("zsnr", Value::Bool(true))];
            return Suit {
                steps: 28,
                cfg: 4.5,
                samplers: EULER,
                schedulers: &["normal"],
                patch: Some(("ModelSamplingDiscrete", patch)),
                ..base
            };
        }
        _ => return base,
    };
    Suit { steps, cfg, samplers, schedulers, ..base }
}

fn sdxl(guess: &Guess) -> Suit {
    let base = Suit {
        name: "SDXL",
        side: 1024,
        encoders: Some(Encoders {
            class: "DualCLIPLoader",
            kind: Some("sdxl"),
            files: &[CLIP_L, CLIP_G],
        }),
        vaes: &["sdxlvae"],
        ..PLAIN
    };
    let drawn = Suit {
        steps: 28,
        cfg: 5.5,
        samplers: &["euler_ancestral", "euler"],
        schedulers: &["normal"],
        ..base.clone()
    };
    match guess.variant {
        Some(Variant::Pony) => Suit { name: "Pony (SDXL)", cfg: 7.0, ..drawn },
        Some(Variant::Illustrious) => Suit { name: "Illustrious (SDXL)", ..drawn },
        Some(Variant::NoobAi) => Suit { name: "NoobAI (SDXL)", cfg: 5.0, ..drawn },
        // Stability's own turbo; what others made from it is closer to the plain one.
        Some(Variant::Turbo) if guess.side == Some(512) => Suit {
            name: "SDXL Turbo",
            steps: 4,
            cfg: 1.0,
            samplers: &["euler_ancestral", "euler"],
            schedulers: &["sgm_uniform", "normal"],
            ..base
        },
        variant => few_steps(variant, base),
    }
}

fn sd3(variant: Option<Variant>) -> Suit {
    let base = Suit {
        name: "Stable Diffusion 3",
        multiple: 64,
        steps: 28,
        cfg: 4.5,
        schedulers: &["sgm_uniform", "normal"],
        encoders: Some(Encoders {
            class: "TripleCLIPLoader",
            kind: None,
            files: &[CLIP_L, CLIP_G, T5],
        }),
        vaes: &["sd3vae", "sd35vae"],
        ..FLOW
    };
    distilled(variant, 4, Suit { name: "Stable Diffusion 3.5 Turbo", ..base.clone() }, base)
}

fn flux(guess: &Guess) -> Suit {
    let dev = Suit {
        name: "Flux dev",
        cfg: 1.0,
        guidance: Some(3.5),
        encoders: Some(Encoders {
            class: "DualCLIPLoader",
            kind: Some("flux"),
            files: &[CLIP_L, T5],
        }),
        ..FLOW
    };
    match guess.variant {
        _ if guess.role == Role::Inpainting => {
            Suit { name: "Flux Fill", guidance: Some(30.0), schedulers: &["normal"], ..dev }
        }
        Some(Variant::Schnell) => Suit { name: "Flux schnell", steps: 4, guidance: None, ..dev },
        Some(Variant::Kontext) => Suit { name: "Flux Kontext", guidance: Some(2.5), ..dev },
        Some(Variant::Krea) => Suit { name: "Flux Krea", ..dev },
        _ => dev,
    }
}

fn flux2(variant: Option<Variant>) -> Suit {
    const MISTRAL: (&str, &[&str]) =
        ("mistral_3_small_flux2", &["mistral3smallflux2", "mistral3small"]);
    let dev = Suit {
        name: "Flux 2 dev",
        cfg: 1.0,
        guidance: Some(4.0),
        latent: FLUX2_LATENT,
        encoders: one("flux2", &[MISTRAL]),
        vaes: FLUX2_VAE,
        ..FLOW
    };
    let klein = Suit { guidance: None, encoders: one("flux2", &[QWEN_4B]), ..dev.clone() };
    match variant {
        Some(Variant::Klein) => Suit { name: "Flux 2 Klein", steps: 4, ..klein },
        Some(Variant::KleinBase) => Suit { name: "Flux 2 Klein Base", cfg: 5.0, ..klein },
        _ => dev,
    }
}

fn qwen(guess: &Guess) -> Suit {
    let base = Suit {
        name: "Qwen Image",
        side: 1328,
        cfg: 2.5,
        patch: Some((AURA, &[("shift", Value::Float(3.1))])),
        encoders: one("qwen_image", &[QWEN_VL]),
        vaes: QWEN_VAE,
        ..FLOW
    };
    let base = if guess.role == Role::Editing {
        let patch: &[_] = &[("shift", Value::Float(3.0))];
        Suit { name: "Qwen Image Edit", side: 1024, patch: Some((AURA, patch)), ..base }
    } else {
        base
    };
    distilled(guess.variant, 8, base.clone(), base)
}

fn hidream(variant: Option<Variant>) -> Suit {
    const SHIFT: &str = "ModelSamplingSD3";
    let full = Suit {
        name: "HiDream full",
        steps: 50,
        cfg: 5.0,
        samplers: &["uni_pc", "euler"],
        patch: Some((SHIFT, &[("shift", Value::Float(3.0))])),
        encoders: Some(Encoders {
            class: "QuadrupleCLIPLoader",
            kind: None,
            files: &[
                ("clip_l_hidream", &["cliplhidream", "clipl"]),
                ("clip_g_hidream", &["clipghidream", "clipg"]),
                T5,
                LLAMA,
            ],
        }),
        ..FLOW
    };
    let quick =
        Suit { cfg: 1.0, samplers: &["lcm", "euler"], schedulers: &["normal"], ..full.clone() };
    match variant {
        Some(Variant::Dev) => Suit {
            name: "HiDream dev",
            steps: 28,
            patch: Some((SHIFT, &[("shift", Value::Float(6.0))])),
            ..quick
        },
        Some(Variant::Fast) => Suit { name: "HiDream fast", steps: 16, ..quick },
        _ => full,
    }
}
