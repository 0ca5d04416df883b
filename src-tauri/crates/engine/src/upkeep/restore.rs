//! Reading a backup back: files that are missing are copied to where they were, and the database is
//! made ready beside the present one, which it takes the place of at the next start.

use super::{
    AT_ONCE, Halt,
    copy::{
        self, CopyError, PARTS, hash_of, is_as, numbered, part_in, sync_file, sync_folder, why,
    },
    date, go_on, has_room,
    manifest::{self, Line, Manifest, Part, content},
    off, relocate,
};
use crate::{
    bin,
    core::Core,
    roots::{changed_ns, names},
    view::BackupView,
    work::Progress,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    fs,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{PlaceSwitch, RootId, RootKind, Store, StoreError};

/// The folder in the data folder with the database that is ready.
const FOLDER: &str = "restore";
/// The folder in which one is made ready: what was ready before stays so until the new one is.
const STAGE: &str = "restore-next";
/// What was ready before, for a moment.
const BEFORE: &str = "restore-before";
const DATABASE: &str = "safelight.db";
/// Says that it is ready.
const READY: &str = "ready.json";
/// The longest line of a list, in bytes.
const LONGEST_LINE: u64 = 64 << 10;

/// A database that is ready to take the place of the present one.
#[derive(Debug, Serialize, Deserialize)]
struct Ready {
    /// When its backup was made, in milliseconds since 1970.
    made_at: i64,
    /// Under which name the present one is kept.
    aside: String,
}

/// Looks at a backup: the newest in a folder, or one that is named.
///
/// # Errors
/// A sentence when there is none that can be read back.
pub fn look(chosen: &Path) -> Result<BackupView, String> {
    let (folder, manifest) = manifest::read(chosen)?;
    let parts = [Some(&manifest.database), manifest.list.as_ref()];
    for part in parts.into_iter().flatten() {
        let path = folder.join(&part.name);
        if !fs::metadata(&path).is_ok_and(|about| about.len() == part.bytes) {
            return Err(format!(
                "{} is not whole or not there. Choose another backup.",
                path.display()
            ));
        }
    }
    Ok(BackupView {
        made_at: manifest.made_at,
        app: manifest.app,
        outputs: manifest.outputs,
        files: u32::try_from(manifest.files).unwrap_or(u32::MAX),
        bytes: manifest.bytes.saturating_add(manifest.database.bytes),
    })
}

/// When the backup was made that is ready to take the place of the database of a data folder.
pub fn ready(data: &Path) -> Option<i64> {
    read_ready(data).ok().flatten().map(|ready| ready.made_at)
}

fn read_ready(data: &Path) -> io::Result<Option<Ready>> {
    match fs::read(data.join(FOLDER).join(READY)) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts a database that is ready in the place of the present one, which is kept. Before any is opened.
///
/// # Errors
/// When another program has it open, or files cannot be renamed: what is there is all there, and the
/// next start goes on with it.
pub fn put_in_place(data: &Path) -> Result<(), StoreError> {
    let folder = data.join(FOLDER);
    let failed = |error: io::Error| StoreError::Folder {
        path: folder.clone(),
        why: format!("the backup that was read back cannot be put in place: {error}"),
    };
    // A kill came between the two renames.
    if !folder.exists() && data.join(STAGE).join(READY).exists() {
        fs::rename(data.join(STAGE), &folder).map_err(failed)?;
    }
    let Some(ready) = read_ready(data).map_err(failed)? else { return Ok(()) };
    store::replace(&data.join(DATABASE), &folder.join(DATABASE), &data.join(&ready.aside))?;
    crate::export::give_up(data);
    fs::remove_dir_all(&folder).map_err(failed)?;
    let _ = remove(&data.join(BEFORE));
    tracing::info!(kept = %ready.aside, "a backup was put in the place of the database");
    Ok(())
}

/// Reads a backup back.
///
/// # Errors
/// A sentence that says why it cannot be. Nothing but files that were missing has changed then.
pub async fn run(
    core: Arc<Core>,
    chosen: PathBuf,
    progress: Progress,
) -> Result<Option<String>, String> {
    let stage = core.data.join(STAGE);
    match restore(&core, chosen, &stage, &progress).await {
        Ok(kept) => Ok(Some(format!(
            "Restart Safelight to use it. The library as it is now is kept as {kept}."
        ))),
        Err(halt) => {
            let _ = tokio::task::spawn_blocking(move || fs::remove_dir_all(stage)).await;
            halt.answer()
        }
    }
}

async fn restore(
    core: &Arc<Core>,
    chosen: PathBuf,
    stage: &Path,
    progress: &Progress,
) -> Result<String, Halt> {
    let _held = core.bin.hold().await;
    let now = core.clock.now_ms();
    let own = core.store.roots().await?.into_iter().filter(|root| root.kind == RootKind::Own);
    let own: BTreeSet<Vec<u8>> = own.map(|root| root.path).collect();
    let (library, data) = (core.library.root(), core.data.clone());
    let (staged, telling) = (stage.to_owned(), progress.clone());
    let back = off(move || {
        let (folder, manifest) = manifest::read(&chosen).map_err(Halt::Failed)?;
        let back = Back { folder, manifest, library, data, own, progress: telling };
        back.prepare(&staged)?;
        Ok(Arc::new(back))
    })
    .await?;
    let staged = stage.join(DATABASE);
    store::examine(&staged).await.map_err(|error| Halt::Failed(unusable(&error)))?;
    let store = Store::open(&staged).await.map_err(|error| Halt::Failed(unusable(&error)))?;
    let filled = fill(&store, &back).await;
    let settled = match filled {
        Ok(()) => settle(&store, now).await.map_err(Halt::from),
        Err(halt) => Err(halt),
    };
    store.close().await;
    settled?;
    go_on(progress)?;
    let aside = format!("safelight-before-restore-{}.db", date(now));
    let ready = Ready { made_at: back.manifest.made_at, aside: aside.clone() };
    let (stage, data) = (stage.to_owned(), core.data.clone());
    off(move || {
        make_ready(&stage, &ready)
            .and_then(|()| swap(&data))
            .map_err(|error| Halt::Failed(why(&stage, &error)))
    })
    .await?;
    Ok(aside)
}

fn unusable(error: &StoreError) -> String {
    match error {
        StoreError::Newer { found, known, .. } => format!(
            "This backup is from a newer Safelight (its format is {found}, this one knows {known}). Install that version, or choose another backup."
        ),
        StoreError::Damaged { why, .. } => {
            format!("The database in this backup is damaged ({why}). Choose another backup.")
        }
        other => other.to_string(),
    }
}

fn make_ready(stage: &Path, ready: &Ready) -> io::Result<()> {
    sync_file(&stage.join(DATABASE))?;
    let mut part = part_in(stage)?;
    serde_json::to_writer(&mut part, ready)?;
    part.as_file().sync_all()?;
    part.persist(stage.join(READY)).map_err(|error| error.error)?;
    sync_folder(stage)
}

/// Puts what was made ready in the place of what was ready before, if anything was.
fn swap(data: &Path) -> io::Result<()> {
    let (folder, before) = (data.join(FOLDER), data.join(BEFORE));
    remove(&before)?;
    let had = folder.exists();
    if had {
        fs::rename(&folder, &before)?;
    }
    if let Err(error) = fs::rename(data.join(STAGE), &folder) {
        if had {
            fs::rename(&before, &folder)?;
        }
        return Err(error);
    }
    sync_folder(data)?;
    // It is in nobody's way.
    let _ = remove(&before);
    Ok(())
}

/// Deletes a folder that need not be there.
fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What is different in a library that was read back.
async fn settle(store: &Store, now: i64) -> Result<(), StoreError> {
    // What lay in the bin has its whole term again, and no move goes on that was under way then.
    store.set_value(bin::COUNTED_FROM, &now.to_string()).await?;
    store.forget_value(relocate::MOVING).await?;
    // What waited then may have been run since.
    if store.has_open_jobs().await? {
        store.set_value("paused", "1").await?;
    }
    Ok(())
}

/// Copies back what is missing, and tells the database where it is.
async fn fill(store: &Store, back: &Arc<Back>) -> Result<(), Halt> {
    let Some(list) = &back.manifest.list else { return Ok(()) };
    let library = names::bytes_of_path(&back.library);
    let own_id = store.put_root(RootKind::Own, &library, back.manifest.made_at).await?;
    let mut lines = Lines::open(&back.folder.join(&list.name))?;
    loop {
        go_on(&back.progress)?;
        let placing = back.clone();
        let (rest, switches) = off(move || {
            let mut switches = Vec::new();
            for _ in 0..AT_ONCE {
                let Some(line) = lines.next()? else { return Ok((None, switches)) };
                go_on(&placing.progress)?;
                switches.extend(placing.back(&line, own_id)?);
                placing.progress.step();
            }
            Ok((Some(lines), switches))
        })
        .await?;
        store.switch_places(&switches).await?;
        match rest {
            Some(rest) => lines = rest,
            None => return Ok(()),
        }
    }
}

/// A list of files while it is read.
struct Lines {
    path: PathBuf,
    reader: BufReader<fs::File>,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, Halt> {
        let file = fs::File::open(path).map_err(|error| unreadable(path, &error))?;
        Ok(Self { path: path.to_owned(), reader: BufReader::new(file) })
    }

    fn next(&mut self) -> Result<Option<Line>, Halt> {
        let mut text = Vec::new();
        self.reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut text)
            .map_err(|error| unreadable(&self.path, &error))?;
        if text.is_empty() {
            return Ok(None);
        }
        let line = serde_json::from_slice(&text);
        line.map(Some).map_err(|error| unreadable(&self.path, &error.into()))
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Halt {
    Halt::Failed(format!("{} cannot be read ({error}). Choose another backup.", path.display()))
}

/// A backup that is read back.
struct Back {
    folder: PathBuf,
    manifest: Manifest,
    library: PathBuf,
    data: PathBuf,
    /// Folders of our own that the present library has: only there is written.
    own: BTreeSet<Vec<u8>>,
    progress: Progress,
}

impl Back {
    /// Copies the database to where it is made ready, and finds out how much is to be done.
    fn prepare(&self, stage: &Path) -> Result<(), Halt> {
        let failed = |error: io::Error| Halt::Failed(why(stage, &error));
        remove(stage).and_then(|()| fs::create_dir_all(stage)).map_err(failed)?;
        let database = &self.manifest.database;
        has_room(stage, database.bytes).map_err(Halt::Failed)?;
        let (mut steps, mut bytes) = (1, database.bytes);
        let mut room: HashMap<PathBuf, u64> = HashMap::new();
        if let Some(list) = &self.manifest.list {
            self.is_whole(list)?;
            let mut lines = Lines::open(&self.folder.join(&list.name))?;
            while let Some(line) = lines.next()? {
                go_on(&self.progress)?;
                steps += 1;
                let Some((folder, path)) = self.place(&line) else { continue };
                if !self.was(&line, &path) && !path.exists() {
                    bytes += line.bytes;
                    *room.entry(folder).or_default() += line.bytes;
                }
            }
        }
        for (folder, bytes) in room {
            fs::create_dir_all(&folder).map_err(|error| Halt::Failed(why(&folder, &error)))?;
            let _ = fs::remove_dir_all(folder.join(PARTS));
            has_room(&folder, bytes).map_err(Halt::Failed)?;
        }
        self.progress.plan(steps, bytes);
        let copied = self.copied(&self.folder.join(&database.name), stage)?;
        if copied.as_ref().is_none_or(|copied| copied.hash != database.blake3) {
            return Err(Halt::Failed(format!(
                "{} is not what was backed up. Choose another backup.",
                self.folder.join(&database.name).display()
            )));
        }
        if let Some(copied) = copied {
            copied.put(&stage.join(DATABASE)).map_err(failed)?;
        }
        self.progress.step();
        Ok(())
    }

    fn is_whole(&self, part: &Part) -> Result<(), Halt> {
        let path = self.folder.join(&part.name);
        match hash_of(&path, &|_| !self.progress.stopped()) {
            Ok((hash, _)) if hash == part.blake3 => Ok(()),
            Ok(_) => Err(Halt::Failed(format!(
                "{} is not what was backed up. Choose another backup.",
                path.display()
            ))),
            Err(CopyError::Source(error)) => Err(unreadable(&path, &error)),
            Err(_) => Err(Halt::Stopped),
        }
    }

    /// Where a file was, by its line; nothing if that is nowhere.
    fn root(&self, line: &Line) -> Option<Vec<u8>> {
        let root = self.manifest.roots.iter().find(|root| Some(root.id) == line.root)?;
        Some(root.path.bytes().to_vec())
    }

    /// The folder that a file belongs to now, and its path.
    fn place(&self, line: &Line) -> Option<(PathBuf, PathBuf)> {
        let below = line.path.below()?;
        let folder = match line.root {
            None => self.data.join("inputs"),
            Some(_) => match self.root(line)? {
                root if self.own.contains(&root) && names::path_of(&root).is_dir() => {
                    names::path_of(&root)
                }
                _ => self.library.clone(),
            },
        };
        let path = names::join(&folder, below);
        Some((folder, path))
    }

    /// Whether a file is still where it was, or at `path`, as it was.
    fn was(&self, line: &Line, path: &Path) -> bool {
        let before = || {
            let root = self.root(line)?;
            Some(names::join(&names::path_of(&root), line.path.below()?))
        };
        let is_as = |path: &Path| is_as(path, line.bytes, line.mtime);
        is_as(path) || before().is_some_and(|path| is_as(&path))
    }

    /// Makes sure that a file of the backup is there. Answers with where it is, if that is not where it
    /// was.
    fn back(&self, line: &Line, own: RootId) -> Result<Option<PlaceSwitch>, Halt> {
        let Some((folder, wanted)) = self.place(line) else {
            self.progress.problem("A file with a name that is none was passed over.".to_owned());
            return Ok(None);
        };
        let root = self.root(line);
        let before = root.as_ref().map(|root| names::path_of(root));
        if let (Some(before), Some(below)) = (&before, line.path.below())
            && self.same(line, &names::join(before, below))?
        {
            return Ok(None);
        }
        let mut number = 1;
        let there = loop {
            let path = numbered(&wanted, number);
            if self.same(line, &path)? || self.copy(line, &folder, &path)? {
                break path;
            }
            if !path.exists() {
                return Ok(None);
            }
            // Something else is called so, and stays.
            number += 1;
        };
        let (Some(id), Some(before)) = (line.root, before) else { return Ok(None) };
        if before == folder && there == wanted {
            return Ok(None);
        }
        let to = if before == folder { RootId(id) } else { own };
        let Ok(about) = fs::metadata(&there) else { return Ok(None) };
        Ok(names::below(&folder, &there).map(|path| PlaceSwitch {
            from: (RootId(id), line.path.bytes().to_vec()),
            to: (to, path),
            bytes: about.len(),
            mtime: Some(changed_ns(&about)),
            missing: false,
        }))
    }

    /// Whether a file has the content of a line.
    fn same(&self, line: &Line, path: &Path) -> Result<bool, Halt> {
        if is_as(path, line.bytes, line.mtime) {
            return Ok(true);
        }
        if !fs::metadata(path).is_ok_and(|about| about.len() == line.bytes) {
            return Ok(false);
        }
        match hash_of(path, &|_| !self.progress.stopped()) {
            Ok((hash, _)) => Ok(hash == line.blake3),
            Err(CopyError::Stopped) => Err(Halt::Stopped),
            Err(_) => Ok(false),
        }
    }

    /// Copies the content of a line to where nothing is. Answers whether it is there now.
    fn copy(&self, line: &Line, root: &Path, to: &Path) -> Result<bool, Halt> {
        if to.symlink_metadata().is_ok() {
            return Ok(false);
        }
        let Some(from) = content(&self.folder, &line.blake3, line.path.bytes()) else {
            self.progress.problem(format!("{} has no content in the backup.", to.display()));
            return Ok(false);
        };
        let folder = to.parent().unwrap_or(&self.library);
        fs::create_dir_all(folder).map_err(|error| Halt::Failed(why(folder, &error)))?;
        // What a kill leaves is swept from there at the next time.
        let parts = root.join(PARTS);
        fs::create_dir_all(&parts).map_err(|error| Halt::Failed(why(&parts, &error)))?;
        let copied = self.copied(&from, &parts);
        let Some(copied) = copied? else { return Ok(false) };
        if copied.hash != line.blake3 {
            self.progress.problem(format!(
                "{} is not what was backed up; {} stays missing.",
                from.display(),
                to.display()
            ));
            return Ok(false);
        }
        let put = copied.put(to).map_err(|error| Halt::Failed(why(folder, &error)))?;
        sync_folder(folder).map_err(|error| Halt::Failed(why(folder, &error)))?;
        // Only where nothing else is in it.
        let _ = fs::remove_dir(&parts);
        Ok(put.is_none())
    }

    /// A copy of a file of the backup; nothing, and a problem told, if it cannot be read.
    fn copied(&self, from: &Path, folder: &Path) -> Result<Option<copy::Copy>, Halt> {
        let goes_on = |bytes| {
            self.progress.bytes(bytes);
            !self.progress.stopped()
        };
        match copy::copy(from, folder, &goes_on) {
            Ok(copied) => Ok(Some(copied)),
            Err(CopyError::Stopped) => Err(Halt::Stopped),
            Err(CopyError::Target(error)) => Err(Halt::Failed(why(folder, &error))),
            Err(CopyError::Differs) => Err(Halt::Failed(format!(
                "What was written to {} is not what is read from there. Its drive may be failing.",
                folder.display()
            ))),
            Err(CopyError::Source(error)) => {
                let from = from.display();
                self.progress.problem(format!("{from} cannot be read from the backup ({error})."));
                Ok(None)
            }
            Err(CopyError::Changed) => {
                let from = from.display();
                self.progress.problem(format!("{from} was written to meanwhile."));
                Ok(None)
            }
        }
    }
}
