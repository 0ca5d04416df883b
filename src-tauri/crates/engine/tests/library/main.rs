//! The library as the page asks it: questions, marks, tags, collections, exports, the bin.
#![allow(clippy::unwrap_used, clippy::panic)]

mod asking;
mod exports;
#[path = "../roots/made.rs"]
#[allow(dead_code)]
mod made;
mod many;
mod marking;
mod previews;
#[path = "../support/mod.rs"]
mod support;
mod workflows;

use engine::{
    Engine, EngineConfig, Pace,
    view::{LibraryAnswer, LibraryCell, LibraryQuery, LibrarySort, RootState},
};
use std::path::{Path, PathBuf};
use support::until;
use tempfile::TempDir;

/// An engine with a folder of twelve pictures in its library.
struct World {
    folder: TempDir,
    engine: Engine,
}

/// Pictures in the folder.
const PICTURES: u64 = 12;

async fn start(folder: &Path) -> Engine {
    Engine::start(EngineConfig {
        data_dir: folder.join("data"),
        cache_dir: folder.join("cache"),
        library_dir: folder.join("library"),
        policy: engine::Policy::default(),
        pace: Pace::default(),
    })
    .await
    .unwrap()
}

impl World {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let pictures = folder.path().join("pictures");
        for seed in 0..PICTURES {
            made::put(&pictures, format!("day/lake_{seed:05}_.png"), made::saved(seed));
        }
        let engine = start(folder.path()).await;
        let root = engine.root_add(pictures, false).await.unwrap();
        until("the folder was gone through", || async {
            let root = engine.root_list().await.into_iter().find(|one| one.id == root.id).unwrap();
            (root.state == RootState::Idle && root.scanned_at.is_some()).then_some(())
        })
        .await;
        let world = Self { folder, engine };
        until("the index has them", || async { (world.ask("").await.shown == 12).then_some(()) })
            .await;
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn ask(&self, text: &str) -> LibraryAnswer {
        let query = LibraryQuery {
            text: text.to_owned(),
            sort: LibrarySort::Name,
            ..LibraryQuery::default()
        };
        let answer = self.engine.library_query(query.clone()).await.unwrap();
        if answer.whole {
            return answer;
        }
        // Right after the start only the newest are known.
        until("the index is whole", || async {
            let answer = self.engine.library_query(query.clone()).await.unwrap();
            answer.whole.then_some(answer)
        })
        .await
    }

    /// What a text finds, by name.
    async fn found(&self, text: &str) -> Vec<LibraryCell> {
        self.ask(text).await.first
    }

    async fn keys(&self, text: &str) -> Vec<u32> {
        self.found(text).await.into_iter().map(|cell| cell.key).collect()
    }

    /// Waits until a text finds so many.
    async fn finds(&self, text: &str, count: u32) {
        until(&format!("{text} finds {count}"), || async {
            (self.ask(text).await.shown == count).then_some(())
        })
        .await;
    }
}
