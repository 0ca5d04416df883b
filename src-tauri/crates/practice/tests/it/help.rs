use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use practice::{Like, Practice, PracticeConfig};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Nothing here takes this long; only a frame that never comes does.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Server {
    pub practice: Practice,
    pub http: Client,
    pub data: TempDir,
}

pub async fn server() -> Server {
    slow_server(Duration::ZERO).await
}

pub async fn slow_server(step_time: Duration) -> Server {
    like_server(Like::default(), step_time).await
}

pub async fn like_server(like: Like, step_time: Duration) -> Server {
    let data = TempDir::new().unwrap();
    let mut config = PracticeConfig::new(data.path());
    config.step_time = step_time;
    config.like = like;
    let practice = Practice::start(config).await.unwrap();
    Server { practice, http: Client::new(), data }
}

impl Server {
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.practice.url())
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.http.get(self.url(path)).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.post_text(path, body.to_string()).await
    }

    pub async fn post_text(
        &self,
        path: &str,
        body: impl Into<reqwest::Body>,
    ) -> (StatusCode, Value) {
        let answer = self.http.post(self.url(path)).body(body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Sends a graph without a client id and waits for its end; its history entry.
    pub async fn run(&self, prompt: Value) -> Value {
        let (status, answer) = self.post("/prompt", json!({ "prompt": prompt })).await;
        assert_eq!(status, 200, "{answer}");
        self.ended(answer["prompt_id"].as_str().unwrap()).await
    }

    pub async fn ended(&self, id: &str) -> Value {
        let path = format!("/history/{id}");
        let wait = async {
            loop {
                let (_, mut history) = self.get(&path).await;
                if !history[id].is_null() {
                    return history[id].take();
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("the job ends")
    }

    /// Returns when no job waits or runs.
    pub async fn ended_all(&self) {
        while self.get("/prompt").await.1["exec_info"]["queue_remaining"] != 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The picture a finished job made in this node.
    pub async fn picture(&self, entry: &Value, node: &str) -> image::DynamicImage {
        image::load_from_memory(&self.bytes(entry, node, 0).await).unwrap()
    }

    pub async fn bytes(&self, entry: &Value, node: &str, index: usize) -> Vec<u8> {
        let file = &entry["outputs"][node]["images"][index];
        assert!(file.is_object(), "no picture of node {node}: {entry:#}");
        let path = format!(
            "/view?filename={}&subfolder={}&type={}",
            file["filename"].as_str().unwrap(),
            file["subfolder"].as_str().unwrap(),
            file["type"].as_str().unwrap()
        );
        let answer = self.http.get(self.url(&path)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap().to_vec()
    }

    pub async fn socket(&self, client: &str, flags: bool) -> Socket {
        let url = format!("ws://{}/ws?clientId={client}", self.practice.address());
        let (stream, _) = connect_async(url).await.unwrap();
        let mut socket = Socket { stream };
        if flags {
            let message = json!({
                "type": "feature_flags", "data": { "supports_preview_metadata": true },
            });
            socket.stream.send(Message::text(message.to_string())).await.unwrap();
            let status = socket.event().await;
            assert_eq!((&status.kind[..], &status.data["sid"]), ("status", &json!(client)));
            assert_eq!(socket.event().await.kind, "feature_flags");
        }
        socket
    }

    pub async fn upload(
        &self,
        name: &str,
        bytes: Vec<u8>,
        fields: &[(&str, &str)],
    ) -> (StatusCode, Value) {
        self.upload_to("/upload/image", "image", name, bytes, fields).await
    }

    pub async fn upload_to(
        &self,
        path: &str,
        part: &str,
        name: &str,
        bytes: Vec<u8>,
        fields: &[(&str, &str)],
    ) -> (StatusCode, Value) {
        use reqwest::multipart::{Form, Part};
        let mut form =
            Form::new().part(part.to_string(), Part::bytes(bytes).file_name(name.to_string()));
        for (key, value) in fields {
            form = form.text(key.to_string(), value.to_string());
        }
        let answer = self.http.post(self.url(path)).multipart(form).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

#[derive(Clone, Debug)]
pub struct Event {
    /// The type; `binary 1` or `binary 4` for previews.
    pub kind: String,
    pub data: Value,
    pub bytes: Vec<u8>,
}

impl Socket {
    /// The next event; `None` when the connection is over.
    pub async fn next(&mut self) -> Option<Event> {
        let next = tokio::time::timeout(PATIENCE, self.stream.next());
        match next.await.expect("a frame comes") {
            Some(Ok(Message::Text(text))) => {
                let mut frame: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
                Some(Event {
                    kind: frame["type"].as_str().unwrap_or("garbage").into(),
                    data: frame["data"].take(),
                    bytes: vec![],
                })
            }
            Some(Ok(Message::Binary(bytes))) => {
                let number = u32::from_be_bytes(bytes[..4].try_into().unwrap());
                Some(Event {
                    kind: format!("binary {number}"),
                    data: Value::Null,
                    bytes: bytes.to_vec(),
                })
            }
            Some(Ok(_)) | Some(Err(_)) | None => None,
        }
    }

    pub async fn event(&mut self) -> Event {
        self.next().await.expect("the connection is open")
    }

    /// All events up to the last one of a job.
    pub async fn until_end(&mut self) -> Vec<Event> {
        let mut events = vec![];
        loop {
            let event = self.event().await;
            let last = event.kind == "executing" && event.data["node"].is_null();
            events.push(event);
            if last {
                return events;
            }
        }
    }

    pub async fn until(&mut self, kind: &str) -> Event {
        loop {
            let event = self.event().await;
            if event.kind == kind {
                return event;
            }
        }
    }
}

pub fn small(color: u32) -> Value {
    json!({
        "1": {"class_type": "EmptyImage",
              "inputs": {"width": 64, "height": 48, "batch_size": 1, "color": color}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "small"}},
    })
}

pub fn classic(seed: u64, steps: u32) -> Value {
    json!({
        "3": {"class_type": "KSampler", "inputs": {
            "seed": seed, "steps": steps, "cfg": 5.0, "sampler_name": "euler",
            "scheduler": "normal", "denoise": 1.0, "model": ["4", 0], "positive": ["6", 0],
            "negative": ["7", 0], "latent_image": ["5", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple",
              "inputs": {"ckpt_name": "practice_marble.safetensors"}},
        "5": {"class_type": "EmptyLatentImage",
              "inputs": {"width": 128, "height": 96, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lake", "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "", "clip": ["4", 1]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage",
              "inputs": {"images": ["8", 0], "filename_prefix": "classic"}},
    })
}

pub fn png(width: u32, height: u32, pixel: [u8; 4]) -> Vec<u8> {
    let image = image::RgbaImage::from_pixel(width, height, image::Rgba(pixel));
    let mut out = std::io::Cursor::new(vec![]);
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}
