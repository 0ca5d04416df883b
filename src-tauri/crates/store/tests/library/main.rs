//! The library against real files.
#![allow(missing_docs, clippy::unwrap_used)]

mod adding;
mod anew;
mod carried;
mod columns;
mod contents;
mod faults;
mod finding;
mod folders;
mod marks;
mod own_files;
mod sidecars;
mod values;

#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use store::{Kind, NewAsset, NewPlace, NewRecipe, RootId, RootKind, Store};
use support::open;
use uuid::Uuid;

/// A root to import from.
async fn root(store: &Store) -> RootId {
    store.put_root(RootKind::Imported, b"/pictures", 1).await.unwrap()
}

/// An imported picture at a path, of a content.
fn picture(root: RootId, path: impl AsRef<[u8]>, content: &str) -> NewAsset {
    NewAsset {
        id: domain::AssetId(Uuid::now_v7()),
        kind: Kind::Picture,
        width: Some(64),
        height: Some(48),
        duration_ms: None,
        hash: blake3::hash(content.as_bytes()).to_hex().to_string(),
        created_at: 10,
        added_at: 20,
        took_ms: None,
        practice: false,
        preview: false,
        server_name: None,
        title: "A boat".into(),
        made: None,
        recipe: None,
        phash: Some(u64::MAX),
        damage: None,
        place: NewPlace {
            root,
            path: path.as_ref().to_vec(),
            bytes: 7,
            mtime: Some(5),
            inode: None,
        },
    }
}

/// The same with a recipe.
fn made_by(asset: NewAsset, recipe: &NewRecipe) -> NewAsset {
    NewAsset { recipe: Some(Arc::new(recipe.clone())), ..asset }
}

/// A recipe with a prompt.
fn recipe(digest: &str, prompt: &str) -> NewRecipe {
    NewRecipe {
        digest: digest.into(),
        facts: domain::PictureFacts { prompt: Some(prompt.into()), ..Default::default() },
        ..NewRecipe::default()
    }
}
