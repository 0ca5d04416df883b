//! What can be said about how a picture was made.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A LoRA a picture was made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LoraUse {
    /// The file's name as the server lists it.
    pub name: String,
    /// The model strength, as the workflow's text has it.
    pub strength: Option<String>,
}

/// The facts of one picture, found by walking the graph from the output node towards its sources.
/// What the graph does not say is absent, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct PictureFacts {
    /// Texts that reach the sampler's positive conditioning, joined by a blank line.
    pub prompt: Option<String>,
    /// Texts that reach the sampler's negative conditioning.
    pub negative: Option<String>,
    /// Checkpoint or diffusion model files, in the order in which they sampled: a refiner after the base.
    pub models: Vec<String>,
    /// Other model files on the way to the output, nearest first: VAE, text encoders, ControlNet,
    /// IP-Adapter, upscalers and the like.
    pub other_models: Vec<String>,
    /// LoRAs that are applied on the way to the output, in that order, too.
    pub loras: Vec<LoraUse>,
    /// The seed of the sampler nearest to the output, which the settings below are of, too. As text: it
    /// may be up to 2^64-1, which JavaScript numbers cannot hold.
    pub seed: Option<String>,
    /// Sampler name.
    pub sampler: Option<String>,
    /// Scheduler name.
    pub scheduler: Option<String>,
    /// Steps.
    pub steps: Option<u32>,
    /// CFG, as the workflow's text has it.
    pub cfg: Option<String>,
    /// Denoise, as the workflow's text has it.
    pub denoise: Option<String>,
    /// Width asked for, in pixels (of the latent or empty picture the graph starts from).
    pub width: Option<u32>,
    /// Height asked for, in pixels.
    pub height: Option<u32>,
}

impl PictureFacts {
    /// All model files but LoRAs: the checkpoints or diffusion models first.
    pub fn all_models(&self) -> impl Iterator<Item = &str> {
        self.models.iter().chain(&self.other_models).map(String::as_str)
    }
}
