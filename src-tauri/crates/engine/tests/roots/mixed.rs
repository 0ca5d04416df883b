//! A folder as artists have them: what can be read is in the library, and each other file has a line
//! in the report.

use crate::{
    World,
    made::{png, put, saved},
};
use engine::view::{AssetKind, RootView};
use std::{fs, path::Path};

fn problem(root: &RootView, path: &str) -> String {
    let found = root.report.problems.iter().find(|problem| problem.path == path);
    found.unwrap_or_else(|| panic!("no line for {path}: {:?}", root.report)).text.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_can_be_read_is_there_and_the_rest_is_said() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "copies/again.png", saved(1));
    put(&folder, "2025/classic_00001_.png", saved(1));
    put(&folder, "2025/classic_00002_.png", saved(2));
    let settings = "a quiet harbour\nNegative prompt: blur\nSteps: 30, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x768, Model: night";
    put(&folder, "a1111/00001-42.png", png(8, 9, &[("parameters", settings)]));
    put(&folder, "plain.png", png(8, 10, &[]));
    put(&folder, "notes.txt", "to do");
    put(&folder, ".hidden/secret.png", png(8, 11, &[]));
    put(&folder, "empty.png", "");
    put(&folder, "words.png", "these are words");
    let whole = saved(3);
    put(&folder, "cut.png", &whole[..whole.len() - 40]);
    put(&folder, "bomb.png", bomb());
    put(&folder, "broken.png", png(8, 12, &[("prompt", "{\"1\":{\"class_type\":")]));
    let unnamed = unnamed(&folder);
    links(&folder);

    let root = world.import(false).await;
    let report = &root.report;
    let titles = world.titles().await;
    assert_eq!(
        titles,
        ["00001-42", "bomb", "broken", "classic_00001_", "classic_00002_", "cut", "plain"]
            .into_iter()
            .chain(unnamed.then_some("\u{fffd}\u{fffd}"))
            .collect::<Vec<_>>(),
        "{report:#?}"
    );
    assert_eq!((report.new, report.same, report.passed_over), (7 + u32::from(unnamed), 1, 1));
    assert!(problem(&root, "empty.png").contains("empty"));
    assert!(problem(&root, "words.png").contains("its content is text"));
    assert!(!problem(&root, "cut.png").is_empty());
    if cfg!(unix) {
        assert_eq!(problem(&root, "gone.png"), "This link leads to nothing.");
    }
    assert!(
        report.problems.iter().all(|problem| problem.text.ends_with(['.', '?'])),
        "{report:#?}"
    );

    // What stands before the cut counts.
    let cut = world.asset("cut").await;
    assert_eq!(cut.facts.seed.as_deref(), Some("3"));
    let first = world.asset("classic_00001_").await;
    assert_eq!((first.job_id, first.kind), (None, AssetKind::Picture));
    assert_eq!((first.width, first.height), (Some(16), Some(16)));
    assert_eq!(first.facts.prompt.as_deref(), Some("a quiet harbour"));
    assert_eq!(first.facts.seed.as_deref(), Some("1"));
    let other = world.asset("00001-42").await;
    assert_eq!(other.facts.models, ["night"]);
    assert_eq!(world.asset("bomb").await.width, Some(30_000));
    for (path, bytes) in [("2025/classic_00001_.png", saved(1)), ("notes.txt", b"to do".to_vec())] {
        assert_eq!(fs::read(folder.join(path)).unwrap(), bytes, "{path} is as it was");
    }

    // Nothing is read again, and what could not be read is said again.
    let again = world.rescan(root.id).await;
    assert_eq!((again.report.new, again.report.same, again.report.moved), (0, 0, 0));
    assert_eq!(again.to_read, 2, "only the empty one and the words are looked into");
    assert_eq!(world.titles().await, titles);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photograph_that_is_cut_off_is_there_and_has_a_line() {
    let world = World::new().await;
    let whole = include_bytes!("../../../media/tests/fixtures/two_cmyk.jpg");
    put(&world.pictures(), "cut.jpg", &whole[..whole.len() - 40]);
    let root = world.import(false).await;
    assert!(problem(&root, "cut.jpg").contains("cut off"));
    let root = world.rescan(root.id).await;
    assert!(
        problem(&root, "cut.jpg").contains("cut off"),
        "nothing new is read, and it is still so"
    );
    assert_eq!(world.titles().await, ["cut"]);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_containers_are_imported() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples");
    let Ok(entries) = fs::read_dir(&samples) else {
        println!("not run: there are no real containers beside the project");
        return;
    };
    let world = World::new().await;
    let folder = world.pictures();
    let mut copied = 0;
    for entry in entries.flatten() {
        let name = entry.file_name();
        put(&folder, &name, fs::read(entry.path()).unwrap());
        copied += 1;
    }
    let root = world.import(false).await;
    let assets = world.assets().await;
    println!(
        "{copied} real containers: {} in the library, {} passed over, {:?}",
        assets.len(),
        root.report.passed_over,
        root.report.problems
    );
    assert_eq!(assets.len() as u32 + root.report.passed_over + root.report.same, copied);
    for kind in [AssetKind::Picture, AssetKind::Video, AssetKind::Audio] {
        assert!(assets.iter().any(|asset| asset.kind == kind), "{kind:?}");
    }
    let made = assets.iter().filter(|asset| asset.facts.seed.is_some()).count();
    assert!(made >= 2, "facts were found in {made}");
    world.engine.stop().await;
}

/// A PNG that says it has 30,000 x 30,000 pixels, and is a few bytes long.
fn bomb() -> Vec<u8> {
    let mut bytes = png(8, 13, &[]);
    // Width and height stand behind the signature, the length and the name of the first chunk.
    bytes[16..20].copy_from_slice(&30_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&30_000_u32.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    bytes
}

/// A file whose name is no Unicode, where the system takes such names.
#[cfg(unix)]
fn unnamed(folder: &Path) -> bool {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let path = folder.join(OsStr::from_bytes(b"\xff\xfe.png"));
    let taken = fs::write(&path, png(8, 14, &[])).is_ok();
    if taken {
        crate::made::settled(&path);
    }
    taken
}

#[cfg(not(unix))]
fn unnamed(_folder: &Path) -> bool {
    false
}

/// Links in circles, to nothing, and to a folder that is there anyway.
#[cfg(unix)]
fn links(folder: &Path) {
    use std::os::unix::fs::symlink;
    symlink(folder, folder.join("2025/up")).unwrap();
    symlink(folder.join("2025"), folder.join("a-link")).unwrap();
    symlink(folder.join("nowhere.png"), folder.join("gone.png")).unwrap();
}

#[cfg(not(unix))]
fn links(_folder: &Path) {}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_damaged_inside_is_said_once_it_was_seen_and_until_it_is_replaced() {
    let world = World::new().await;
    let folder = world.pictures();
    let whole = png(300, 77, &[]);
    let mut torn = whole.clone();
    // In the middle of the pixels: head and end are as they should be.
    let data = torn.windows(4).position(|name| name == b"IDAT").unwrap() + 4;
    let length = u32::from_be_bytes(torn[data - 8..data - 4].try_into().unwrap()) as usize;
    torn[data + length / 2..data + length].fill(0xff);
    put(&folder, "torn.png", &torn);
    put(&folder, "fine.png", &whole);
    let root = world.import(true).await;
    let told = |root: RootView| -> Vec<(String, bool)> {
        let problems = root.report.problems.into_iter();
        problems.map(|problem| (problem.path, problem.text.contains("damaged"))).collect()
    };
    let line = [("torn.png".to_owned(), true)];
    crate::until("it was looked at", || async {
        (told(world.root(root.id).await) == line).then_some(())
    })
    .await;
    for _ in 0..2 {
        assert_eq!(told(world.rescan(root.id).await), line, "once, and again");
    }
    // Written anew.
    put(&folder, "torn.png", png(300, 78, &[]));
    crate::until("nothing is wrong with it any more", || async {
        told(world.root(root.id).await).is_empty().then_some(())
    })
    .await;
    assert_eq!(told(world.rescan(root.id).await), []);
    world.engine.stop().await;
}
