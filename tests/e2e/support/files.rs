//! Workflows to drop, and the practice server that runs them.

use super::SOON;
use practice::{Practice, PracticeConfig};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant, UNIX_EPOCH},
};

/// The classic graph: a checkpoint, a prompt, a sampler, a picture.
pub fn classic(prompt: &str, seed: u64, steps: u32) -> Value {
    json!({
        "3": { "class_type": "KSampler", "inputs": {
            "seed": seed, "steps": steps, "cfg": 7.0, "sampler_name": "euler", "scheduler": "normal",
            "denoise": 1.0, "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0],
            "latent_image": ["5", 0] } },
        "4": { "class_type": "CheckpointLoaderSimple",
               "inputs": { "ckpt_name": "practice_marble.safetensors" } },
        "5": { "class_type": "EmptyLatentImage",
               "inputs": { "width": 512, "height": 384, "batch_size": 1 } },
        "6": { "class_type": "CLIPTextEncode", "inputs": { "text": prompt, "clip": ["4", 1] } },
        "7": { "class_type": "CLIPTextEncode", "inputs": { "text": "blurry", "clip": ["4", 1] } },
        "8": { "class_type": "VAEDecode", "inputs": { "samples": ["3", 0], "vae": ["4", 2] } },
        "9": { "class_type": "SaveImage",
               "inputs": { "filename_prefix": "lamp", "images": ["8", 0] } }
    })
}

/// Loads a picture and inverts it.
pub fn invert(picture: &str) -> Value {
    json!({
        "1": { "class_type": "LoadImage", "inputs": { "image": picture } },
        "2": { "class_type": "ImageInvert", "inputs": { "image": ["1", 0] } },
        "3": { "class_type": "SaveImage",
               "inputs": { "filename_prefix": "inverted", "images": ["2", 0] } }
    })
}

/// A PNG of one colour, without a workflow.
pub fn plain_picture(red: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 96, 64);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a picture");
    writer.write_image_data(&[red, 60, 90].repeat(96 * 64)).expect("a picture");
    drop(writer);
    bytes
}

/// A PNG as ComfyUI's `SaveImage` writes it, with the prompt that made it; without one, just a picture.
pub fn made(picture: &image::RgbImage, prompt: Option<&Value>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgb);
    if let Some(prompt) = prompt {
        encoder.add_text_chunk("prompt".to_owned(), prompt.to_string()).expect("a text");
    }
    let mut writer = encoder.write_header().expect("a picture");
    writer.write_image_data(picture).expect("a picture");
    drop(writer);
    bytes
}

/// Writes a file that was finished at a time, in seconds since 1970: what was written just now may still
/// be written.
pub fn finished(path: &Path, content: &[u8], seconds: u64) {
    std::fs::write(path, content).expect("a file");
    let file = std::fs::File::options().append(true).open(path).expect("a file");
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).expect("a time");
}

/// Writes a workflow into a file.
pub fn write(dir: &Path, name: &str, workflow: &Value) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, serde_json::to_vec_pretty(workflow).expect("JSON")).expect("a file");
    path
}

/// A practice server in the test's own process, which a crash of the app does not touch. The port of one
/// that ended a moment ago may still be taken: it is waited for.
pub async fn server(dir: &Path, port: u16, step: Duration) -> Practice {
    let mut config = PracticeConfig::new(dir.join("server"));
    config.port = port;
    config.step_time = step;
    let until = Instant::now() + SOON;
    loop {
        match Practice::start(config.clone()).await {
            Ok(server) => return server,
            Err(error) => assert!(Instant::now() < until, "no practice server: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// Runs a workflow at a server without the app, and gives the picture it made.
pub async fn picture(server: &Practice, workflow: &Value) -> Vec<u8> {
    let http = reqwest::Client::new();
    let at = |path: &str| format!("{}{path}", server.url());
    let answer: Value = http
        .post(at("/prompt"))
        .json(&json!({ "prompt": workflow, "client_id": "test" }))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let id = answer["prompt_id"].as_str().unwrap_or_else(|| panic!("refused: {answer}")).to_owned();
    loop {
        let history: Value = http
            .get(at(&format!("/history/{id}")))
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        if let Some(entry) = history.get(&id) {
            return view(&server.url(), entry).await;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// The picture of a history entry, as the server's `/view` gives it.
pub async fn view(base: &str, entry: &Value) -> Vec<u8> {
    let outputs = entry["outputs"].as_object().expect("outputs");
    let image = outputs.values().find_map(|node| node.get("images")?.get(0)).expect("a picture");
    let mut url = url::Url::parse(&format!("{base}/view")).expect("an address");
    for key in ["filename", "subfolder", "type"] {
        url.query_pairs_mut().append_pair(key, image[key].as_str().expect("a text"));
    }
    reqwest::get(url).await.expect("an answer").bytes().await.expect("bytes").to_vec()
}

/// The history entry of a job.
pub async fn history(base: &str, id: &str) -> Value {
    let url = format!("{base}/history/{id}");
    let all: Value = reqwest::get(url).await.expect("an answer").json().await.expect("JSON");
    all[id].clone()
}
