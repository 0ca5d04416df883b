//! What can be done with pictures that were made elsewhere.

use crate::{
    World,
    made::{put, saved, settled},
    support::classic,
};
use domain::BatchId;
use engine::{
    ValuesFrom,
    view::{ComposeSource, Mark},
};
use std::fs;
use uuid::Uuid;

#[tokio::test]
async fn the_workflow_of_an_imported_picture_is_in_its_file() {
    let world = World::new().await;
    let engine = &world.engine;
    let one = put(&world.pictures(), "one.png", saved(1));
    put(&world.pictures(), "deep/two.png", saved(2));
    world.import(false).await;
    let asset = world.asset("one").await;
    let hash = asset.workflow.clone().unwrap();
    assert_eq!(engine.asset_workflow(asset.id).await.unwrap(), classic(1, 20));
    assert!(!engine.workflow_nodes(&hash).await.unwrap().nodes.is_empty());
    let batch = BatchId(Uuid::now_v7());
    let report = engine.asset_rerun(&[asset.id], batch, false).await.unwrap();
    let job = report.items[0].job_id.unwrap();
    assert_eq!(engine.job_workflow(job).await.unwrap(), classic(1, 20));
    let other = world.asset("two").await;
    let view = engine.compose_open(ComposeSource::Asset { id: other.id }).await.unwrap();
    assert_eq!(view.title, "two");
    let values = engine.compose_values(view.draft, ValuesFrom::Asset(asset.id)).await.unwrap();
    assert!(!values.0.is_empty());

    // What was queued is stored; what is only in a file is gone with it, and that is said.
    fs::remove_file(&one).unwrap();
    fs::remove_file(world.pictures().join("deep/two.png")).unwrap();
    let root = engine.root_list().await.into_iter().find(|root| !root.own).unwrap().id;
    world.rescan(root).await;
    assert_eq!(engine.asset_workflow(asset.id).await.unwrap(), classic(1, 20));
    put(&world.pictures(), "three.png", saved(3));
    world.rescan(root).await;
    let third = world.asset("three").await;
    fs::remove_file(world.pictures().join("three.png")).unwrap();
    let error = engine.asset_workflow(third.id).await.unwrap_err();
    assert!(error.message.contains("workflow"), "{error:?}");
    world.engine.stop().await;
}

#[tokio::test]
async fn a_copy_of_what_is_in_the_bin_is_not_in_the_bin() {
    let world = World::new().await;
    let engine = &world.engine;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let root = world.import(false).await.id;
    let key = engine.asset_key(world.asset("one").await.id).await.unwrap();
    engine.asset_mark(vec![key], Mark::Bin).await.unwrap();
    world.rescan(root).await;
    assert_eq!(engine.bin_get().await.unwrap().outputs, 1, "another look changes nothing");
    // Touched it is the same file still.
    settled(&folder.join("one.png"));
    world.rescan(root).await;
    assert_eq!(engine.bin_get().await.unwrap().outputs, 1);
    put(&folder, "kept/copy of one.png", saved(1));
    let root = world.rescan(root).await;
    assert_eq!(root.report.same, 1);
    assert_eq!(engine.bin_get().await.unwrap().outputs, 0);
    assert_eq!(engine.asset_detail(key).await.unwrap().places.len(), 2);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_kill_left_in_an_own_folder_is_deleted_wherever_it_is() {
    let world = World::new().await;
    let (own, imported) = (world.folder.path().join("library"), world.pictures());
    let days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 24 * 3_600);
    let part = |folder: &std::path::Path, name: &str, old: bool| {
        let path = put(folder, name, "half");
        if old {
            fs::File::options().append(true).open(&path).unwrap().set_modified(days_ago).unwrap();
        }
        path
    };
    let left = part(&own, "2020-01-01/deep/.safelight-a1.part", true);
    let stays = [
        part(&own, "2020-01-01/deep/.safelight-b2.part", false),
        part(&own, "2020-01-01/.other-c3.part", true),
        part(&imported, ".safelight-d4.part", true),
    ];
    put(&imported, "one.png", saved(1));
    world.import(false).await;
    let root = world.engine.root_list().await.into_iter().find(|root| root.own).unwrap();
    world.rescan(root.id).await;
    assert!(!left.exists());
    assert!(stays.iter().all(|path| path.exists()), "{stays:?}");
    world.engine.stop().await;
}
