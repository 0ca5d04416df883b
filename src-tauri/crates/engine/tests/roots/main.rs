//! Folders of the library: imported as they are, scanned, watched, away and back; nothing in them is
//! ever changed, and nothing that is known is lost.
#![allow(clippy::unwrap_used, clippy::panic)]

mod adding;
#[cfg(target_os = "linux")]
mod alone;
mod anew;
mod away;
mod changes;
mod crowded;
mod drawn;
#[cfg(target_os = "linux")]
mod faults;
mod imported;
mod kills;
mod made;
mod mixed;
mod sidecars;
#[path = "../support/mod.rs"]
mod support;
mod thumbs;
mod watched;

use engine::{
    Engine, EngineConfig, Pace,
    view::{AssetView, LibraryQuery, RootState, RootView, StreamMessage},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use support::until;
use tempfile::TempDir;

/// An engine, and a folder beside its own.
struct World {
    folder: TempDir,
    engine: Engine,
}

/// Shorter pauses than those of every day.
fn pace() -> Pace {
    Pace {
        settle_files: Duration::from_millis(300),
        look_for_away: Duration::from_millis(200),
        ..Pace::default()
    }
}

async fn start(folder: &Path) -> Engine {
    start_with(folder, folder.join("library")).await
}

async fn start_with(folder: &Path, library_dir: PathBuf) -> Engine {
    Engine::start(EngineConfig { library_dir, ..config(folder) }).await.unwrap()
}

/// Starts with other pauses.
async fn start_at(folder: &Path, pace: Pace) -> Engine {
    Engine::start(EngineConfig { pace, ..config(folder) }).await.unwrap()
}

fn config(folder: &Path) -> EngineConfig {
    EngineConfig {
        data_dir: folder.join("data"),
        cache_dir: folder.join("cache"),
        library_dir: folder.join("library"),
        policy: engine::Policy::default(),
        pace: pace(),
    }
}

impl World {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("pictures")).unwrap();
        let engine = start(folder.path()).await;
        Self { folder, engine }
    }

    fn pictures(&self) -> PathBuf {
        self.folder.path().join("pictures")
    }

    /// Adds the folder of pictures and waits until it was gone through.
    async fn import(&self, watched: bool) -> RootView {
        let root = self.engine.root_add(self.pictures(), watched).await.unwrap();
        self.scanned(root.id, None).await
    }

    /// Scans a folder and waits for its end.
    async fn rescan(&self, id: i64) -> RootView {
        // One that is under way may have looked before what it is to find was there.
        let before = until("no scan is under way", || async {
            let root = self.root(id).await;
            (root.state != RootState::Scanning).then_some(root.scanned_at)
        })
        .await;
        // Times are told in milliseconds: a scan may begin and end within one.
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.engine.root_scan(id).await.unwrap();
        self.scanned(id, before).await
    }

    /// Waits until a folder was gone through after `before`.
    async fn scanned(&self, id: i64, before: Option<i64>) -> RootView {
        until("the folder was gone through", || async {
            let root = self.root(id).await;
            let done = root.state == RootState::Idle && root.scanned_at > before;
            done.then_some(root)
        })
        .await
    }

    async fn in_state(&self, id: i64, state: RootState) -> RootView {
        until("the folder is in that state", || async {
            let root = self.root(id).await;
            (root.state == state).then_some(root)
        })
        .await
    }

    async fn root(&self, id: i64) -> RootView {
        self.engine.root_list().await.into_iter().find(|root| root.id == id).unwrap()
    }

    /// Waits until so many are found, once the library's index has followed.
    async fn found(&self, text: &str, wanted: u32) {
        until(&format!("{text} finds {wanted}"), || async {
            let query = LibraryQuery { text: text.into(), ..LibraryQuery::default() };
            (self.engine.library_query(query).await.unwrap().shown == wanted).then_some(())
        })
        .await;
    }

    /// What is in the library, by title.
    async fn assets(&self) -> Vec<AssetView> {
        assets(&self.engine).await
    }

    async fn titles(&self) -> Vec<String> {
        self.assets().await.into_iter().map(|asset| asset.title).collect()
    }

    async fn asset(&self, title: &str) -> AssetView {
        self.assets()
            .await
            .into_iter()
            .find(|asset| asset.title == title)
            .unwrap_or_else(|| panic!("no {title}"))
    }
}

/// What is stored, once the library's index has followed.
async fn assets(engine: &Engine) -> Vec<AssetView> {
    until("the index has what is stored", || async {
        let answer = engine.library_query(LibraryQuery::default()).await.unwrap();
        let total = stored(engine).await;
        if !answer.whole || answer.shown != total {
            return None;
        }
        let columns = engine.library_columns(answer.ticket).await.ok()?;
        let keys = columns[4..].chunks_exact(4).take(total as usize);
        let keys: Vec<u32> = keys.map(|key| u32::from_le_bytes(key.try_into().unwrap())).collect();
        let mut ids = Vec::new();
        for keys in keys.chunks(1_000) {
            let cells = engine.library_cells(keys.to_vec()).await.unwrap();
            ids.extend(cells.into_iter().map(|cell| cell.id));
        }
        let mut assets = Vec::new();
        for ids in ids.chunks(200) {
            assets.extend(engine.asset_get(ids.to_vec()).await.unwrap());
        }
        assets.sort_by(|a, b| a.title.cmp(&b.title));
        (assets.len() == total as usize).then_some(assets)
    })
    .await
}

/// How many outputs are stored.
async fn stored(engine: &Engine) -> u32 {
    match engine.open_stream(None).recv().await {
        Some(StreamMessage::Snapshot { snapshot }) => snapshot.counts.assets,
        other => panic!("no snapshot first, but {other:?}"),
    }
}
