//! One content is one asset, however often it comes.

use crate::{made_by, open, picture, recipe, root};
use domain::{BatchId, LoraUse, PictureFacts, WorkflowHash};
use store::{
    Added, Came, ImportState, NewMade, NewRecipe, PlaceState, RootKind, Store, StoreError,
};
use tempfile::TempDir;
use uuid::Uuid;

fn came(added: &[Added]) -> Vec<(u32, Came, Option<u32>)> {
    added.iter().map(|one| (one.seq, one.came, one.replaced)).collect()
}

#[tokio::test]
async fn the_same_content_is_one_asset_with_several_places() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let first = picture(root, "a/one.png", "1");
    let files = [
        first.clone(),
        picture(root, "a/two.png", "2"),
        picture(root, "b/one again.png", "1"),
        // Twice the same file in one go.
        picture(root, "a/one.png", "1"),
    ];
    let added = store.add_to_library(&files).await.unwrap();
    let wanted = [
        (1, Came::New, None),
        (2, Came::New, None),
        (1, Came::Again, None),
        (1, Came::Known, None),
    ];
    assert_eq!(came(&added), wanted);
    assert!(added.iter().filter(|one| one.seq == 1).all(|one| one.id == first.id));
    // Later as well.
    let again = store.add_to_library(&files).await.unwrap();
    assert!(again.iter().all(|one| one.came == Came::Known), "{again:?}");
    let more = store.add_to_library(&[picture(root, "c.png", "2")]).await.unwrap();
    assert_eq!(came(&more), [(2, Came::Again, None)]);
    let info = store.asset_info(1).await.unwrap().unwrap();
    let paths: Vec<_> = info.places.iter().map(|place| place.path.clone()).collect();
    assert_eq!(paths, [b"a/one.png".to_vec(), b"b/one again.png".to_vec()]);
    assert_eq!(info.phash, Some(u64::MAX));
    assert_eq!((info.asset.library.as_str(), info.asset.path.as_str()), ("/pictures", "a/one.png"));
    assert_eq!((info.asset.job_id, info.asset.state), (None, PlaceState::Here));
    // What no job made was not made in the last hour, whenever that was.
    let counts = store.counts(0).await.unwrap();
    assert_eq!((counts.assets, counts.assets_last_hour), (2, 0));
    assert_eq!(store.asset_bytes_total().await.unwrap(), 14, "a content counts once");
}

#[tokio::test]
async fn a_file_that_was_changed_is_another_asset_at_that_place() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    store.add_to_library(&[picture(root, "a.png", "1")]).await.unwrap();
    let prints = store.add_collection("Prints", None, 1).await.unwrap();
    let change = store::MarkChange {
        rating: Some(4),
        add_tags: vec!["keep".into()],
        add_to: vec![prints],
        ..store::MarkChange::default()
    };
    store.mark(&[1], &change).await.unwrap();
    // In one transaction: whatever comes after it, the marks are there and the old one is not.
    let added = store.add_to_library(&[picture(root, "a.png", "2")]).await.unwrap();
    assert_eq!(came(&added), [(2, Came::New, Some(1))]);
    assert_eq!(added[0].forgot, Some(picture(root, "a.png", "1").hash));
    assert_eq!(store.asset_info(1).await.unwrap(), None);
    let new = store.asset_info(2).await.unwrap().unwrap();
    assert_eq!((new.asset.marks.rating, new.tags), (4, vec!["keep".to_owned()]));
    assert_eq!(new.collections, [prints]);
}

#[tokio::test]
async fn two_jobs_that_made_the_same_share_it() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let jobs = crate::support::add(&store, 2).await;
    let own = store.put_root(RootKind::Own, b"/outputs", 1).await.unwrap();
    let output = |job: usize, path: &str, content: &str, ordinal| store::NewAsset {
        made: Some(NewMade {
            job_id: jobs[job].id,
            node_id: "9".into(),
            ordinal,
            batch: jobs[job].batch_id,
        }),
        ..picture(own, path, content)
    };
    let files =
        [output(0, "1.png", "1", 0), output(1, "2.png", "1", 0), output(1, "3.png", "2", 1)];
    let added = store.add_to_library(&files).await.unwrap();
    let wanted = [(1, Came::New, None), (1, Came::Again, None), (2, Came::New, None)];
    assert_eq!(came(&added), wanted);
    // The same output again changes nothing, also under another name.
    let again = store.add_to_library(&[output(1, "4.png", "3", 1)]).await.unwrap();
    assert_eq!(came(&again), [(2, Came::Known, None)]);
    for (job, count) in [(0, 1), (1, 2)] {
        assert_eq!(store.job_assets(jobs[job].id).await.unwrap().len(), count);
        assert_eq!(store.asset_source(jobs[job].id).await.unwrap().len(), count);
    }
    let info = store.asset_info(1).await.unwrap().unwrap();
    assert_eq!((info.made.len(), info.asset.job_id), (2, Some(jobs[0].id)));
    let nowhere = store::NewAsset {
        made: Some(NewMade {
            job_id: domain::JobId(Uuid::now_v7()),
            node_id: "9".into(),
            ordinal: 0,
            batch: BatchId(Uuid::now_v7()),
        }),
        ..picture(own, "5.png", "5")
    };
    let lost = store.add_to_library(&[picture(own, "6.png", "6"), nowhere]).await;
    assert!(matches!(lost, Err(StoreError::Query(_))), "{lost:?}");
    assert_eq!(store.counts(0).await.unwrap().assets, 2, "all or nothing");
}

#[tokio::test]
async fn an_output_that_was_scanned_before_its_job_was_over_is_the_jobs() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let jobs = crate::support::add(&store, 2).await;
    let root = root(&store).await;
    let scanned = |path: &str, content: &str, title: &str| store::NewAsset {
        title: title.into(),
        ..picture(root, path, content)
    };
    let files = [
        scanned("a/x_00001_.png", "1", "x_00001_"),
        scanned("a/x_00002_.png", "2", "x_00002_"),
        scanned("old.png", "3", "old"),
    ];
    store.add_to_library(&files).await.unwrap();
    let named = store::MarkChange { title: Some("Mine".into()), ..store::MarkChange::default() };
    store.mark(&[2], &named).await.unwrap();
    let output = |job: usize, ordinal, path: &str, content: &str| store::NewAsset {
        server_name: Some("attic".into()),
        took_ms: Some(9),
        made: Some(NewMade {
            job_id: jobs[job].id,
            node_id: "9".into(),
            ordinal,
            batch: jobs[job].batch_id,
        }),
        ..scanned(path, content, "A boat")
    };
    let outputs = [
        output(0, 0, "a/x_00001_.png", "1"),
        output(0, 1, "a/x_00002_.png", "2"),
        // What was imported long ago and is made once more stays what it is, and is this output too.
        output(0, 2, "a/x_00003_.png", "3"),
    ];
    let added = store.add_to_library(&outputs).await.unwrap();
    assert_eq!(
        came(&added),
        [(1, Came::Again, None), (2, Came::Again, None), (3, Came::Again, None)]
    );
    assert_eq!(added.iter().map(|one| one.placed).collect::<Vec<_>>(), [false, false, true]);
    // A cached node names the same files in its next run: they stay the first job's.
    let cached = store.add_to_library(&[output(1, 0, "a/x_00001_.png", "1")]).await.unwrap();
    assert!(!cached[0].placed);
    let mut seen = Vec::new();
    for seq in 1..=3 {
        let info = store.asset_info(seq).await.unwrap().unwrap();
        let asset = info.asset;
        let server = asset.server_name;
        seen.push((asset.title, asset.job_id, server, asset.took_ms, info.made.len()));
    }
    let (first, attic) = (Some(jobs[0].id), Some("attic".to_owned()));
    let wanted = [
        ("A boat".to_owned(), first, attic.clone(), Some(9), 2),
        ("Mine".to_owned(), first, attic, Some(9), 1),
        ("old".to_owned(), None, None, None, 1),
    ];
    assert_eq!(seen, wanted);
    assert_eq!(store.job_assets(jobs[0].id).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_recipe_is_stored_once_with_all_that_is_known_of_it() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let full = NewRecipe {
        digest: "one".into(),
        facts: PictureFacts {
            prompt: Some("a boat".into()),
            negative: Some("blurry".into()),
            models: vec!["flux.safetensors".into()],
            other_models: vec!["vae.safetensors".into()],
            loras: vec![LoraUse { name: "film.safetensors".into(), strength: Some("0.8".into()) }],
            seed: Some(u64::MAX.to_string()),
            sampler: Some("euler".into()),
            scheduler: Some("simple".into()),
            steps: Some(20),
            cfg: Some("3.5".into()),
            denoise: Some("nan".into()),
            width: Some(64),
            height: Some(48),
        },
        workflow: Some(WorkflowHash("w".into())),
        structure: Some("s".into()),
        sources: true,
        rerunnable: true,
        params: None,
    };
    let files = [
        made_by(picture(root, "1", "1"), &full),
        made_by(picture(root, "2", "2"), &full),
        made_by(picture(root, "3", "3"), &recipe("two", "a boat")),
        // The content is there, its recipe was not known.
        picture(root, "4", "4"),
        made_by(picture(root, "5", "4"), &full),
    ];
    store.add_to_library(&files).await.unwrap();
    let mut recipes = Vec::new();
    store.recipe_columns(0, || 3, |chunk| recipes.extend(chunk)).await.unwrap();
    assert_eq!(recipes.len(), 2);
    let names = store.names().await.unwrap();
    let name = |id: u32| names.iter().find(|name| name.id == id).unwrap().name.as_str();
    let one = &recipes[0];
    assert_eq!(
        (one.seed, one.steps, one.cfg, one.denoise),
        (Some(u64::MAX), Some(20), Some(3.5), None)
    );
    let models: Vec<_> = one.models.iter().map(|id| name(*id)).collect();
    assert_eq!(models, full.facts.all_models().collect::<Vec<_>>(), "`model:` finds all of them");
    assert_eq!(one.loras.iter().map(|id| name(*id)).collect::<Vec<_>>(), ["film.safetensors"]);
    assert_eq!(one.structure.map(name), Some("s"));
    assert!(one.prompt && one.negative && one.sources && one.rerunnable);
    assert!(recipes[1].prompt && !recipes[1].negative && !recipes[1].rerunnable);
    assert_ne!(one.text, recipes[1].text, "other models are other words");
    let info = store.asset_info(4).await.unwrap().unwrap().recipe.unwrap();
    assert_eq!((info.id, info.facts, info.structure), (one.id, full.facts, full.structure));
    assert_eq!(store.name_uses().await.unwrap()["flux.safetensors"], 1);
}

#[tokio::test]
async fn names_are_kept_byte_for_byte() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let paths: Vec<Vec<u8>> = [
        &b"plain.png"[..],
        b"a/b/c/deep.png",
        b"not utf-8 \xff\xfe.png",
        b"\xff/folder.png",
        b"comma,comma,1,2.png",
        b"line\nbreak.png",
        b" ",
        b"'quote\" ; DROP TABLE asset.png",
        "\u{65e5}\u{672c}/\u{1f600}.png".as_bytes(),
        &[b'x'; 4_000],
    ]
    .map(<[u8]>::to_vec)
    .into();
    let files: Vec<_> =
        paths.iter().enumerate().map(|(at, path)| picture(root, path, &at.to_string())).collect();
    let added = store.add_to_library(&files).await.unwrap();
    let known = store.root_places(root).await.unwrap();
    let seqs: Vec<u32> = added.iter().map(|one| one.seq).collect();
    let places = store.places(&seqs).await.unwrap();
    for (path, one) in paths.iter().zip(&added) {
        assert_eq!(&places[&one.seq][0].path, path);
        let cut = path.iter().rposition(|byte| *byte == b'/');
        let (folder, name) = match cut {
            Some(at) => (&path[..at], &path[at + 1..]),
            None => (&b""[..], &path[..]),
        };
        let file = known[folder].get(name).unwrap();
        assert_eq!(
            (file.asset, file.bytes, file.mtime, file.missing),
            (one.seq, 7, Some(5), false)
        );
    }
    let files: usize = known.values().map(store::FolderPlaces::len).sum();
    assert_eq!(files, paths.len());
    let nameless = store.add_to_library(&[picture(root, "folder/", "x")]).await;
    assert!(matches!(nameless, Err(StoreError::Value(_))), "{nameless:?}");
}

/// Every row of it, to compare.
async fn whole(store: &Store) -> Vec<(u32, String, usize)> {
    let mut all = Vec::new();
    let mut chunks = Vec::new();
    store.columns(0, || 3, |chunk| chunks.push(chunk)).await.unwrap();
    for chunk in chunks {
        for asset in &chunk.assets {
            let names = asset.names.start as usize..asset.names.end as usize;
            let tags = chunk.tags.iter().filter(|(of, _)| *of == asset.seq).count();
            all.push((asset.seq, chunk.names[names].to_owned(), tags));
        }
    }
    all
}

#[tokio::test]
async fn what_is_made_up_is_the_same_each_time() {
    let dirs = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let mut seen = Vec::new();
    for dir in &dirs {
        let store = open(dir.path()).await;
        let fill = store::dev::Fill { assets: 3_000, params: 3, ..store::dev::Fill::default() };
        store::dev::fill(&store, &fill).await.unwrap();
        let first = store.assets_by_seq(&[1]).await.unwrap();
        assert_eq!(first[0].id, store::dev::asset_id(fill.seed, 0));
        assert_eq!(first[0].path, store::dev::place(0));
        seen.push(whole(&store).await);
    }
    assert_eq!(seen[0].len(), 3_000);
    assert!(seen[0].iter().any(|row| row.2 > 0));
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn small_writes_in_an_import_do_not_wait_for_the_disk() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let run = store.begin_import(root, "{}", 1).await.unwrap();
    let database = dir.path().join("data/safelight.db");
    let size = || std::fs::metadata(&database).unwrap().len();
    let before = size();
    for part in 0..10 {
        let name = |n| (format!("{part}/{n}.png"), format!("{part}-{n}"));
        let files: Vec<_> =
            (0..2_000).map(name).map(|(path, hash)| picture(root, &path, &hash)).collect();
        store.add_to_library(&files).await.unwrap();
        let report = format!("[{part}]");
        store.set_import(run, ImportState::Running, &report, None).await.unwrap();
    }
    let log = std::fs::metadata(database.with_extension("db-wal")).unwrap().len();
    assert!(log > 6 << 20, "far more than is carried over as usual: {log}");
    assert_eq!(size(), before, "it is in the log still");
    store.added_many().await.unwrap();
    assert!(size() > before, "it is carried over once the import is over");
}
