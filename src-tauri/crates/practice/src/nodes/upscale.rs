//! Upscale models: here they only resize.

use super::scale::{self, Method};
use super::{Done, Inputs, Job, NodeError, Value};

/// The upscale models on offer.
pub const UPSCALERS: &[&str] = &["practice_x2.safetensors", "practice_x4.safetensors"];

pub fn loader(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let factor = if inputs.text("model_name")?.contains("x4") { 4 } else { 2 };
    Done::one(Value::Upscaler(factor))
}

pub fn with_model(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let factor = inputs.upscaler("upscale_model")?;
    let (width, height) = (image.width * factor, image.height * factor);
    Done::one(Value::Image(scale::fit(image, width, height, Method::Lanczos, false)?))
}
