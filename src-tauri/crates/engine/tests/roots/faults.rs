//! What the system refuses: rights, room on a disk; and names as systems allow them.

use crate::{
    World,
    alone::{is_alone, mount, rights_count, unmount, with_own_mounts, with_rights},
    assets,
    made::{png, put, saved},
    start,
    support::classic,
    until,
};
use engine::{
    MediaSize, NoMedia,
    view::{LibraryQuery, RootView},
};
use std::{
    ffi::OsStr,
    fs,
    io::Write,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The files and folders of a report, ordered.
fn lines(root: &RootView) -> Vec<&str> {
    let mut lines: Vec<&str> = root.report.problems.iter().map(|line| &*line.path).collect();
    lines.sort_unstable();
    lines
}

/// Files and folders with fewer rights, for as long as it lives.
struct Locked(Vec<PathBuf>);

impl Locked {
    fn new<const N: usize>(paths: [(PathBuf, u32); N]) -> Self {
        let lock = |(path, mode): (PathBuf, u32)| {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        };
        Self(paths.map(lock).into())
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        for path in &self.0 {
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
        }
    }
}

#[test]
fn what_may_not_be_read_has_a_line_until_it_may() {
    with_rights("faults::without_rights");
}

#[ignore = "run by the test above, where rights count"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_rights() {
    if !is_alone() {
        return;
    }
    assert!(rights_count());
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let closed = put(&folder, "closed.png", saved(2));
    put(&folder, "locked/deep/two.png", saved(3));
    put(&folder, "listed/three.png", saved(4));
    // Of the last the names can be read, and nothing else.
    let lock = || {
        let (locked, listed) = (folder.join("locked"), folder.join("listed"));
        Locked::new([(closed.clone(), 0), (locked, 0), (listed, 0o400)])
    };
    let locked = lock();
    let told = ["closed.png", "listed/three.png", "locked"];
    let mut root = world.import(false).await;
    for _ in 0..2 {
        assert_eq!(lines(&root), told, "once, and again");
        let sentence = "Safelight may not read this. Change its rights and scan again.";
        assert!(root.report.problems.iter().all(|problem| problem.text == sentence), "{root:?}");
        assert!(root.trouble.is_none(), "{root:?}");
        assert_eq!(world.titles().await, ["one"]);
        root = world.rescan(root.id).await;
    }

    drop(locked);
    let root = world.rescan(root.id).await;
    assert_eq!((lines(&root), root.report.new), (Vec::new(), 3));
    let all = ["closed", "one", "three", "two"];
    assert_eq!(world.titles().await, all);

    // What is known is not gone with the rights.
    let locked = lock();
    let root = world.rescan(root.id).await;
    assert_eq!((lines(&root), root.report.missing), (told[1..].to_vec(), 0));
    assert_eq!(world.titles().await, all);
    world.found("is:missing", 0).await;
    drop(locked);
    let root = world.rescan(root.id).await;
    assert_eq!((lines(&root), root.to_read), (Vec::new(), 0));
    world.engine.stop().await;
}

/// Writes to a disk until nothing more fits. Answers with the file that is in the way.
fn fill(disk: &Path) -> PathBuf {
    let rest = disk.join("rest");
    let mut file = fs::File::create(&rest).unwrap();
    let block = vec![1_u8; 64 << 10];
    while file.write_all(&block).is_ok() {}
    rest
}

/// A folder with an empty one for pictures, and a small disk where `name` is.
fn with_disk(name: &str, options: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let disk = folder.path().join(name);
    fs::create_dir(folder.path().join("pictures")).unwrap();
    fs::create_dir(&disk).unwrap();
    mount(&disk, options);
    (folder, disk)
}

#[test]
fn an_import_waits_for_room_where_the_disk_of_the_database_is_full() {
    with_own_mounts("faults::without_room_for_the_database");
}

#[ignore = "run by the test above, where it may mount"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_room_for_the_database() {
    /// With their prompts more than the database can write where it wrote before.
    const FILES: u32 = 3_000;
    if !is_alone() {
        return;
    }
    let (folder, data) = with_disk("data", "size=128m");
    let engine = start(folder.path()).await;
    let mut world = World { folder, engine };
    let root = world.import(false).await;
    for n in 0..FILES {
        let words = format!("number{n} {}", "fjord ".repeat(600));
        let prompt = classic(n.into(), 20).replace("a quiet harbour", &words);
        put(&world.pictures(), format!("{n}.png"), png(1, n.into(), &[("prompt", &prompt)]));
    }
    let rest = fill(&data);
    world.engine.root_scan(root.id).await.unwrap();
    let full = until("it says that there is no room", || async {
        let root = world.root(root.id).await;
        root.trouble.is_some().then_some(root)
    })
    .await;
    let why = full.trouble.unwrap();
    assert!(why.contains("could not be stored") && why.contains("Is the disk full?"), "{why}");
    assert_eq!(full.scanned_at, root.scanned_at, "it was not gone through to the end");
    // The library answers meanwhile.
    let answer = world.engine.library_query(LibraryQuery::default()).await.unwrap();
    assert!(answer.shown < FILES, "{} are there", answer.shown);

    // It goes on by itself.
    fs::remove_file(rest).unwrap();
    let done = world.scanned(root.id, root.scanned_at).await;
    assert_eq!((done.trouble, done.report.problems), (None, Vec::new()));
    assert_eq!(done.assets, FILES, "each once");
    for _ in 0..2 {
        world.found("", FILES).await;
        world.found("fjord", FILES).await;
        for n in [0, FILES / 2, FILES - 1] {
            world.found(&format!("number{n}"), 1).await;
        }
        // What was stored is there after a start.
        world.engine.stop().await;
        world.engine = start(world.folder.path()).await;
    }
    let World { folder, engine } = world;
    engine.stop().await;
    // It holds the lock of its folder.
    drop(engine);
    unmount(&data);
    drop(folder);
}

#[test]
fn pictures_are_imported_and_shown_where_the_disk_of_the_cache_is_full() {
    with_own_mounts("faults::without_room_for_small_pictures");
}

#[ignore = "run by the test above, where it may mount"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_room_for_small_pictures() {
    if !is_alone() {
        return;
    }
    let (folder, cache) = with_disk("cache", "size=1m");
    let rest = fill(&cache);
    let engine = start(folder.path()).await;
    let world = World { folder, engine };
    let folder = world.pictures();
    for n in 0..5 {
        put(&folder, format!("{n}.png"), png(300, n, &[]));
    }
    put(&folder, "tone.wav", wav(&[8_000_i16, -8_000].repeat(4_000)));
    let root = world.import(false).await;
    assert_eq!((lines(&root), root.report.new), (Vec::new(), 6));
    assert_eq!(world.titles().await, ["0", "1", "2", "3", "4", "tone"]);
    // Pictures are shown themselves; of a sound there is nothing to show, and that is said.
    for n in 0..5 {
        let id = world.asset(&n.to_string()).await.id;
        let shown = world.engine.media_asset(id, MediaSize::Thumb).await.unwrap();
        assert_eq!(shown.path, folder.join(format!("{n}.png")));
    }
    let tone = world.asset("tone").await.id;
    match world.engine.media_asset(tone, MediaSize::Waveform).await {
        Err(NoMedia::Because(why)) => {
            assert!(why.contains("No space left"), "{why}");
            assert!(why.starts_with("The cache of small pictures"), "not the sound's fault: {why}");
        }
        other => panic!("{other:?}"),
    }

    // All of them once there is room.
    fs::remove_file(rest).unwrap();
    for n in 0..5 {
        let id = world.asset(&n.to_string()).await.id;
        let shown = world.engine.media_asset(id, MediaSize::Thumb).await.unwrap();
        assert!(shown.path.starts_with(&cache), "{}", shown.path.display());
    }
    let shown = world.engine.media_asset(tone, MediaSize::Waveform).await.unwrap();
    assert!(shown.path.starts_with(&cache));
    assert_eq!(lines(&world.rescan(root.id).await), [] as [&str; 0]);
    world.engine.stop().await;
    unmount(&cache);
}

/// A sound of one channel, with 8,000 samples a second.
fn wav(samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let length = u32::try_from(data.len()).unwrap();
    [
        b"RIFF",
        &(36 + length).to_le_bytes()[..],
        b"WAVEfmt \x10\0\0\0\x01\0\x01\0",
        &8_000_u32.to_le_bytes(),
        &16_000_u32.to_le_bytes(),
        b"\x02\0\x10\0data",
        &length.to_le_bytes(),
        &data,
    ]
    .concat()
}

/// What files are called, without their endings: in encodings of other times, from right to left, with
/// letters that are one or two characters, with what means something elsewhere, and as long as can be.
const NAMES: [&[u8]; 10] = [
    b"caf\xe9",
    b"\x93\xfa\x96\x7b",
    b"\xff\xfe\xff",
    b"two\nlines",
    "\u{5ea}\u{5de}\u{5d5}\u{5e0}\u{5d4}".as_bytes(),
    "\u{202e}gpj.evil".as_bytes(),
    "e\u{301}".as_bytes(),
    "\u{e9}".as_bytes(),
    b"back\\slash % \"quotes\" 'and' *?",
    &[b'n'; 251],
];

/// A name as people read it.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// A title is one line.
fn title(name: &[u8]) -> String {
    shown(name).replace('\n', " ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_in_any_encoding_lead_to_their_files_and_stand_in_the_report() {
    let world = World::new().await;
    let folder = world.pictures();
    let files = NAMES.map(|name| [name, b".png"].concat());
    for (n, file) in (1_u64..).zip(&files) {
        put(&folder, OsStr::from_bytes(file), saved(n));
        put(&folder.join("bad"), OsStr::from_bytes(file), "words");
    }
    let root = world.import(true).await;
    let mut bad: Vec<String> = files.iter().map(|file| format!("bad/{}", shown(file))).collect();
    bad.sort_unstable();
    assert_eq!(lines(&root), bad);
    let told = |text: &str| text.contains("its content is text");
    assert!(root.report.problems.iter().all(|problem| told(&problem.text)), "{root:?}");
    let mut titles = NAMES.map(title);
    titles.sort_unstable();
    assert_eq!(world.titles().await, titles);
    for ((n, name), file) in (1_u64..).zip(NAMES).zip(&files) {
        let asset = world.asset(&title(name)).await;
        assert_eq!((asset.path, asset.facts.seed), (shown(file), Some(n.to_string())));
        let path = world.engine.asset_path(asset.id).await.unwrap();
        assert_eq!(path, folder.join(OsStr::from_bytes(file)));
        assert_eq!(fs::read(path).unwrap(), saved(n));
    }

    // By all of these names they are known again where they are moved to, and their changes are heard of.
    fs::create_dir(folder.join("moved")).unwrap();
    for file in &files {
        let name = OsStr::from_bytes(file);
        fs::rename(folder.join(name), folder.join("moved").join(name)).unwrap();
    }
    until("all were seen to be moved", || async {
        let mut moved = 0;
        for asset in assets(&world.engine).await {
            let path = world.engine.asset_path(asset.id).await.ok()?;
            moved += usize::from(path.starts_with(folder.join("moved")));
        }
        (moved == NAMES.len()).then_some(())
    })
    .await;
    let root = world.rescan(root.id).await;
    assert_eq!((lines(&root).len(), root.report.missing), (NAMES.len(), 0), "{root:?}");
    assert_eq!(root.to_read as usize, NAMES.len(), "only those with words in them");
    assert_eq!(world.titles().await, titles);
    world.engine.stop().await;
}
