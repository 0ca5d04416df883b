//! The app's window, steered by WebDriver.

use super::{Desktop, SOON, process::Process};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// Time between two looks at the page.
const LOOK: Duration = Duration::from_millis(40);

/// The app in its window.
pub struct Window {
    client: Client,
    _driver: Process,
    data: PathBuf,
}

impl Window {
    /// Starts the app and waits until its page is there.
    pub async fn open(desktop: &Desktop) -> Self {
        Self::open_with(desktop, &[]).await
    }

    /// Starts the app with files on its command line.
    pub async fn open_with(desktop: &Desktop, files: &[PathBuf]) -> Self {
        let (port, native) = (free_port(), free_port());
        let driver = std::env::var("TAURI_DRIVER").unwrap_or_else(|_| "tauri-driver".to_owned());
        let driver = Process::start(desktop.command(driver).args([
            "--port",
            &port.to_string(),
            "--native-port",
            &native.to_string(),
        ]));
        let mut wanted = Capabilities::new();
        wanted.insert("browserName".to_owned(), json!("wry"));
        wanted.insert(
            "tauri:options".to_owned(),
            json!({ "application": env!("CARGO_BIN_EXE_safelight"), "args": files }),
        );
        let until = Instant::now() + SOON;
        let client = loop {
            let asked = ClientBuilder::new(HttpConnector::new())
                .capabilities(wanted.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await;
            match asked {
                Ok(client) => break client,
                Err(error) if Instant::now() > until => panic!("no window: {error}"),
                Err(_) => tokio::time::sleep(LOOK).await,
            }
        };
        let window = Self { client, _driver: driver, data: desktop.data() };
        window.until("the page is ready", "[data-testid=window][data-ready=true]").await;
        window
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(SOON).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => {
                self.picture("failed").await;
                panic!("there is no {css}: {error}")
            }
        }
    }

    /// Clicks the element with this test id.
    pub async fn click(&self, id: &str) {
        let css = format!("[data-testid='{id}']");
        self.find(&css).await.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Waits until there is such an element.
    pub async fn until(&self, what: &str, css: &str) {
        self.until_js(what, &format!("return document.querySelector({}) !== null", json!(css)))
            .await;
    }

    /// Waits until a script gives something that counts as true, and gives it.
    pub async fn until_js(&self, what: &str, script: &str) -> Value {
        let until = Instant::now() + SOON;
        loop {
            let value = self.js(script).await;
            if !matches!(value, Value::Null | Value::Bool(false))
                && value != json!(0)
                && value != json!("")
            {
                return value;
            }
            if Instant::now() > until {
                self.picture("failed").await;
                let text = self.js("return document.body.innerText.slice(0, 3000)").await;
                panic!("it never comes: {what}\n{}", text.as_str().unwrap_or_default());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until a script that answers later answers with something that counts as true.
    pub async fn until_async(&self, what: &str, script: &str) {
        let until = Instant::now() + SOON;
        loop {
            let asked = tokio::time::timeout(SOON, self.client.execute_async(script, vec![])).await;
            let answer = asked.expect("the driver answers in time");
            if answer.unwrap_or_else(|error| panic!("{script}: {error}")) == json!(true) {
                return;
            }
            assert!(Instant::now() < until, "it never comes: {what}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What a script gives.
    pub async fn js(&self, script: &str) -> Value {
        let asked = tokio::time::timeout(SOON, self.client.execute(script, vec![])).await;
        let answer = asked.expect("the driver answers in time");
        answer.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Asks a command, as the page would.
    pub async fn invoke(&self, command: &str, input: Value) -> Value {
        let script = "const [command, input, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(command, { input })
                .then((value) => done({ value }), (error) => done({ error }))";
        let asked = self.client.execute_async(script, vec![json!(command), input]);
        let answer = tokio::time::timeout(SOON, asked).await;
        let answer = answer.expect("the driver answers in time");
        let answer = answer.unwrap_or_else(|error| panic!("{command}: {error}"));
        assert!(answer.get("error").is_none(), "{command}: {answer}");
        answer["value"].clone()
    }

    /// Ended jobs, newest first.
    pub async fn finished(&self) -> Vec<Value> {
        let input = json!({ "which": "finished", "offset": 0, "limit": 100 });
        let jobs = self.invoke("job_list", input).await;
        serde_json::from_value(jobs).expect("jobs")
    }

    /// Waits until so many jobs have succeeded, and gives them, newest first.
    pub async fn succeeded(&self, count: usize) -> Vec<Value> {
        let until = Instant::now() + SOON;
        loop {
            let jobs = self.finished().await;
            let good: Vec<Value> = jobs
                .iter()
                .filter(|job| job["state"] == json!({ "kind": "ended", "of": "succeeded" }))
                .cloned()
                .collect();
            if good.len() >= count {
                return good;
            }
            assert!(
                !jobs.iter().any(|job| job["state"]["of"] == json!("failed")),
                "a job failed: {jobs:#?}"
            );
            if Instant::now() > until {
                self.picture("failed").await;
                panic!("{count} jobs do not succeed: {jobs:#?}");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Adds a server and waits until it is connected.
    pub async fn add_server(&self, address: &str) {
        let id = uuid::Uuid::now_v7();
        self.invoke(
            "server_add",
            json!({ "id": id, "name": "studio", "address": address, "max_held": 2 }),
        )
        .await;
        self.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
        self.js("location.hash = '#/queue'").await;
        self.until("the server is connected", "[data-testid=server-chip][data-link=online]").await;
    }

    /// Waits until the server has said which nodes it has: conversion and checks need them.
    pub async fn until_server_is_known(&self) {
        let check = "const [done] = arguments;
            window.__TAURI_INTERNALS__.invoke('intake_text', { input: {
                batch_id: crypto.randomUUID(), text: '{\"nodes\": [], \"links\": []}', on_hold: true } })
                .then((report) => done(!report.items[0].message.includes('Connect a server')), () => done(false))";
        self.until_async("the server said what it has", check).await;
    }

    /// Queues files without dragging them.
    pub async fn submit(&self, paths: &[PathBuf]) -> Value {
        let input = json!({ "batch_id": uuid::Uuid::now_v7(), "paths": paths });
        self.invoke("intake_submit", input).await
    }

    /// Keeps a picture of the window, to look at after the test.
    pub async fn picture(&self, name: &str) {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e");
        std::fs::create_dir_all(&dir).expect("a folder");
        // What is in the page is painted with the frame after the next.
        let painted = "const done = arguments[0];
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))";
        let taken = async {
            let _ = self.client.execute_async(painted, vec![]).await;
            self.client.screenshot().await.ok()
        };
        // Of a hidden window there is none, and the driver never says so.
        if let Ok(Some(png)) = tokio::time::timeout(SOON, taken).await {
            std::fs::write(dir.join(format!("{name}.png")), png).expect("a file");
        }
    }

    /// The app's process.
    pub fn pid(&self) -> u32 {
        let wanted = format!("SAFELIGHT_DATA_DIR={}", self.data.display());
        let app = Path::new(env!("CARGO_BIN_EXE_safelight"));
        let all = std::fs::read_dir("/proc").expect("processes");
        let mut ids =
            all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        ids.find(|id| {
            std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|exe| exe == app)
                && std::fs::read(format!("/proc/{id}/environ")).is_ok_and(|environ| {
                    environ.split(|byte| *byte == 0).any(|pair| pair == wanted.as_bytes())
                })
        })
        .expect("the app runs")
    }

    /// Kills the app as a crash or the system would.
    pub fn kill(self) {
        let pid = self.pid();
        let killed = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(killed.expect("kill runs").success());
        let until = Instant::now() + SOON;
        while runs(pid) {
            assert!(Instant::now() < until, "the app does not die");
            std::thread::sleep(LOOK);
        }
    }
}

/// Whether a process runs; one that ended and was not asked for yet does not. Each of its threads counts:
/// the first may have ended while another still holds what the process has open.
pub fn runs(pid: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let ended =
        |stat: String| stat.rsplit(')').next().unwrap_or_default().trim().starts_with(['Z', 'X']);
    threads
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("stat")).ok())
        .any(|stat| !ended(stat))
}

fn free_port() -> u16 {
    // Below those that Linux gives to connections (32768 on, ip(7)): any other program could have one
    // of them before the driver does.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id();
    let mut ports = std::iter::repeat_with(|| {
        let port = 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        u16::try_from(port).expect("it is below 32,000")
    });
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("there is no end")
}
