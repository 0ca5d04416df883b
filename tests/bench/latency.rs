//! From a frame of the server to the page that shows it, while previews stream.

use crate::{
    ms, quantile, row,
    support::{Desktop, Window, files},
};
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Steps of the run, each with a preview.
const STEPS: u32 = 400;
/// A little over what the page is told at most: a message every 33 ms.
const STEP: Duration = Duration::from_millis(45);

/// When each step's frame passed, as time since 1970.
pub type Sent = Arc<Mutex<HashMap<u64, Duration>>>;

pub async fn measure() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, STEP).await;
    let sent = Sent::default();
    let address = between(server.address().to_string(), sent.clone()).await;
    let window = Window::open(&desktop).await;
    window.add_server(&address).await;
    // The page notes when the text of the running node changes.
    window
        .js("window.seen = {};
            new MutationObserver(() => {
                const text = document.querySelector('[data-testid=node-strip] [data-state=running]')?.innerText;
                const step = text?.match(/step (\\d+) of/)?.[1];
                if (step && !(step in window.seen)) window.seen[step] = performance.timeOrigin + performance.now();
            }).observe(document.body, { subtree: true, childList: true, characterData: true })")
        .await;
    let workflow = files::write(desktop.dir(), "steps.json", &files::classic("a", 1, STEPS));
    window.submit(&[workflow]).await;
    window.until("it sends previews", "[data-testid=hero] [data-testid=preview]").await;
    window.succeeded(1).await;
    let seen = window.js("return window.seen").await;
    let seen: HashMap<String, f64> = serde_json::from_value(json!(seen)).expect("times");
    let sent = sent.lock().expect("times").clone();
    let mut times: Vec<Duration> = seen
        .iter()
        .filter_map(|(step, at)| {
            let began = sent.get(&step.parse::<u64>().ok()?)?;
            Some(Duration::from_secs_f64(at / 1000.0).saturating_sub(*began))
        })
        .collect();
    assert!(times.len() > STEPS as usize / 2, "only {} of {STEPS} steps were seen", times.len());
    let count = times.len();
    row(
        "Server's frame to page, median",
        &ms(quantile(&mut times, 0.5)),
        &format!("{count} of {STEPS} steps seen, one each 45 ms, each with a preview"),
    );
    row(
        "Server's frame to page, p99",
        &ms(quantile(&mut times, 0.99)),
        "the page is told at most every 33 ms",
    );
    window.kill();
    server.stop().await;
}

/// Stands between the app and the server, and notes when a step's frame passes.
pub async fn between(server: String, sent: Sent) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((app, _)) = listener.accept().await {
            let (server, sent) = (server.clone(), sent.clone());
            tokio::spawn(async move {
                let Ok(there) = TcpStream::connect(server).await else { return };
                let (mut from_app, mut to_app) = app.into_split();
                let (mut from_server, mut to_server) = there.into_split();
                tokio::spawn(async move {
                    let _ = tokio::io::copy(&mut from_app, &mut to_server).await;
                });
                let mut buffer = vec![0; 64 << 10];
                while let Ok(count) = from_server.read(&mut buffer).await {
                    if count == 0 || to_app.write_all(&buffer[..count]).await.is_err() {
                        return;
                    }
                    note(&buffer[..count], &sent);
                }
            });
        }
    });
    address
}

/// A server's frames are not masked, so `"value": 12` is there to read.
fn note(bytes: &[u8], sent: &Sent) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let text = String::from_utf8_lossy(bytes);
    for part in text.split("\"type\":").filter(|part| part.contains("\"progress")) {
        let value = part.split("\"value\":").nth(1).unwrap_or_default().trim_start();
        let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        if let Ok(step) = value[..end].parse::<u64>() {
            sent.lock().expect("times").entry(step).or_insert(now);
        }
    }
}
