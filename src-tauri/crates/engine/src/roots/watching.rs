//! Hearing of changes from the system. Where it does not tell (network drives, more folders than it
//! watches), the clock does: the folder is scanned every few minutes.

use super::{
    asks::Asks,
    names::{below, child, is_hidden, join},
    progress::Progress,
};
use notify::{
    Config, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

/// Linked folders that are watched. Where there are more, the clock looks at them.
const MOST_LINKS: usize = 256;

/// A folder that is watched, until the last copy of this is dropped.
#[derive(Clone)]
pub struct Watching {
    /// Held while it goes through folders.
    watcher: Arc<Mutex<RecommendedWatcher>>,
    heard: Arc<Heard>,
}

/// What is done with what the system tells.
struct Heard {
    root: PathBuf,
    asks: Arc<Asks>,
    progress: Arc<Progress>,
    deaf: AtomicBool,
    ways: RwLock<Ways>,
}

/// By which paths below a folder its files are known, wherever they really lie.
#[derive(Debug, Default)]
struct Ways {
    /// Where watched folders really lie, and their paths below the folder: the folder itself, and linked
    /// ones.
    real: BTreeMap<PathBuf, Vec<u8>>,
    /// The links that were asked for.
    links: Vec<Vec<u8>>,
}

impl Ways {
    /// The path below the folder of what the system told a path of: the way in by the nearest of the
    /// watched folders that it lies in.
    fn below(&self, path: &Path) -> Option<Vec<u8>> {
        path.ancestors().find_map(|real| {
            let way = self.real.get(real)?;
            let rest = below(real, path)?;
            Some(if rest.is_empty() { way.clone() } else { child(way, &rest) })
        })
    }
}

impl Watching {
    /// Begins to watch a folder. This goes through all its folders, and may take a while.
    ///
    /// # Errors
    /// A sentence when the system does not tell of changes there at all; none for a folder that is
    /// not there, which the scan tells.
    pub fn begin(
        root: PathBuf,
        asks: Arc<Asks>,
        progress: Arc<Progress>,
    ) -> Result<Self, Option<String>> {
        let mut ways = Ways::default();
        ways.real.extend(fs::canonicalize(&root).map(|real| (real, Vec::new())));
        ways.real.insert(root.clone(), Vec::new());
        let (deaf, ways) = (AtomicBool::new(false), RwLock::new(ways));
        let heard = Arc::new(Heard { root: root.clone(), asks, progress, deaf, ways });
        let hear = {
            let heard = heard.clone();
            move |event: notify::Result<Event>| heard.event(event)
        };
        // Linked folders may be anywhere, also above: they are watched by themselves, each once.
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher =
            RecommendedWatcher::new(hear, config).map_err(|error| Some(why(&root, &error)))?;
        watcher
            .watch(&root, RecursiveMode::Recursive)
            .map_err(|error| (!is_gone(&error)).then(|| why(&root, &error)))?;
        Ok(Self { watcher: Arc::new(Mutex::new(watcher)), heard })
    }

    /// Whether these links were asked for last.
    pub fn follows(&self, links: &[Vec<u8>]) -> bool {
        self.heard.ways.read().unwrap_or_else(PoisonError::into_inner).links == links
    }

    /// Watches the folders that these links lead to besides the folder itself. This goes through them, and
    /// may take a while. Answers with the links that were not watched before.
    pub fn follow(&self, links: &[Vec<u8>]) -> Vec<Vec<u8>> {
        // Who hangs here hangs at a drive; the clock sees to it.
        let Ok(mut watcher) = self.watcher.try_lock() else { return Vec::new() };
        let Heard { root, ways, deaf, .. } = &*self.heard;
        let mut wanted: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        for link in links.iter().take(MOST_LINKS) {
            if let Ok(real) = fs::canonicalize(join(root, link)) {
                wanted.entry(real).or_insert_with(|| link.clone());
            }
        }
        {
            let mut ways = ways.write().unwrap_or_else(PoisonError::into_inner);
            ways.links = links.to_vec();
            // What is not linked any more is told still, and passed over. To stop watching it would stop
            // it for all below it, which may be linked, too, or be the folder itself.
            ways.real.retain(|real, way| way.is_empty() || wanted.contains_key(real));
        }
        let mut begun = Vec::new();
        for (real, link) in wanted {
            let is_new = {
                let mut ways = ways.write().unwrap_or_else(PoisonError::into_inner);
                let is_new = !ways.real.contains_key(&real);
                ways.real.entry(real.clone()).or_insert_with(|| link.clone());
                is_new
            };
            if !is_new {
                continue;
            }
            if is_remote(&real) {
                deaf.store(true, Ordering::Relaxed);
                continue;
            }
            match watcher.watch(&real, RecursiveMode::Recursive) {
                Ok(()) => begun.push(link),
                Err(error) => self.heard.trouble(&error),
            }
        }
        if links.len() > MOST_LINKS {
            deaf.store(true, Ordering::Relaxed);
        }
        begun
    }

    /// Whether the system does not tell of all changes.
    pub fn is_deaf(&self) -> bool {
        self.heard.deaf.load(Ordering::Relaxed)
    }
}

impl Heard {
    fn event(&self, event: notify::Result<Event>) {
        match event {
            Ok(event) => {
                if event.need_rescan() {
                    self.asks.lost();
                }
                // Files that are opened or read are told, too: our own scans do that.
                let concerns = match event.kind {
                    EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
                    EventKind::Access(_) => false,
                    _ => true,
                };
                if concerns {
                    let ways = self.ways.read().unwrap_or_else(PoisonError::into_inner);
                    for path in event.paths.iter().filter_map(|path| ways.below(path)) {
                        if !path.split(|byte| *byte == b'/').any(is_hidden) {
                            self.asks.part(path);
                        }
                    }
                }
            }
            Err(error) => self.trouble(&error),
        }
    }

    fn trouble(&self, error: &notify::Error) {
        if !is_gone(error) {
            self.deaf.store(true, Ordering::Relaxed);
            let why = why(&self.root, error);
            self.progress.set(|now| now.unwatched = Some(why));
        }
    }
}

/// Whether what was to be watched is not there (any more).
fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound | ErrorKind::WatchNotFound => true,
        ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

/// Why a folder is not watched, as a sentence.
fn why(root: &Path, error: &notify::Error) -> String {
    let shown = root.display();
    let number = match &error.kind {
        ErrorKind::Io(error) => error.raw_os_error(),
        _ => None,
    };
    match (&error.kind, number) {
        (ErrorKind::MaxFilesWatch, _) => format!(
            "{shown} has more folders than the system watches, so it is scanned every few minutes instead. To be told at once, raise fs.inotify.max_user_watches."
        ),
        // Too many watchers of one user.
        (_, Some(24)) => format!(
            "The system has no watcher left for {shown}, so it is scanned every few minutes instead. To be told at once, raise fs.inotify.max_user_instances."
        ),
        _ => format!(
            "The system does not tell of changes in {shown} ({error}), so it is scanned every few minutes."
        ),
    }
}

/// Whether a folder lies on another machine, whose changes the system here does not tell.
#[cfg(target_os = "linux")]
pub fn is_remote(path: &Path) -> bool {
    // Numbers of linux/magic.h: NFS, SMB, CIFS, SMB2, FUSE (sshfs, rclone), 9P, Ceph.
    const REMOTE: [u32; 7] =
        [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x6573_5546, 0x0102_1997, 0x00c3_6400];
    // The type is a number of 32 bits, whatever its sign.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    rustix::fs::statfs(path).is_ok_and(|about| REMOTE.contains(&(about.f_type as u32)))
}

/// Whether a folder lies on another machine, whose changes the system here does not tell.
#[cfg(not(target_os = "linux"))]
pub fn is_remote(path: &Path) -> bool {
    // Of Windows' shares, paths by the name of the machine are known.
    path.as_os_str().to_string_lossy().starts_with(r"\\")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_lies_elsewhere_is_known_by_the_link_to_it() {
        let real = [
            ("/pictures", ""),
            ("/disk/library", ""),
            ("/elsewhere", "link"),
            ("/elsewhere/deep", "2024/other"),
            ("/disk", "above"),
        ];
        let real = real.map(|(real, way)| (PathBuf::from(real), way.as_bytes().to_vec()));
        let ways = Ways { real: real.into_iter().collect(), links: Vec::new() };
        for (path, wanted) in [
            ("/pictures/a/b.png", Some("a/b.png")),
            ("/disk/library/a.png", Some("a.png")),
            ("/disk/library", Some("")),
            ("/elsewhere", Some("link")),
            ("/elsewhere/a.png", Some("link/a.png")),
            ("/elsewhere/deep/a.png", Some("2024/other/a.png")),
            ("/elsewhere/deeper/a.png", Some("link/deeper/a.png")),
            ("/disk/b.png", Some("above/b.png")),
            ("/pictures2/a.png", None),
        ] {
            let way = ways.below(Path::new(path));
            assert_eq!(way.as_deref(), wanted.map(str::as_bytes), "{path}");
        }
    }
}
