//! An engine with a practice server beside it, in folders of its own.
#![allow(dead_code)]

use domain::{BatchId, JobId, JobState, Outcome, ServerId};
use engine::{
    Engine, EngineConfig, ServerInput, SubmitPaths,
    view::{IntakeReport, JobDetail, LibraryQuery, Snapshot, StreamMessage},
};
use practice::{Practice, PracticeConfig};
use std::{
    fs,
    future::Future,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use uuid::Uuid;

/// The longest wait for a state. Only a broken test reaches it.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Bench {
    pub folder: TempDir,
    pub engine: Engine,
    pub practice: Option<Practice>,
    pub port: u16,
    pub step: Duration,
    pub server: ServerId,
}

pub async fn practice(folder: &Path, port: u16, step: Duration) -> Practice {
    let mut config = PracticeConfig::new(folder.join("practice"));
    config.port = port;
    config.step_time = step;
    until("the port is free", || async { Practice::start(config.clone()).await.ok() }).await
}

pub async fn start_engine(folder: &Path) -> Engine {
    Engine::start(EngineConfig {
        data_dir: folder.join("data"),
        cache_dir: folder.join("cache"),
        library_dir: folder.join("library"),
        policy: engine::Policy::default(),
        pace: engine::Pace::default(),
    })
    .await
    .unwrap()
}

impl Bench {
    pub async fn new(step: Duration) -> Self {
        Self::in_folder(TempDir::new().unwrap(), step).await
    }

    pub async fn in_folder(folder: TempDir, step: Duration) -> Self {
        let practice = practice(folder.path(), 0, step).await;
        let port = practice.address().port();
        let engine = start_engine(folder.path()).await;
        let server = ServerId(Uuid::now_v7());
        engine
            .server_add(ServerInput {
                id: server,
                name: "bench".into(),
                address: practice.url(),
                max_held: 2,
                outputs: None,
            })
            .await
            .unwrap();
        Self { folder, engine, practice: Some(practice), port, step, server }
    }

    pub fn practice(&self) -> &Practice {
        self.practice.as_ref().unwrap()
    }

    pub async fn stop_practice(&mut self) {
        self.practice.take().unwrap().stop().await;
    }

    pub async fn start_practice(&mut self) {
        self.practice = Some(practice(self.folder.path(), self.port, self.step).await);
    }

    /// The state as a whole, as a page that opens gets it.
    pub async fn snapshot(&self) -> Snapshot {
        match self.engine.open_stream(None).recv().await.unwrap() {
            StreamMessage::Snapshot { snapshot } => *snapshot,
            other => panic!("{other:?}"),
        }
    }

    /// Queues a prompt and answers with its job.
    pub async fn queue(&self, prompt: &str) -> JobId {
        let report = self
            .engine
            .intake_text(BatchId(Uuid::now_v7()), prompt.to_owned(), false)
            .await
            .unwrap();
        report.items[0].job_id.unwrap_or_else(|| panic!("{}", report.items[0].message))
    }

    /// Waits until a job is in a state.
    pub async fn job(&self, id: JobId, wanted: impl Fn(&JobDetail) -> bool) -> JobDetail {
        let engine = &self.engine;
        let mut last = None;
        let began = Instant::now();
        loop {
            let detail = engine.job_get(id).await.unwrap();
            if wanted(&detail) {
                return detail;
            }
            last.replace(format!("{:#?} {:#?}", detail.job, detail.events));
            assert!(began.elapsed() < PATIENCE, "still {}", last.unwrap_or_default());
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    pub async fn ended(&self, id: JobId, outcome: Outcome) -> JobDetail {
        let detail = self.job(id, |detail| detail.job.state.is_ended()).await;
        assert_eq!(
            detail.job.state,
            JobState::Ended(outcome),
            "{:#?} {:#?}",
            detail.job,
            detail.events
        );
        detail
    }

    /// Waits until a search of the library finds so many outputs.
    pub async fn finds(&self, text: &str, outputs: u32) {
        until(&format!("{text} finds {outputs}"), || async {
            let query = LibraryQuery { text: text.to_owned(), ..LibraryQuery::default() };
            let answer = self.engine.library_query(query).await.unwrap();
            (answer.shown == outputs).then_some(())
        })
        .await;
    }

    pub fn runs(&self, id: JobId) -> u64 {
        self.practice().record().runs_of(&id.to_string())
    }
}

/// A bench whose server has said which node classes it has: conversion and checks need them.
pub async fn known() -> Bench {
    known_in(TempDir::new().unwrap()).await
}

/// The same in a folder in which something may be already.
pub async fn known_in(folder: TempDir) -> Bench {
    let bench = Bench::in_folder(folder, Duration::ZERO).await;
    until("the server said what it has", || async {
        let snapshot = bench.snapshot().await;
        snapshot.servers[0].facts.as_ref()?.node_classes
    })
    .await;
    bench
}

/// Hands files in to be queued.
pub async fn submit(engine: &Engine, paths: &[PathBuf]) -> IntakeReport {
    let batch_id = BatchId(Uuid::now_v7());
    let paths = paths.to_vec();
    let submit = SubmitPaths { batch_id, paths, on_hold: false, next: false };
    engine.intake_submit(submit).await.unwrap()
}

/// Writes a file, and the folders it is in.
pub fn written(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// A PNG of 2 × 2 pixels, red or less so.
pub fn picture(red: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    let pixels = [red, 0, 0].repeat(4);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}

pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

/// Three model-free nodes; `color` makes the run new to the server's cache.
pub fn plain(color: u32) -> String {
    format!(
        r#"{{"1":{{"class_type":"EmptyImage","inputs":{{"width":64,"height":48,"batch_size":1,"color":{color}}},"_meta":{{"title":"Plain ground"}}}},
"2":{{"class_type":"ImageInvert","inputs":{{"image":["1",0]}}}},
"3":{{"class_type":"SaveImage","inputs":{{"images":["2",0],"filename_prefix":"bench"}}}}}}"#
    )
}

/// The classic graph with `steps` steps.
pub fn classic(seed: u64, steps: u32) -> String {
    format!(
        r#"{{"4":{{"class_type":"CheckpointLoaderSimple","inputs":{{"ckpt_name":"practice_marble.safetensors"}}}},
"5":{{"class_type":"EmptyLatentImage","inputs":{{"width":128,"height":128,"batch_size":1}}}},
"6":{{"class_type":"CLIPTextEncode","inputs":{{"text":"a quiet harbour","clip":["4",1]}}}},
"7":{{"class_type":"CLIPTextEncode","inputs":{{"text":"blur","clip":["4",1]}}}},
"3":{{"class_type":"KSampler","inputs":{{"seed":{seed},"steps":{steps},"cfg":7.5,"sampler_name":"euler","scheduler":"normal","denoise":1,"model":["4",0],"positive":["6",0],"negative":["7",0],"latent_image":["5",0]}},"_meta":{{"title":"First pass"}}}},
"8":{{"class_type":"VAEDecode","inputs":{{"samples":["3",0],"vae":["4",2]}}}},
"9":{{"class_type":"SaveImage","inputs":{{"images":["8",0],"filename_prefix":"classic"}}}}}}"#
    )
}
