//! Folders in which much is, and in which others work.

use crate::{
    World,
    made::{png, put, saved},
    until,
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

/// Changes that each program makes in a round.
const CHANGES: u64 = 400;
/// Files that both programs rename, replace and delete.
const SHARED: u64 = 60;
/// Files that nobody changes.
const STILL: u64 = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_programs_write_and_delete_meanwhile_is_as_they_leave_it() {
    let world = World::new().await;
    let folder = world.pictures();
    for n in 0..STILL {
        put(&folder, format!("still/{n}.png"), content(n));
    }
    for n in 0..SHARED {
        put(&folder, shared(n), content(STILL + n));
    }
    let begin = |round: u64| {
        [0, 1].map(|program| {
            let folder = folder.clone();
            spawn_blocking(move || changes(&folder, program, (2 * round + program) * 1_000))
        })
    };
    // While it is imported.
    let programs = begin(1);
    let root = world.engine.root_add(folder.clone(), true).await.unwrap();
    for program in programs {
        assert!(program.await.unwrap() > CHANGES / 2);
    }
    is_as_the_folder(&world).await;
    // While it is watched.
    for program in begin(2) {
        assert!(program.await.unwrap() > CHANGES / 2);
    }
    is_as_the_folder(&world).await;

    let root = world.rescan(root.id).await;
    assert_eq!((root.to_read, root.report.missing), (0, 0), "{root:?}");
    assert_eq!((root.report.problems, root.trouble), (Vec::new(), None));
    world.engine.stop().await;
}

/// A picture that is like no other, and of another size in bytes.
fn content(number: u64) -> Vec<u8> {
    let length = usize::try_from(number).unwrap();
    png(1, number, &[("Comment", &"x".repeat(length))])
}

fn shared(number: u64) -> String {
    format!("{}/{number}.png", number % 3)
}

/// Changes files, as programs do, in an order that is by chance and always the same. Answers with how many
/// changes came to something: what is to be deleted or renamed may be gone.
fn changes(folder: &Path, program: u64, first: u64) -> u64 {
    let own = |program: u64, chance: u64| {
        folder.join(format!("{}/own {program} {}.png", chance % 3, chance % 20))
    };
    let (mut chance, mut done) = (first, 0);
    for number in first..first + CHANGES {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        let one = folder.join(shared((chance >> 32) % SHARED));
        let other = folder.join(shared((chance >> 44) % SHARED));
        let bytes = content(number);
        let did = match (chance >> 58) % 6 {
            // In place, and so only where nobody else writes: it would be a mixture.
            0 => fs::write(own(program, chance >> 32), bytes),
            1 => {
                let beside = folder.join(format!("{number}.part"));
                fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, one))
            }
            2 => fs::remove_file(one),
            3 => fs::remove_file(own(1 - program, chance >> 32)),
            4 => fs::rename(one, other),
            _ => {
                let new = folder.join(format!("new {number}"));
                let made = fs::create_dir(&new);
                let made = made.and_then(|()| fs::write(new.join("a.png"), bytes));
                let goes = number.is_multiple_of(2);
                made.and_then(|()| if goes { fs::remove_dir_all(&new) } else { Ok(()) })
            }
        };
        done += u64::from(did.is_ok());
    }
    done
}

/// Waits until the library has the files of the folder, each with its content, and no others.
async fn is_as_the_folder(world: &World) {
    let there = contents(&world.pictures());
    until("the library is as the folder", || async {
        let mut known = BTreeMap::new();
        for asset in world.assets().await {
            // What was deleted is known still, and lies nowhere.
            if let Ok(path) = world.engine.asset_path(asset.id).await
                && known.insert(path, asset.hash?).is_some()
            {
                return None;
            }
        }
        (known == there).then_some(())
    })
    .await;
}

/// The pictures below a folder, and the BLAKE3 of each.
fn contents(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let hash = blake3::hash(&fs::read(&path).unwrap()).to_hex().to_string();
                found.insert(path, hash);
            }
        }
    }
    found
}

/// Files that are no pictures.
const NOTES: u32 = 97_500;
/// Files that are called like pictures, with nothing in them.
const EMPTY: u32 = 2_000;
/// Pictures.
const PICTURES: u32 = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_files_in_one_folder_are_gone_through_and_the_report_is_bounded() {
    let world = World::new().await;
    let folder = world.pictures();
    for n in 0..PICTURES {
        put(&folder, format!("{n}.png"), saved(n.into()));
    }
    for n in 0..EMPTY {
        put(&folder, format!("empty {n}.png"), "");
    }
    for n in 0..NOTES {
        fs::File::create(folder.join(format!("{n}.txt"))).unwrap();
    }
    let root = world.import(false).await;
    let report = &root.report;
    assert_eq!((report.new, report.passed_over, root.seen), (PICTURES, NOTES, PICTURES + EMPTY));
    assert_eq!((report.problems.len(), report.more_problems), (1_000, EMPTY - 1_000));
    assert!(report.problems.iter().all(|problem| problem.text.contains("empty")));
    assert_eq!(world.assets().await.len(), PICTURES as usize);
    // Again, only what could not be read is looked into.
    let again = world.rescan(root.id).await;
    assert_eq!((again.to_read, again.report.new, again.report.missing), (EMPTY, 0, 0));
    assert_eq!((again.report.problems.len(), again.report.more_problems), (1_000, EMPTY - 1_000));
    world.engine.stop().await;
}
