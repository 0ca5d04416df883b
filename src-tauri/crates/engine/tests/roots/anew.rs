//! Recipes of files that are in the library already are read anew where the rules became better, and where
//! a server said what its nodes are.

use crate::{
    World,
    made::{png, put, saved},
    start,
    support::{Bench, classic, start_engine, until},
};
use domain::{BatchId, Outcome, PictureFacts, ServerId};
use engine::{
    ServerInput,
    view::{AssetView, CommandErrorCode},
};
use std::{fs, path::Path, sync::Arc, time::Duration};
use store::{NewRecipe, RulesOf, Store};
use uuid::Uuid;

async fn database(folder: &Path) -> Store {
    Store::open(&folder.join("data/safelight.db")).await.unwrap()
}

/// Makes all recipes as if they had been read by older rules, which found nothing but this.
async fn read_by_older_rules(folder: &Path) {
    let store = database(folder).await;
    for root in store.roots().await.unwrap() {
        let files = store.recipe_files(root.id, 0, 100, false).await.unwrap();
        let old = |workflow| NewRecipe {
            digest: format!("old {workflow:?}"),
            facts: PictureFacts { prompt: Some("old".to_owned()), ..PictureFacts::default() },
            workflow,
            params: Some(Vec::new()),
            ..NewRecipe::default()
        };
        let all: Vec<_> = files
            .into_iter()
            .map(|file| (file.seq, Arc::new(old(file.made.map(|(hash, _)| hash)))))
            .collect();
        store.set_recipes(&all).await.unwrap();
        store.set_recipe_rules(root.id, RulesOf::default()).await.unwrap();
    }
    store.close().await;
}

fn prompt_of(asset: &AssetView) -> Option<&str> {
    asset.facts.prompt.as_deref()
}

#[tokio::test]
async fn what_older_rules_read_is_read_anew_with_the_next_scan() {
    let mut world = World::new().await;
    for n in 0..3 {
        put(&world.pictures(), format!("{n}.png"), saved(n));
    }
    put(&world.pictures(), "gone.png", saved(9));
    let root = world.import(true).await.id;
    world.engine.stop().await;
    let folder = world.folder.path().to_owned();
    let one = store::RootId(root);
    let store = database(&folder).await;
    let today = store.recipe_rules(one).await.unwrap();
    store.close().await;
    read_by_older_rules(&folder).await;
    fs::remove_file(world.pictures().join("gone.png")).unwrap();
    // Broken off in the middle, it goes on from there.
    let store = database(&folder).await;
    let broken_off = RulesOf { up_to: Some(1), ..today };
    store.set_recipe_rules(one, broken_off).await.unwrap();
    let first = store.recipe_files(one, 0, 1, false).await.unwrap()[0].clone();
    assert_eq!(first.seq, 1);
    let first = String::from_utf8(first.path).unwrap().replace(".png", "");
    store.close().await;

    world.engine = start(&folder).await;
    until("recipes are read anew", || async {
        let assets = world.assets().await;
        let new = assets.iter().filter(|asset| prompt_of(asset) == Some("a quiet harbour"));
        (new.count() == if first == "gone" { 3 } else { 2 }).then_some(())
    })
    .await;
    for asset in world.assets().await {
        let left = asset.title == first || asset.title == "gone";
        let wanted = if left { "old" } else { "a quiet harbour" };
        assert_eq!(prompt_of(&asset), Some(wanted), "{}", asset.title);
    }
    world.scanned(root, None).await;
    let store = database_of(&world).await;
    assert_eq!(store.recipe_rules(one).await.unwrap(), today, "all are read");
    store.close().await;
}

/// The database, once the engine let go of it.
async fn database_of(world: &World) -> Store {
    world.engine.stop().await;
    database(world.folder.path()).await
}

#[tokio::test]
async fn of_an_output_the_prompt_of_its_job_is_read_anew() {
    let mut bench = Bench::new(Duration::ZERO).await;
    let job = bench.queue(&classic(5, 2)).await;
    bench.ended(job, Outcome::Succeeded).await;
    bench.engine.stop().await;
    bench.stop_practice().await;
    let folder = bench.folder.path().to_owned();
    read_by_older_rules(&folder).await;
    bench.engine = start_engine(&folder).await;
    until("its recipe is read anew", || async {
        let assets = crate::assets(&bench.engine).await;
        let [asset] = assets.as_slice() else { return None };
        (prompt_of(asset) == Some("a quiet harbour") && asset.facts.steps == Some(2)).then_some(())
    })
    .await;
    bench.engine.stop().await;
}

/// What the editor saves, without the names of inputs.
const GRAPH: &str = r#"{"nodes":[
{"id":1,"type":"Loader","mode":0,"outputs":[{"name":"MODEL","type":"MODEL","links":[1]}],"widgets_values":["night.safetensors"]},
{"id":2,"type":"Sample","mode":0,"inputs":[{"name":"model","type":"MODEL","link":1}],"outputs":[{"name":"IMAGE","type":"IMAGE","links":[2]}],"widgets_values":["a harbour",7]},
{"id":3,"type":"SaveImage","mode":0,"inputs":[{"name":"images","type":"IMAGE","link":2}],"widgets_values":["night"]}],
"links":[[1,1,0,2,0,"MODEL"],[2,2,0,3,0,"IMAGE"]]}"#;
const CLASSES: &str = r#"{
"Loader":{"input":{"required":{"ckpt_name":[["night.safetensors"]]}},"output":["MODEL"],"output_node":false},
"Sample":{"input":{"required":{"model":["MODEL"],"text":["STRING",{"dynamicPrompts":true}],"steps":["INT",{}]}},"output":["IMAGE"],"output_node":false},
"SaveImage":{"input":{"required":{"images":["IMAGE"],"filename_prefix":["STRING",{}]}},"output":[],"output_node":true}}"#;

/// Starts the engine anew, knowing what a server's nodes are.
async fn learn_classes(world: &mut World) {
    let id = ServerId(Uuid::now_v7());
    // Nobody is there.
    let address = "http://127.0.0.1:9".to_owned();
    let name = "attic".to_owned();
    let input = ServerInput { id, name, address, max_held: 2, outputs: None };
    world.engine.server_add(input).await.unwrap();
    world.engine.stop().await;
    let classes = world.folder.path().join("data/node-classes");
    fs::create_dir_all(&classes).unwrap();
    fs::write(classes.join(format!("{id}.json")), CLASSES).unwrap();
    world.engine = start(world.folder.path()).await;
}

#[tokio::test]
async fn what_the_editor_saved_says_more_once_a_server_said_what_its_nodes_are() {
    let mut world = World::new().await;
    put(&world.pictures(), "night_1.png", png(16, 1, &[("workflow", GRAPH)]));
    let root = world.import(true).await.id;
    let asset = world.asset("night_1").await;
    assert!(asset.workflow.is_none() && asset.facts.models.is_empty(), "nothing is guessed");
    learn_classes(&mut world).await;
    world.scanned(root, None).await;
    let asset = until("it was read anew", || async {
        Some(world.asset("night_1").await).filter(|asset| asset.workflow.is_some())
    })
    .await;
    assert_eq!(asset.facts.models, ["night.safetensors"]);
    world.found("Sample.steps:7", 1).await;
    world.found("has:workflow", 1).await;
    let prompt = world.engine.asset_workflow(asset.id).await.unwrap();
    assert!(prompt.contains(r#""text":"a harbour""#), "{prompt}");
    let batch = BatchId(Uuid::now_v7());
    let report = world.engine.asset_rerun(&[asset.id], batch, false).await.unwrap();
    assert!(report.items[0].job_id.is_some(), "{report:?}");
    world.engine.stop().await;
}

#[tokio::test]
async fn a_graph_that_was_written_over_another_is_not_taken_for_it() {
    let mut world = World::new().await;
    learn_classes(&mut world).await;
    let write =
        |graph: &str| put(&world.pictures(), "night_1.png", png(16, 1, &[("workflow", graph)]));
    // What is left to chance comes out otherwise each time, and is the same graph.
    let graph = GRAPH.replace("a harbour", "a {red|blue} harbour");
    write(&graph);
    // Nobody watches it: what is known of it stays.
    world.import(false).await;
    let asset = world.asset("night_1").await;
    let is_there = async || {
        let prompt = world.engine.asset_workflow(asset.id).await.unwrap();
        ["a red harbour", "a blue harbour"].iter().any(|text| prompt.contains(text))
    };
    assert!(is_there().await);
    write(&GRAPH.replace("a harbour", "a lighthouse"));
    let error = world.engine.asset_workflow(asset.id).await.unwrap_err();
    assert_eq!(error.code, CommandErrorCode::NotFound, "{error:?}");
    // Its time is another one.
    write(&graph);
    assert!(is_there().await);
    world.engine.stop().await;
}
