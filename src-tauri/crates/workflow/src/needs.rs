//! What a server must have to run a prompt: node classes and model files.

use crate::prompt::{Input, Prompt};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Endings of files that are models. Everything else that an input may list, such as samplers and
/// uploaded pictures, says nothing about where a job can run.
const MODEL_ENDINGS: &[&str] =
    &["safetensors", "sft", "ckpt", "pt", "pth", "bin", "gguf", "onnx", "engine"];

/// What a server must have to run a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Node classes.
    pub classes: BTreeSet<String>,
    /// Model files: the class and the input that name them, and the name.
    pub models: BTreeSet<(String, String, String)>,
}

/// What a server must have to run a prompt.
pub fn needs(prompt: &Prompt) -> Needs {
    let mut needs = Needs::default();
    for node in prompt.nodes() {
        needs.classes.insert(node.class.clone());
        for (name, input) in &node.inputs {
            if let Some(value) = model_in(input) {
                needs.models.insert((node.class.clone(), name.clone(), value));
            }
        }
    }
    needs
}

/// Whether a text is the name of a model file.
pub fn is_model(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty()
            && text.len() < 500
            && MODEL_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// The model file that a value names. Other texts are not copied: most are no models, and some long.
pub(crate) fn model_in(input: &Input) -> Option<String> {
    let Input::Value(raw) = input else { return None };
    let text = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if !text.contains('\\') {
        return is_model(text).then(|| text.to_owned());
    }
    input.string().filter(|text| is_model(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn classes_and_models_are_named_and_nothing_else() {
        let prompt = crate::read_prompt(
            br#"{"1":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"sub/a.safetensors"}},
            "2":{"class_type":"CLIPTextEncode","inputs":{"text":"a .pt of no return","clip":["1",1]}},
            "3":{"class_type":"LoadImage","inputs":{"image":"cat.png"}},
            "4":{"class_type":"LoraLoader","inputs":{"lora_name":"B.GGUF","strength_model":1.0}},
            "5":{"class_type":"LoraLoader","inputs":{"lora_name":"a\\c.sa\u0066etensors","other":5}}}"#,
        );
        let needs = needs(&prompt.unwrap());
        let classes: Vec<_> = needs.classes.iter().map(String::as_str).collect();
        assert_eq!(
            classes,
            ["CLIPTextEncode", "CheckpointLoaderSimple", "LoadImage", "LoraLoader"]
        );
        let models: Vec<_> =
            needs.models.iter().map(|(_, input, name)| (&**input, &**name)).collect();
        assert_eq!(
            models,
            [
                ("ckpt_name", "sub/a.safetensors"),
                ("lora_name", "B.GGUF"),
                ("lora_name", "a\\c.safetensors")
            ]
        );
    }

    #[test]
    fn a_model_is_a_file() {
        for (text, model) in [("a.ckpt", true), (".pt", false), ("model", false), ("a.txt", false)]
        {
            assert_eq!(is_model(text), model, "{text}");
        }
    }
}
