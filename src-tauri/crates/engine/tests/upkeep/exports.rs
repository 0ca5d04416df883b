//! Exports that are cut off go on where they were, at any file and at any moment of it.

use crate::{SmallDisk, World, contents, made, until};
use engine::{
    Engine,
    view::{ExportInto, ExportPlan, Mark, PictureForm, WorkKind, WorkState, WorkView},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

pub fn plan(to: &Path, into: ExportInto) -> ExportPlan {
    ExportPlan {
        to: to.display().to_string(),
        into,
        form: PictureForm::Original,
        quality: 90,
        longest_edge: None,
        metadata: true,
        xmp: true,
        names: "{name}".into(),
    }
}

/// The exports of an engine.
pub fn exports(engine: &Engine) -> Vec<WorkView> {
    engine.work_list().into_iter().filter(|work| work.kind == WorkKind::Export).collect()
}

/// Waits until no export is under way, and none is kept.
pub async fn over(folder: &Path, engine: &Engine) -> Vec<WorkView> {
    until("no export is under way", || async {
        let kept = fs::read_dir(folder.join("data/exports")).into_iter().flatten().count();
        let works = exports(engine);
        (kept == 0 && works.iter().all(|work| work.state != WorkState::Running)).then_some(works)
    })
    .await
}

/// The names of pictures in the library, and how they are called.
fn name(n: usize) -> String {
    format!("lake_{n:05}_.png")
}

/// An export that was cut off: as it is kept, and as it lies there.
pub struct Cut {
    pub id: Uuid,
    pub folder: PathBuf,
    log: String,
}

impl Cut {
    pub fn new(world: &World, keys: &[u32], plan: &ExportPlan, folder: PathBuf) -> Self {
        let id = Uuid::now_v7();
        let kept = world.path("data/exports");
        fs::create_dir_all(&kept).unwrap();
        let record = serde_json::json!({ "outputs": { "keys": keys, "plan": plan } });
        fs::write(kept.join(format!("{id}.json")), record.to_string()).unwrap();
        Self { id, folder, log: String::new() }
    }

    pub fn part(&self, name: &str, bytes: &[u8]) {
        self.put(&format!(".safelight-export-{}/{name}", self.id), bytes);
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn line(&mut self, line: &serde_json::Value) {
        self.log += &format!("{line}\n");
    }

    pub fn named(&mut self, at: usize, name: &str) {
        self.line(&serde_json::json!({ "named": { "at": at, "name": name } }));
    }

    pub fn begun(mut self) -> Self {
        fs::create_dir_all(self.folder.join(format!(".safelight-export-{}", self.id))).unwrap();
        self.line(&"begun".into());
        self
    }

    pub fn kept(&self, world: &World) {
        fs::write(world.path(&format!("data/exports/{}.log", self.id)), &self.log).unwrap();
    }
}

/// The moments of one file at which an export may be killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Before,
    Half,
    Whole,
    Named,
    Linked,
    Put,
}

const MOMENTS: [Moment; 6] =
    [Moment::Before, Moment::Half, Moment::Whole, Moment::Named, Moment::Linked, Moment::Put];

#[tokio::test]
async fn a_folder_goes_on_at_every_file_and_moment() {
    let world = World::new().await;
    world.mark("", Mark::Rating { stars: 4 }).await;
    let keys = world.keys("").await;
    let whole = world.path("whole");
    let work = world.engine.export_start(keys.clone(), plan(&whole, ExportInto::Folder)).await;
    world.done(work.unwrap()).await;
    let whole = contents(&whole);
    assert_eq!(whole.len(), 2 * keys.len(), "each with its sidecar");
    world.engine.stop().await;

    // What was written before is told by its content from what is written now.
    let before = b"written before the kill";
    let mut cuts = Vec::new();
    for files in 0..keys.len() {
        for moment in MOMENTS {
            let to = world.path(&format!("cut-{files}-{moment:?}"));
            let plan = plan(&to, ExportInto::Folder);
            let mut cut = Cut::new(&world, &keys, &plan, to).begun();
            let mut wanted = whole.clone();
            for at in 0..files {
                cut.named(at, &name(at));
                cut.put(&name(at), before);
                cut.put(&format!("{}.xmp", name(at)), before);
            }
            let (next, sidecar) = (name(files), format!("{}.xmp", name(files)));
            match moment {
                Moment::Before => {}
                Moment::Half => cut.part(".tmpA1b2C3", b"half"),
                Moment::Whole => {
                    cut.part(&next, before);
                    cut.part(&sidecar, before);
                }
                Moment::Named | Moment::Linked => {
                    cut.part(&next, before);
                    cut.part(&sidecar, before);
                    cut.named(files, &next);
                    if matches!(moment, Moment::Linked) {
                        cut.put(&next, before);
                    }
                }
                Moment::Put => {
                    cut.named(files, &next);
                    cut.put(&next, before);
                    cut.part(&sidecar, before);
                    // A line that was cut off says nothing.
                    cut.log += "{\"named\":{\"at";
                }
            }
            let done = files + usize::from(moment as u32 >= Moment::Named as u32);
            for at in 0..done {
                wanted.insert(name(at), before.to_vec());
                wanted.insert(format!("{}.xmp", name(at)), before.to_vec());
            }
            cut.kept(&world);
            cuts.push((cut, wanted));
        }
    }
    // Killed before it began at all, and when all was done.
    let to = world.path("cut-at-the-start");
    let at_start = Cut::new(&world, &keys, &plan(&to, ExportInto::Folder), to);
    cuts.push((at_start, whole.clone()));
    let to = world.path("cut-at-the-end");
    let mut at_end = Cut::new(&world, &keys, &plan(&to, ExportInto::Folder), to).begun();
    at_end.part("files/trash.png", before);
    at_end.line(&"over".into());
    at_end.kept(&world);
    cuts.push((at_end, BTreeMap::new()));

    let world = world.again().await;
    let works = over(world.folder.path(), &world.engine).await;
    for work in works {
        assert_eq!((work.state, work.done), (WorkState::Done, work.of), "{work:?}");
        assert_eq!(work.problems, [""; 0]);
    }
    for (cut, wanted) in cuts {
        let there = contents(&cut.folder);
        assert!(there == wanted, "{}: {:?}", cut.folder.display(), there.keys());
        assert!(!cut.folder.join(format!(".safelight-export-{}", cut.id)).exists());
    }
    world.engine.stop().await;
}

#[tokio::test]
async fn a_zip_and_a_sheet_begin_anew_or_are_whole() {
    let world = World::new().await;
    let keys = world.keys("").await;
    world.engine.stop().await;
    let before: &[u8] = b"whole before the kill";
    let mut cuts = Vec::new();
    for into in [ExportInto::Zip, ExportInto::ContactSheet] {
        let file = if into == ExportInto::Zip { "all.zip" } else { "all.png" };
        for moment in MOMENTS {
            let folder = world.path(&format!("{into:?}-{moment:?}"));
            fs::create_dir(&folder).unwrap();
            let to = folder.join(file);
            let mut cut = Cut::new(&world, &keys, &plan(&to, into), folder).begun();
            // What is to be replaced stays until there is something to replace it.
            cut.put(file, b"of last week");
            match moment {
                Moment::Before => {}
                Moment::Half => cut.part(".tmpA1b2C3", before),
                Moment::Whole => cut.part(file, before),
                Moment::Named | Moment::Linked => {
                    cut.named(0, file);
                    cut.part(file, before);
                }
                Moment::Put => {
                    cut.named(0, file);
                    cut.put(file, before);
                }
            }
            cut.kept(&world);
            cuts.push((cut, file, (moment as u32) < Moment::Named as u32));
        }
    }
    let world = world.again().await;
    for work in over(world.folder.path(), &world.engine).await {
        assert_eq!((work.state, work.done), (WorkState::Done, work.of), "{work:?}");
    }
    for (cut, file, anew) in cuts {
        let there = contents(&cut.folder);
        assert_eq!(there.keys().collect::<Vec<_>>(), [file], "{}", cut.folder.display());
        let head: &[u8] = if file == "all.zip" { b"PK" } else { b"\x89PNG" };
        let bytes = &there[file];
        let is_whole = if anew { bytes.starts_with(head) } else { bytes == before };
        assert!(is_whole, "{}", cut.folder.display());
        assert!(!cut.folder.join(format!(".safelight-export-{}", cut.id)).exists());
    }
    world.engine.stop().await;
}

#[tokio::test]
async fn what_became_impossible_meanwhile_is_told_and_forgotten() {
    let world = World::new().await;
    let mut keys = world.keys("").await;
    fs::remove_file(&world.files().await[0]).unwrap();
    world.engine.stop().await;
    let kept = world.path("data/exports");

    // The folder is gone, or another one.
    let to = world.path("gone");
    let mut gone = Cut::new(&world, &keys, &plan(&to, ExportInto::Folder), to.clone()).begun();
    gone.named(0, &name(0));
    gone.kept(&world);
    fs::remove_dir_all(&to).unwrap();
    let zip = world.path("nowhere/all.zip");
    let nowhere = Cut::new(&world, &keys, &plan(&zip, ExportInto::Zip), world.path("nowhere"));
    nowhere.kept(&world);
    let other = world.path("other");
    let another = Cut::new(&world, &keys, &plan(&other, ExportInto::Folder), other.clone()).begun();
    another.kept(&world);
    fs::remove_dir_all(&other).unwrap();
    fs::create_dir(&other).unwrap();
    // It may be the export that ends the app.
    let to = world.path("deadly");
    let mut deadly = Cut::new(&world, &keys, &plan(&to, ExportInto::Folder), to).begun();
    for _ in 1..5 {
        deadly.line(&"begun".into());
    }
    deadly.kept(&world);
    // Ten thousand that are not in the library, and one whose file is gone.
    keys.extend(1_000_000..1_010_000);
    let many = world.path("many");
    Cut::new(&world, &keys, &plan(&many, ExportInto::Folder), many.clone()).kept(&world);
    // Not to be read.
    let unreadable = Uuid::now_v7();
    fs::write(kept.join(format!("{unreadable}.json")), "{\"outputs\":").unwrap();

    let world = world.again().await;
    let works = until("all are over", || async {
        let works = exports(&world.engine);
        let over = works.iter().all(|work| work.state != WorkState::Running);
        (over && works.len() == 6).then_some(works)
    })
    .await;
    let said = |title: &str| {
        let found = works.iter().find(|work| work.title.ends_with(title));
        let work = found.unwrap_or_else(|| panic!("{title}: {works:?}"));
        (work.state, work.problems[0].as_str(), work.title.as_str())
    };
    let (state, problem, title) = said("to gone");
    assert_eq!((state, title), (WorkState::Failed, "Exporting the rest of 6 files to gone"));
    assert!(problem.contains("not there any more") && problem.contains("1 of 6"), "{problem}");
    assert!(!world.path("gone").exists(), "it is not made anew");
    assert!(said("all.zip").1.contains("is not there. Choose another place."));
    assert!(said("to other").1.contains("not the folder any more"), "{:?}", said("to other"));
    assert_eq!(contents(&other).len(), 0);
    assert!(said("to deadly").1.contains("ended 5 times"), "{:?}", said("to deadly"));
    let many_works = works.iter().find(|work| work.title.ends_with("to many")).unwrap();
    assert_eq!((many_works.state, many_works.problems.len()), (WorkState::Done, 2));
    let told = "10000 outputs were deleted before they were exported.".to_owned();
    assert!(many_works.problems.contains(&told), "{many_works:?}");
    assert_eq!(contents(&many).len(), 5);
    let (state, problem, ..) = said("begun earlier");
    assert!(state == WorkState::Failed && problem.contains("put aside"), "{problem}");
    let left: Vec<String> = contents(&kept).into_keys().collect();
    assert_eq!(left, [format!("{unreadable}.json.unreadable")]);
    // It is told once.
    let world = world.again().await;
    assert_eq!(exports(&world.engine), []);
    world.engine.stop().await;
}

/// Pictures in the library of what is cut off as it runs: as many as a question gives at once.
pub const FILES: u64 = 200;

pub async fn of_many() -> World {
    World::with(|library| {
        for n in 0..FILES {
            made::put(library, format!("{}/{n}.png", n % 7), made::saved(n));
        }
    })
    .await
}

/// Smaller pictures, so that each takes a while.
pub fn smaller(to: &Path, into: ExportInto) -> ExportPlan {
    ExportPlan { longest_edge: Some(12), xmp: false, ..plan(to, into) }
}

pub fn assert_all_once(to: &Path) {
    let there = contents(to);
    let wanted: Vec<String> = {
        let mut names: Vec<String> = (0..FILES).map(|n| format!("{n}.png")).collect();
        names.sort();
        names
    };
    assert_eq!(there.keys().cloned().collect::<Vec<_>>(), wanted, "each once");
    assert!(there.values().all(|file| file.ends_with(b"IEND\xaeB`\x82")), "and whole");
    assert_eq!(fs::read_dir(to).unwrap().count() as u64, FILES, "and nothing else");
}

#[tokio::test]
async fn a_quit_in_the_middle_goes_on_and_a_cancel_does_not() {
    let mut world = of_many().await;
    let keys = world.keys("").await;
    let to = world.path("out");
    world.engine.export_start(keys.clone(), smaller(&to, ExportInto::Folder)).await.unwrap();
    for part in [3, 60, 130] {
        until("a part is done", || async {
            let over = contents(&world.path("data/exports")).is_empty();
            let done = exports(&world.engine).iter().any(|work| work.done >= part);
            (done || over).then_some(())
        })
        .await;
        world = world.again().await;
    }
    over(world.folder.path(), &world.engine).await;
    assert_all_once(&to);

    let to = world.path("cancelled");
    let work = world.engine.export_start(keys, smaller(&to, ExportInto::Folder)).await.unwrap();
    until("a part is done", || async {
        exports(&world.engine).iter().any(|one| one.id == work.id && one.done > 2).then_some(())
    })
    .await;
    world.engine.work_cancel(work.id).unwrap();
    // Even if it is killed before it hears of that.
    let kept = contents(&world.path("data/exports"));
    let is_over = |(name, log): (&String, &Vec<u8>)| {
        !name.ends_with(".log") || String::from_utf8_lossy(log).contains("\"over\"\n")
    };
    assert!(kept.iter().all(is_over), "{kept:?}");
    world.ended(work).await;
    over(world.folder.path(), &world.engine).await;
    let there = contents(&to).len();
    assert!(fs::read_dir(&to).unwrap().count() == there, "nothing of ours is left");
    let world = world.again().await;
    assert_eq!(exports(&world.engine), []);
    assert_eq!(contents(&to).len(), there);
    world.engine.stop().await;
}

#[tokio::test]
async fn a_full_disk_stops_an_export_with_one_sentence() {
    let world = of_many().await;
    let keys = world.keys("").await;
    let to = world.path("small");
    let Some(_disk) = SmallDisk::mount(&to, "size=100k") else { return };
    for (into, name) in [
        (ExportInto::Folder, "out"),
        (ExportInto::Zip, "all.zip"),
        (ExportInto::ContactSheet, "all.png"),
    ] {
        // Of a sheet less than this would fit.
        let filler = to.join("filler");
        if into == ExportInto::ContactSheet {
            fs::write(&filler, vec![0; 96 << 10]).unwrap();
        }
        let plan = plan(&to.join(name), into);
        let work = world.engine.export_start(keys.clone(), plan).await.unwrap();
        let work = world.ended(work).await;
        assert_eq!(work.state, WorkState::Failed, "{work:?}");
        assert_eq!(work.problems.len(), 1, "{work:?}");
        let problem = &work.problems[0];
        assert!(problem.contains("There is no room left in"), "{problem}");
        assert_eq!(contents(&world.path("data/exports")).len(), 0);
        let there = contents(&to);
        let written = there.keys().filter(|name| name.starts_with("out/")).count();
        if into == ExportInto::Folder {
            assert!(problem.contains(&format!("{written} of {FILES} files were")), "{problem}");
            assert!(written > 5 && u64::try_from(written).unwrap() < FILES);
            assert!(there.values().all(|file| file.ends_with(b"IEND\xaeB`\x82")));
            fs::remove_dir_all(to.join(name)).unwrap();
        } else {
            assert!(problem.contains("nothing was written"), "{problem}");
            assert!(there.keys().all(|name| name == "filler"), "{:?}", there.keys());
        }
    }
    world.engine.stop().await;
}
