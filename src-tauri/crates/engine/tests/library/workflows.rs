//! The workflows of many outputs: saved for ComfyUI's own page and copied, each once, stopped in the middle.

use crate::{
    made::{png, put},
    support::{Bench, classic, known, until},
};
use engine::{
    Clock, Copied, Engine, EngineConfig, Pace,
    view::{
        CommandErrorCode, CopiedView, EditorsView, LibraryQuery, LibrarySort, Mark, WorkKind,
        WorkState, WorkView,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// So many that it is stopped in the middle.
const MANY: u64 = 300;

/// Puts a picture that was made with a seed, or with nothing that is known, into the folder.
fn picture(bench: &Bench, name: &str, colour: u64, seed: Option<u64>) -> PathBuf {
    let workflow = seed.map(|seed| classic(seed, 20));
    let texts: Vec<_> = workflow.iter().map(|text| ("prompt", text.as_str())).collect();
    put(&bench.folder.path().join("pictures"), name, png(8, colour, &texts))
}

/// Takes the folder into the library; gives its keys by the paths of their files below it.
async fn imported(bench: &Bench, outputs: u64) -> BTreeMap<String, u32> {
    let folder = bench.folder.path().join("pictures");
    let engine = &bench.engine;
    engine.root_add(folder.clone(), false).await.unwrap();
    let query = LibraryQuery { sort: LibrarySort::Name, ..LibraryQuery::default() };
    until("all are in the library", || async {
        let answer = engine.library_query(query.clone()).await.unwrap();
        (answer.whole && u64::from(answer.shown) == outputs).then_some(())
    })
    .await;
    let mut keys = BTreeMap::new();
    for key in 1..=u32::try_from(outputs).unwrap() {
        let path = engine.asset_files(&[key]).await.unwrap().remove(0);
        let below = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
        keys.insert(below, key);
    }
    keys
}

async fn with_many() -> (Bench, Vec<u32>) {
    let bench = known().await;
    for n in 0..MANY {
        picture(&bench, &format!("{n:04}.png"), n, Some(n));
    }
    let keys = imported(&bench, MANY).await.into_values().collect();
    (bench, keys)
}

/// What lies in the server's folder, by its names without ending.
fn at_server(bench: &Bench) -> BTreeSet<String> {
    let folder = bench.folder.path().join("practice/user/default/workflows/Safelight");
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.map(|file| file.path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// The folders of copies.
fn copies(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder.join("cache/copied")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn names(files: &[PathBuf]) -> Vec<&str> {
    files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect()
}

fn last_work(bench: &Bench, kind: WorkKind) -> WorkView {
    let mut works = bench.engine.work_list().into_iter();
    works.rfind(|work| work.kind == kind).unwrap()
}

/// Waits until some of the next work of a kind is done; gives its number.
async fn under_way(bench: &Bench, kind: WorkKind) -> u32 {
    until("some of it is done", || async {
        let works = bench.engine.work_list();
        let running = |work: &&WorkView| work.kind == kind && work.state == WorkState::Running;
        works.iter().find(running).filter(|work| work.done > 0).map(|work| work.id)
    })
    .await
}

async fn stop_next(bench: &Bench, kind: WorkKind) {
    let id = under_way(bench, kind).await;
    bench.engine.work_cancel(id).unwrap();
}

#[tokio::test]
async fn workflows_of_several_are_saved_for_comfyuis_page_once_each() {
    let mut bench = known().await;
    picture(&bench, "bouquet.png", 1, Some(1));
    picture(&bench, "bouquet again.png", 2, Some(1));
    picture(&bench, "lake.png", 3, Some(2));
    picture(&bench, "night.png", 4, Some(3));
    picture(&bench, "scan.png", 5, None);
    let by_name = imported(&bench, 5).await;
    let keys: Vec<u32> = by_name.values().copied().collect();
    let count = bench.engine.workflow_count(&keys).await.unwrap();
    assert_eq!((count.workflows, count.left_out.outputs), (3, 1));

    let lake = bench.engine.asset_detail(by_name["lake.png"]).await.unwrap().asset.id;
    let lake = bench.engine.editor_save(lake, bench.server).await.unwrap();
    let all = bench.engine.editor_save_all(&keys, bench.server).await.unwrap();
    assert_eq!((all.saved, all.existed, all.cut_off.clone()), (2, 1, None), "{all:?}");
    assert_eq!((all.left_out.outputs, &all.url), (1, &lake.url));
    let why = all.left_out.why.as_ref().unwrap();
    assert!(why.starts_with("scan: ") && why.contains("no workflow"), "{why}");
    assert!(all.names.contains(&lake.name), "{all:?}");
    assert_eq!(at_server(&bench), all.names.iter().cloned().collect());
    assert_eq!(last_work(&bench, WorkKind::Workflows).state, WorkState::Done);
    let again = bench.engine.editor_save_all(&keys, bench.server).await.unwrap();
    assert_eq!(again, EditorsView { saved: 0, existed: 3, ..all });

    // Nobody takes them, and then there is nobody.
    let alone = [by_name["scan.png"], 9_999];
    let none = bench.engine.editor_save_all(&alone, bench.server).await.unwrap();
    assert_eq!((none.saved, none.existed, none.left_out.outputs), (0, 0, 2));
    bench.stop_practice().await;
    let error = bench.engine.editor_save_all(&keys, bench.server).await.unwrap_err();
    assert_eq!(error.code, CommandErrorCode::Server, "{error:?}");
    let most: Vec<u32> = (1..=10_001).collect();
    let error = bench.engine.editor_save_all(&most, bench.server).await.unwrap_err();
    assert!(error.message.contains("10,000"), "{error:?}");
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_graph_that_leaves_words_to_chance_is_saved_as_it_was_drawn_and_once() {
    let bench = known().await;
    picture(&bench, "harbour.png", 1, Some(1));
    let harbour = imported(&bench, 1).await["harbour.png"];
    let save = async |key: u32| {
        let id = bench.engine.asset_detail(key).await.unwrap().asset.id;
        bench.engine.editor_save(id, bench.server).await.unwrap()
    };
    let folder = bench.folder.path().join("practice/user/default/workflows/Safelight");
    let read = |name: &str| fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let laid_out = read(&save(harbour).await.name);
    let drawn = laid_out.replace("a quiet harbour", "a {red|blue|green|grey} harbour");
    assert_ne!(drawn, laid_out);

    let pictures = bench.folder.path().join("pictures");
    put(&pictures, "chance.png", png(8, 2, &[("workflow", &drawn)]));
    let chance = imported(&bench, 2).await["chance.png"];
    let first = save(chance).await;
    assert!(first.drawn && !first.existed, "{first:?}");
    assert_eq!(read(&first.name), drawn);
    // Each time it comes out otherwise.
    for _ in 0..4 {
        let again = save(chance).await;
        assert_eq!((again.existed, &again.name), (true, &first.name));
    }
    assert_eq!(at_server(&bench).len(), 2);
    bench.engine.stop().await;
}

#[tokio::test]
async fn saving_many_is_stopped_in_the_middle_and_gone_on_with() {
    let (mut bench, keys) = with_many().await;
    let saving = bench.engine.editor_save_all(&keys, bench.server);
    let (all, ()) = tokio::join!(saving, stop_next(&bench, WorkKind::Workflows));
    let all = all.unwrap();
    let cut_off = all.cut_off.clone().unwrap();
    assert!(all.saved > 0 && cut_off.left > 0 && cut_off.why.is_none(), "{all:?}");
    assert_eq!(u64::from(all.saved + cut_off.left), MANY);
    let saved = all.saved as usize;
    assert_eq!((at_server(&bench).len(), all.names.len()), (saved, saved.min(5)));
    let work = last_work(&bench, WorkKind::Workflows);
    assert_eq!((work.state, work.done, work.of), (WorkState::Cancelled, all.saved, 300));

    // The server goes away in the middle: that is said, and what it has is not lost.
    let practice = bench.practice.take().unwrap();
    let from_behind: Vec<u32> = keys.iter().rev().copied().collect();
    let saving = bench.engine.editor_save_all(&from_behind, bench.server);
    let going = async {
        under_way(&bench, WorkKind::Workflows).await;
        practice.stop().await;
    };
    let (part, ()) = tokio::join!(saving, going);
    let part = part.unwrap();
    let why = part.cut_off.clone().unwrap().why;
    // How far it came is left to chance: perhaps to those that were saved before.
    assert!(part.saved > 0 && part.existed as usize <= saved && why.is_some(), "{part:?}");
    // Of one more it may not have been heard any more that it was saved.
    let there = at_server(&bench).len();
    let known = saved + part.saved as usize;
    assert!(there == known || there == known + 1, "{there}, {known} known");
    assert_eq!(last_work(&bench, WorkKind::Workflows).state, WorkState::Failed);
    bench.start_practice().await;
    let rest = bench.engine.editor_save_all(&keys, bench.server).await.unwrap();
    assert_eq!((rest.existed as usize, rest.cut_off), (there, None));
    assert_eq!(at_server(&bench).len() as u64, MANY);
    bench.engine.stop().await;
}

#[tokio::test]
async fn workflows_of_several_are_copied_as_files_with_names_of_their_own() {
    let bench = known().await;
    picture(&bench, "a/lake.png", 1, Some(1));
    picture(&bench, "b/lake.png", 2, Some(2));
    picture(&bench, "c/LAKE.png", 3, Some(3));
    picture(&bench, "con.png", 4, Some(4));
    picture(&bench, "lake twice.png", 5, Some(1));
    picture(&bench, "scan.png", 6, None);
    let lost = picture(&bench, "lost.png", 7, Some(7));
    let by_name = imported(&bench, 7).await;
    let key = |name: &str| by_name[name];
    let title = Mark::Title { text: "../night: 1/2".into() };
    bench.engine.asset_mark(vec![key("con.png")], title).await.unwrap();
    fs::remove_file(lost).unwrap();
    let copy = async |keys: &[u32]| bench.engine.workflow_copies(keys).await.unwrap();

    let keys = ["a/lake.png", "b/lake.png", "lake twice.png", "scan.png", "c/LAKE.png", "con.png"];
    let (copied, view) = copy(&keys.map(key)).await;
    assert_eq!((view.workflows, view.left_out.outputs, view.cut_off), (4, 1, None));
    let Copied::Files(files) = copied else { panic!("{copied:?}") };
    assert_eq!(names(&files), ["lake.json", "lake (2).json", "LAKE (3).json", "night 1 2.json"]);
    for (file, seed) in files.iter().zip(1..) {
        assert_eq!(fs::read_to_string(file).unwrap(), classic(seed, 20));
    }
    let kept = copies(bench.folder.path());
    assert_eq!(kept.iter().map(PathBuf::as_path).collect::<Vec<_>>(), [files[0].parent().unwrap()]);

    // One and the same is a text; where there is none, nothing is copied. Neither takes the files away.
    let (copied, view) = copy(&["a/lake.png", "lake twice.png", "scan.png"].map(key)).await;
    assert_eq!(copied, Copied::Text(classic(1, 20)));
    assert_eq!((view.workflows, view.left_out.outputs), (1, 1));
    let (copied, view) = copy(&["scan.png", "lost.png"].map(key)).await;
    assert_eq!((copied, view.workflows, view.left_out.outputs), (Copied::Nothing, 0, 2));
    assert!(view.left_out.why.unwrap().contains("no workflow is known"));
    let (copied, view) = copy(&["lost.png", "b/lake.png"].map(key)).await;
    assert_eq!((copied, view.workflows), (Copied::Text(classic(2, 20)), 1));
    assert!(view.left_out.why.unwrap().contains("is not there now"));
    assert_eq!(copies(bench.folder.path()), kept);

    // The clipboard may not take the next files: those before stay, and older ones go.
    let mut last = kept;
    for _ in 0..3 {
        let (copied, _) = copy(&["con.png", "c/LAKE.png"].map(key)).await;
        let Copied::Files(files) = copied else { panic!("{copied:?}") };
        assert_eq!(names(&files), ["night 1 2.json", "LAKE.json"]);
        let newest = files[0].parent().unwrap().to_owned();
        last.insert(newest.clone());
        assert_eq!(copies(bench.folder.path()), last);
        last = BTreeSet::from([newest]);
    }
    let now = copies(bench.folder.path());
    let most: Vec<u32> = (1..=10_001).collect();
    let error = bench.engine.workflow_copies(&most).await.unwrap_err();
    assert!(error.message.contains("10,000"), "{error:?}");

    // A disk that takes nothing leaves what was copied before.
    let (copied, before) = (bench.folder.path().join("cache/copied"), now);
    let aside = bench.folder.path().join("aside");
    fs::rename(&copied, &aside).unwrap();
    fs::write(&copied, "in the way").unwrap();
    let error = bench.engine.workflow_copies(&keys.map(key)).await.unwrap_err();
    assert_eq!(error.code, CommandErrorCode::Storage, "{error:?}");
    fs::remove_file(&copied).unwrap();
    fs::rename(&aside, &copied).unwrap();
    assert_eq!(copies(bench.folder.path()), before);
    bench.engine.stop().await;
}

#[tokio::test]
async fn copying_many_is_all_or_nothing_and_a_start_after_a_day_removes_it() {
    let (bench, keys) = with_many().await;
    let (copied, view) = bench.engine.workflow_copies(&keys).await.unwrap();
    let Copied::Files(files) = copied else { panic!("{copied:?}") };
    assert_eq!((files.len() as u64, view.workflows), (MANY, 300));
    let work = last_work(&bench, WorkKind::Copies);
    assert_eq!((work.state, work.done, work.of), (WorkState::Done, 300, 300));
    let before = copies(bench.folder.path());

    let copying = bench.engine.workflow_copies(&keys);
    let (stopped, ()) = tokio::join!(copying, stop_next(&bench, WorkKind::Copies));
    let (copied, CopiedView { workflows, cut_off, .. }) = stopped.unwrap();
    assert_eq!((copied, workflows), (Copied::Nothing, 0));
    let cut_off = cut_off.unwrap();
    assert!(cut_off.left > 0 && cut_off.left < 300 && cut_off.why.is_none(), "{cut_off:?}");
    assert_eq!(last_work(&bench, WorkKind::Copies).state, WorkState::Cancelled);
    assert_eq!(copies(bench.folder.path()), before, "the clipboard has these still");
    assert!(files.iter().all(|file| file.is_file()));

    // The system may keep the clipboard when the app has ended.
    bench.engine.stop().await;
    let copied = fs::metadata(files[0].parent().unwrap()).unwrap().modified().unwrap();
    let copied = copied.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let hours_later = |hours: u64| {
        let now = copied + Duration::from_secs(hours * 60 * 60);
        let folder = bench.folder.path();
        let config = EngineConfig {
            data_dir: folder.join("data"),
            cache_dir: folder.join("cache"),
            library_dir: folder.join("library"),
            policy: engine::Policy::default(),
            pace: Pace::default(),
        };
        Engine::start_by(config, Clock::by(move || i64::try_from(now.as_millis()).unwrap()))
    };
    hours_later(23).await.unwrap().stop().await;
    assert_eq!(copies(bench.folder.path()), before);
    let engine = hours_later(25).await.unwrap();
    until("they are removed", || async { copies(bench.folder.path()).is_empty().then_some(()) })
        .await;
    engine.stop().await;
}
