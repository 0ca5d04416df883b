//! The cache of small pictures: a folder that may be deleted at any time.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};
use store::is_stand_in;

/// A size of small pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ThumbSize {
    /// For grids and lists: 256 pixels at the longest edge.
    Small,
    /// For looking at one: 1,024 pixels.
    Large,
    /// No picture, but how loud a sound is over time, as a JSON list.
    Peaks,
}

impl ThumbSize {
    const ALL: [Self; 3] = [Self::Small, Self::Large, Self::Peaks];

    /// The longest edge, in pixels.
    pub fn edge(self) -> u32 {
        match self {
            Self::Small => 256,
            Self::Large => 1_024,
            Self::Peaks => 0,
        }
    }
}

/// What is left when the cache was cleaned, of a hundred.
const LEFT: u64 = 80;
/// How old the mark of the last use gets before it is made anew.
const MARK_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// A kill leaves files that are not whole; after this time nobody writes them any more.
const LEAVING_AFTER: Duration = Duration::from_secs(3_600);
/// What a file without its final name begins with.
const LEAVING: &str = ".tmp";

/// The folder, and how much is in it.
pub struct Cache {
    folder: PathBuf,
    /// The most it holds, in bytes.
    limit: u64,
    bytes: AtomicU64,
    /// Whether what earlier runs of the program left is among them.
    counted: AtomicBool,
    /// What has small pictures although nobody has read it whole yet; nothing until somebody has looked.
    unread: Mutex<Option<HashSet<String>>>,
}

impl Cache {
    pub fn new(folder: PathBuf, limit: u64) -> Self {
        Self {
            folder,
            limit,
            bytes: AtomicU64::new(0),
            counted: AtomicBool::new(false),
            unread: Mutex::default(),
        }
    }

    /// Where the small picture of a content lies or would lie.
    pub fn path(&self, hash: &str, size: ThumbSize) -> PathBuf {
        // A hash is hex; the first digits are by chance, so the folders fill evenly. What stands for one
        // lies in sixteen folders of its own until then.
        let folder = hash.get(..2).unwrap_or("00");
        self.folder.join(folder).join(format!("{hash}-{}", size.edge()))
    }

    /// The small picture, if it is there; marked as used, so that cleaning comes to it last.
    pub fn get(&self, hash: &str, size: ThumbSize) -> Option<PathBuf> {
        let path = self.path(hash, size);
        let about = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        let old = about.modified().ok().and_then(|at| at.elapsed().ok());
        if old.is_none_or(|old| old > MARK_EVERY)
            && let Ok(file) = fs::File::options().append(true).open(&path)
        {
            // Only the order of cleaning depends on it.
            let _ = file.set_modified(SystemTime::now());
        }
        Some(path)
    }

    /// Whether the small picture is there.
    pub fn has(&self, hash: &str, size: ThumbSize) -> bool {
        self.path(hash, size).is_file()
    }

    /// Puts a small picture there: beside its name first, so that no half of one is ever seen.
    pub fn put(&self, hash: &str, size: ThumbSize, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.path(hash, size);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let mut part = tempfile::Builder::new().prefix(LEAVING).tempfile_in(folder)?;
        part.write_all(bytes)?;
        let before = fs::metadata(&path).map_or(0, |about| about.len());
        part.persist(&path)?;
        if is_stand_in(hash)
            && let Some(unread) = &mut *self.unread()
        {
            unread.insert(hash.to_owned());
        }
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.took_away(before);
        Ok(path)
    }

    /// Keeps the small pictures of what nobody had read whole under its hash.
    pub fn rename(&self, stand_in: &str, hash: &str) {
        let there = self.unread().get_or_insert_with(|| stand_ins(&self.folder)).remove(stand_in);
        if !there {
            return;
        }
        for size in ThumbSize::ALL {
            let (from, to) = (self.path(stand_in, size), self.path(hash, size));
            // One that stays behind is cleaned up like any other, and is made anew when somebody asks.
            if from.is_file() && fs::create_dir_all(to.parent().unwrap_or(&self.folder)).is_ok() {
                let _ = fs::rename(from, to);
            }
        }
    }

    fn unread(&self) -> MutexGuard<'_, Option<HashSet<String>>> {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Deletes the small pictures of a content.
    pub fn forget(&self, hash: &str) {
        for size in ThumbSize::ALL {
            let path = self.path(hash, size);
            let bytes = fs::metadata(&path).map_or(0, |about| about.len());
            if fs::remove_file(&path).is_ok() {
                self.took_away(bytes);
            }
        }
    }

    /// Whether there is no room for pictures that nobody has asked for.
    pub fn is_full(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) >= self.limit / 100 * LEFT
    }

    /// Whether it should be cleaned: it holds too much, or nobody has counted what it holds.
    pub fn is_over(&self) -> bool {
        !self.counted.load(Ordering::Relaxed) || self.bytes.load(Ordering::Relaxed) > self.limit
    }

    /// Counts what is there, and deletes what was used longest ago if that is too much. `go_on` is
    /// asked again and again.
    pub fn clean(&self, go_on: &dyn Fn() -> bool) {
        let mut files = self.files(go_on);
        let mut bytes: u64 = files.iter().map(|file| file.1).sum();
        if bytes > self.limit {
            files.sort_unstable_by_key(|(used, ..)| *used);
            for (_, size, path) in files {
                if bytes <= self.limit / 100 * LEFT || !go_on() {
                    break;
                }
                if fs::remove_file(&path).is_ok() {
                    bytes -= size;
                }
            }
        }
        self.bytes.store(bytes, Ordering::Relaxed);
        self.counted.store(true, Ordering::Relaxed);
    }

    /// When each file was used last, its size, and where it is. Leavings of a kill are deleted.
    fn files(&self, go_on: &dyn Fn() -> bool) -> Vec<(SystemTime, u64, PathBuf)> {
        let mut files = Vec::new();
        for folder in entries(&self.folder) {
            for path in entries(&folder) {
                if !go_on() {
                    return files;
                }
                let Ok(about) = fs::metadata(&path) else { continue };
                let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                let whole = !name_of(&path).starts_with(LEAVING);
                if whole {
                    files.push((used, about.len(), path));
                } else if used.elapsed().is_ok_and(|age| age > LEAVING_AFTER) {
                    let _ = fs::remove_file(&path);
                }
            }
        }
        files
    }

    fn took_away(&self, bytes: u64) {
        let less = |had: u64| Some(had.saturating_sub(bytes));
        let _ = self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What of a cache is not called by its hash.
fn stand_ins(folder: &Path) -> HashSet<String> {
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = folders.filter(|folder| folder.file_name().to_str().is_some_and(is_stand_in));
    let files = folders.filter_map(|folder| fs::read_dir(folder.path()).ok()).flatten().flatten();
    let name = |file: fs::DirEntry| {
        let name = file.file_name();
        name.to_str().and_then(|name| name.split('-').next()).map(str::to_owned)
    };
    files.filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    fn hash(number: u8) -> String {
        blake3::hash(&[number]).to_hex().to_string()
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path().join("thumbs"), 1_000);
        for number in 0..12 {
            let path = cache.put(&hash(number), ThumbSize::Small, &[7; 100]).unwrap();
            // The first was used last.
            let age = Duration::from_secs(3_600 * (100 + u64::from(number)));
            let file = fs::File::options().append(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        assert!(cache.is_over());
        // Asked for: it is the newest now.
        assert!(cache.get(&hash(11), ThumbSize::Small).is_some());
        cache.clean(&|| true);
        let left: Vec<u8> =
            (0..12).filter(|n| cache.get(&hash(*n), ThumbSize::Small).is_some()).collect();
        assert_eq!(left, [0, 1, 2, 3, 4, 5, 6, 11]);
        assert!(!cache.is_over() && cache.is_full());
        cache.forget(&hash(0));
        assert!(!cache.is_full());
        assert_eq!(cache.get(&hash(0), ThumbSize::Small), None);
    }

    #[test]
    fn what_is_put_over_another_counts_once() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path().join("thumbs"), 1_000);
        cache.clean(&|| true);
        for _ in 0..20 {
            cache.put(&hash(1), ThumbSize::Small, &[7; 100]).unwrap();
        }
        assert!(!cache.is_full() && !cache.is_over());
    }

    #[test]
    fn what_earlier_runs_left_counts() {
        let dir = tempfile::tempdir().unwrap();
        for run in 0..3 {
            let cache = Cache::new(dir.path().join("thumbs"), 1_000);
            for number in 0..8 {
                cache.put(&hash(run * 8 + number), ThumbSize::Small, &[7; 100]).unwrap();
                if cache.is_over() {
                    cache.clean(&|| true);
                }
            }
            let left = (0..24).filter(|n| cache.has(&hash(*n), ThumbSize::Small)).count();
            assert!(left <= 10, "run {run} leaves {left} of 100 bytes");
            assert!(!cache.is_over());
        }
    }

    #[test]
    fn leavings_of_a_kill_are_swept_and_a_deleted_folder_is_no_matter() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("thumbs");
        let cache = Cache::new(folder.clone(), 1_000);
        cache.clean(&|| true);
        let whole = cache.put(&hash(1), ThumbSize::Large, &[7; 10]).unwrap();
        let leaving = whole.with_file_name(".tmpabc");
        fs::write(&leaving, "half").unwrap();
        let file = fs::File::options().append(true).open(&leaving).unwrap();
        file.set_modified(SystemTime::now() - 2 * LEAVING_AFTER).unwrap();
        cache.clean(&|| true);
        assert!(whole.is_file() && !leaving.exists());
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(cache.get(&hash(1), ThumbSize::Large), None);
        cache.put(&hash(1), ThumbSize::Large, &[7; 10]).unwrap();
    }

    #[test]
    fn what_was_made_of_a_file_that_was_not_read_whole_stays_when_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let unread = store::stand_in(domain::AssetId(uuid::Uuid::now_v7()));
        let before = Cache::new(folder.path().to_owned(), u64::MAX);
        before.put(&unread, ThumbSize::Small, &[1]).unwrap();
        // In another run of the program.
        let cache = Cache::new(folder.path().to_owned(), u64::MAX);
        cache.rename("~other", &hash(1));
        assert!(!cache.has(&hash(1), ThumbSize::Small));
        cache.rename(&unread, &hash(1));
        assert!(cache.has(&hash(1), ThumbSize::Small) && !cache.has(&unread, ThumbSize::Small));
        // In the same.
        cache.put(&unread, ThumbSize::Large, &[2]).unwrap();
        cache.rename(&unread, &hash(2));
        assert!(cache.has(&hash(2), ThumbSize::Large) && !cache.has(&hash(2), ThumbSize::Small));
    }
}
