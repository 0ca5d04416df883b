//! Outputs that stay where a server on this machine puts them.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod support;

use domain::{JobId, JobState, Outcome, ServerId};
use engine::{
    Engine, ServerInput,
    view::{AssetView, FileState, JobDetail, Mark, RootState, RootView},
};
use practice::Scene;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use support::{Bench, classic, plain, start_engine, until};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

const FAST: Duration = Duration::from_millis(2);

/// The folder that the practice engine puts its outputs into.
fn outputs(folder: &Path) -> PathBuf {
    folder.join("practice/output")
}

async fn keep_in(bench: &Bench, outputs: Option<PathBuf>) {
    let input = ServerInput {
        id: bench.server,
        name: "bench".into(),
        address: bench.practice().url(),
        max_held: 2,
        outputs,
    };
    bench.engine.server_edit(input).await.unwrap();
}

/// A bench whose outputs stay where they are.
async fn staying() -> Bench {
    let bench = Bench::new(FAST).await;
    keep_in(&bench, Some(outputs(bench.folder.path()))).await;
    bench
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                all.push((entry.path(), fs::read(entry.path()).unwrap()));
            }
        }
    }
    all.sort();
    all
}

fn only(detail: &JobDetail) -> &AssetView {
    let [asset] = detail.assets.as_slice() else { panic!("one output: {:?}", detail.assets) };
    asset
}

/// Why an output of a job was copied, as its story says.
fn copied(detail: &JobDetail) -> Vec<String> {
    let events = detail.events.iter().map(|event| event.text.clone());
    events.filter(|text| text.contains("was copied")).collect()
}

async fn root(engine: &Engine, path: &Path) -> RootView {
    let path = path.display().to_string();
    until("the folder is in the library and at rest", || async {
        let roots = engine.root_list().await;
        roots.into_iter().find(|root| root.path == path && root.state != RootState::Scanning)
    })
    .await
}

async fn places(engine: &Engine, asset: &AssetView) -> Vec<(PathBuf, FileState)> {
    let key = engine.asset_key(asset.id).await.unwrap();
    let detail = engine.asset_detail(key).await.unwrap();
    detail.places.into_iter().map(|place| (place.path.into(), place.state)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_stays_where_it_is_and_is_read_once() {
    let bench = staying().await;
    let folder = outputs(bench.folder.path());
    let id = bench.queue(&classic(7, 3)).await;
    let detail = bench.ended(id, Outcome::Succeeded).await;
    let asset = only(&detail);
    let file = folder.join("classic_00001_.png");
    assert_eq!(places(&bench.engine, asset).await, [(file.clone(), FileState::Here)]);
    let hash = blake3::hash(&fs::read(&file).unwrap()).to_hex();
    assert_eq!(asset.hash.as_deref(), Some(hash.as_str()));
    assert_eq!((asset.width, asset.height), (Some(128), Some(128)));
    assert_eq!((asset.job_id, asset.facts.seed.as_deref()), (Some(id), Some("7")));
    assert_eq!(copied(&detail), [""; 0]);
    assert_eq!(files(&bench.folder.path().join("library")), [], "nothing was copied");
    assert!(
        bench.engine.media_asset(asset.id, engine::MediaSize::Thumb).await.unwrap().path.is_file()
    );

    // The folder is one of the library's: a scan finds the file known.
    let before = root(&bench.engine, &folder).await;
    assert!(!before.own && before.watched);
    tokio::time::sleep(Duration::from_millis(2)).await;
    bench.engine.root_scan(before.id).await.unwrap();
    let scanned = until("it was gone through", || async {
        let now = root(&bench.engine, &folder).await;
        (now.scanned_at > before.scanned_at).then_some(now)
    })
    .await;
    assert_eq!((scanned.assets, scanned.to_read, scanned.report.new), (1, 0, 0));
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_job_writes_over_nothing() {
    let bench = staying().await;
    let folder = outputs(bench.folder.path());
    let first = bench.queue(&plain(1)).await;
    let first = bench.ended(first, Outcome::Succeeded).await;
    let before = files(&folder);
    let second = bench.queue(&plain(2)).await;
    let second = bench.ended(second, Outcome::Succeeded).await;
    // From the server's cache: it names the second job's file once more.
    let cached = bench.queue(&plain(2)).await;
    let cached = bench.ended(cached, Outcome::Succeeded).await;

    let after = files(&folder);
    assert_eq!((before.len(), after.len()), (1, 2));
    assert_eq!(before[0], after[0]);
    assert_ne!(only(&first).id, only(&second).id);
    assert_eq!(only(&cached).id, only(&second).id);
    for (detail, (path, bytes)) in [(&first, &after[0]), (&second, &after[1]), (&cached, &after[1])]
    {
        assert_eq!(only(detail).hash.as_deref(), Some(blake3::hash(bytes).to_hex().as_str()));
        let place = (path.clone(), FileState::Here);
        assert_eq!(places(&bench.engine, only(detail)).await, [place]);
    }
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_or_not_the_servers_is_copied_and_the_job_says_why() {
    let bench = Bench::new(FAST).await;
    let elsewhere = bench.folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    keep_in(&bench, Some(elsewhere.clone())).await;
    let theirs = outputs(bench.folder.path());

    let missing = bench.queue(&plain(1)).await;
    let missing = bench.ended(missing, Outcome::Succeeded).await;
    let [why] = &copied(&missing)[..] else { panic!("{:?}", missing.events) };
    assert!(
        why.contains(&format!(
            "bench_00001_.png was copied, because it is not in {}",
            elsewhere.display()
        )),
        "{why}"
    );

    // The server names its first file again; here lies another whole picture, just as long.
    let real = fs::read(theirs.join("bench_00001_.png")).unwrap();
    let mut other = support::picture(9);
    other.resize(real.len(), 0);
    fs::write(elsewhere.join("bench_00001_.png"), &other).unwrap();
    let differs = bench.queue(&plain(1)).await;
    let differs = bench.ended(differs, Outcome::Succeeded).await;
    let [why] = &copied(&differs)[..] else { panic!("{:?}", differs.events) };
    assert!(why.contains("is not the server's"), "{why}");
    assert_eq!(only(&differs).hash.as_deref(), Some(blake3::hash(&real).to_hex().as_str()));
    assert_eq!(fs::read(elsewhere.join("bench_00001_.png")).unwrap(), other);

    // Half of it.
    fs::write(elsewhere.join("bench_00001_.png"), &real[..real.len() / 2]).unwrap();
    let half = bench.queue(&plain(1)).await;
    let half = bench.ended(half, Outcome::Succeeded).await;
    let [why] = &copied(&half)[..] else { panic!("{:?}", half.events) };
    assert!(why.contains("it is not whole"), "{why}");

    // The very file, but by a link that leads out of the folder.
    #[cfg(unix)]
    {
        fs::remove_file(elsewhere.join("bench_00001_.png")).unwrap();
        let target = theirs.join("bench_00001_.png");
        std::os::unix::fs::symlink(target, elsewhere.join("bench_00001_.png")).unwrap();
        let linked = bench.queue(&plain(1)).await;
        let linked = bench.ended(linked, Outcome::Succeeded).await;
        let [why] = &copied(&linked)[..] else { panic!("{:?}", linked.events) };
        assert!(why.contains("leads out of"), "{why}");
    }

    fs::remove_dir_all(&elsewhere).unwrap();
    let away = bench.queue(&plain(3)).await;
    let away = bench.ended(away, Outcome::Succeeded).await;
    let [why] = &copied(&away)[..] else { panic!("{:?}", away.events) };
    assert!(why.contains("elsewhere is not there"), "{why}");
    let library = bench.folder.path().join("library");
    for (place, state) in places(&bench.engine, only(&away)).await {
        assert!(place.starts_with(&library) && state == FileState::Here, "{}", place.display());
    }

    // Off again, nothing is said of it.
    keep_in(&bench, None).await;
    let off = bench.queue(&plain(4)).await;
    assert_eq!(copied(&bench.ended(off, Outcome::Succeeded).await), [""; 0]);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_goes_away_takes_its_outputs_with_it_and_is_not_forgotten_while_it_is_used() {
    let bench = staying().await;
    let folder = outputs(bench.folder.path());
    let id = bench.queue(&plain(1)).await;
    let detail = bench.ended(id, Outcome::Succeeded).await;
    let asset = only(&detail);
    let root = root(&bench.engine, &folder).await;
    let error = bench.engine.root_remove(root.id).await.unwrap_err();
    assert!(error.message.contains("What bench makes stays in"), "{}", error.message);

    let unplugged = bench.folder.path().join("unplugged");
    fs::rename(&folder, &unplugged).unwrap();
    bench.engine.root_scan(root.id).await.unwrap();
    until("its output is away", || async {
        let places = places(&bench.engine, asset).await;
        (places
            == [(folder.clone(), FileState::Away)]
                .map(|(folder, state)| (folder.join("bench_00001_.png"), state)))
        .then_some(())
    })
    .await;
    assert!(bench.engine.asset_path(asset.id).await.is_err());

    // It lies elsewhere now, and so do the server's outputs.
    bench.engine.root_move(root.id, unplugged.clone()).await.unwrap();
    let server = bench.snapshot().await.servers.remove(0);
    assert_eq!(server.outputs, Some(unplugged.display().to_string()));
    assert_eq!(
        bench.engine.asset_path(asset.id).await.unwrap(),
        unplugged.join("bench_00001_.png")
    );
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bin_keeps_the_file_until_it_is_deleted_for_good() {
    let bench = staying().await;
    let file = outputs(bench.folder.path()).join("bench_00001_.png");
    let id = bench.queue(&plain(1)).await;
    let detail = bench.ended(id, Outcome::Succeeded).await;
    let key = bench.engine.asset_key(only(&detail).id).await.unwrap();
    bench.engine.asset_mark(vec![key], Mark::Bin).await.unwrap();
    assert!(file.is_file());
    bench.engine.bin_empty(None).await.unwrap();
    until("the file was deleted, as it was asked for", || async { (!file.exists()).then_some(()) })
        .await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_scanned_while_its_job_ran_on_is_that_jobs() {
    let bench = Bench::new(Duration::from_millis(60)).await;
    let folder = outputs(bench.folder.path());
    keep_in(&bench, Some(folder.clone())).await;
    // A ground that is saved at once, and a picture that takes its time.
    let ground = r#"{"a":{"class_type":"EmptyImage","inputs":{"width":64,"height":48,"batch_size":1,"color":5}},
"b":{"class_type":"SaveImage","inputs":{"images":["a",0],"filename_prefix":"ground"}},"#;
    let id = bench.queue(&format!("{ground}{}", &classic(1, 40)[1..])).await;
    let file = folder.join("ground_00001_.png");
    until("the ground is saved", || async { file.is_file().then_some(()) }).await;
    bench.practice().set_scene(Scene::Stall, true);
    until("it was scanned", || async { (bench.snapshot().await.counts.assets == 1).then_some(()) })
        .await;
    let running = bench.engine.job_get(id).await.unwrap();
    assert_eq!((running.job.state, running.assets.len()), (JobState::Running, 0));
    bench.practice().set_scene(Scene::Stall, false);

    let detail = bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(detail.assets.len(), 2);
    for asset in &detail.assets {
        assert_eq!((asset.job_id, asset.title.as_str()), (Some(id), detail.job.title.as_str()));
        assert!(asset.practice && asset.server_name.as_deref() == Some("bench"));
    }
    assert_eq!(bench.snapshot().await.counts.assets, 2, "each is there once");
    assert_eq!(copied(&detail), [""; 0]);
    bench.engine.stop().await;
}

/// Names the folder and the server in the process that is killed.
const KILLED: &str = "SAFELIGHT_TEST_KILLED_IN";
const SERVER: &str = "SAFELIGHT_TEST_SERVER";
const NAME: &str = "a_kill_before_an_output_is_recorded_records_it_once";

#[test]
fn a_kill_before_an_output_is_recorded_records_it_once() {
    if let Some(folder) = std::env::var_os(KILLED) {
        collect_until_killed(Path::new(&folder), &std::env::var(SERVER).unwrap());
    }
    let folder = TempDir::new().unwrap();
    Runtime::new().unwrap().block_on(async {
        let practice = support::practice(folder.path(), 0, FAST).await;
        practice.set_scene(Scene::ViewSlow, true);
        let mut killed = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(KILLED, folder.path())
            .env(SERVER, practice.url())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(killed.stdout.take().unwrap()).lines();
        let collecting = tokio::task::spawn_blocking(move || {
            lines.map_while(Result::ok).find_map(|line| {
                line.split_once("collecting ").map(|(_, id)| id.parse::<Uuid>().unwrap())
            })
        });
        let id = JobId(collecting.await.unwrap().unwrap());
        killed.kill().unwrap();
        killed.wait().unwrap();
        practice.set_scene(Scene::ViewSlow, false);

        let before = files(&outputs(folder.path()));
        let engine = start_engine(folder.path()).await;
        let detail = until("it is collected", || async {
            let detail = engine.job_get(id).await.unwrap();
            detail.job.state.is_ended().then_some(detail)
        })
        .await;
        assert_eq!(detail.job.state, JobState::Ended(Outcome::Succeeded));
        let file = outputs(folder.path()).join("classic_00001_.png");
        assert_eq!(places(&engine, only(&detail)).await, [(file, FileState::Here)]);
        assert_eq!(copied(&detail), [""; 0]);
        assert_eq!(files(&outputs(folder.path())), before);
        assert_eq!(files(&folder.path().join("library")), []);
        assert_eq!(practice.record().runs_of(&id.0.to_string()), 1);
        engine.stop().await;
        practice.stop().await;
    });
}

fn collect_until_killed(folder: &Path, server: &str) -> ! {
    Runtime::new().unwrap().block_on(async {
        let engine = start_engine(folder).await;
        let input = ServerInput {
            id: ServerId(Uuid::now_v7()),
            name: "bench".into(),
            address: server.to_owned(),
            max_held: 2,
            outputs: Some(outputs(folder)),
        };
        engine.server_add(input).await.unwrap();
        // Large enough for /view to take a while over it.
        let prompt = classic(3, 2).replace("128", "512");
        let batch = domain::BatchId(Uuid::now_v7());
        let report = engine.intake_text(batch, prompt, false).await.unwrap();
        let id = report.items[0].job_id.unwrap();
        until("it is being collected", || async {
            let job = engine.job_get(id).await.unwrap().job;
            matches!(job.state, JobState::Collecting(_)).then_some(())
        })
        .await;
        println!("collecting {}", id.0);
        std::future::pending::<std::convert::Infallible>().await;
    });
    unreachable!("it waits to be killed")
}
