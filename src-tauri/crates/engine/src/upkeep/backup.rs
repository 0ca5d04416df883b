//! Backing up: the database as it is at one moment, and the files that jobs made.

use super::{
    AT_ONCE, Halt,
    copy::{self, CopyError, PARTS, hash_of, is_as, part_in, sync_file, sync_folder, why},
    date, go_on, has_room,
    manifest::{FORMAT, Line, Manifest, Name, Part, Root, content, part_name},
    off,
};
use crate::{
    core::Core,
    roots::{is_there, names},
    view::BackupPlan,
    work::Progress,
};
use media::export::put_new;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{OwnFile, RootKind};
use tempfile::NamedTempFile;

/// Where it is stored which backup was the last.
pub const LAST_BACKUP: &str = "last-backup";

/// The newest backup that was made.
#[derive(Debug, Serialize, Deserialize)]
pub struct LastBackup {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Into which folder.
    pub to: String,
}

/// Makes a backup. Answers with its folder.
///
/// # Errors
/// A sentence that says why it cannot go on. What is copied stays, and is not copied again.
pub async fn run(
    core: Arc<Core>,
    plan: BackupPlan,
    progress: Progress,
) -> Result<Option<String>, String> {
    let folder = PathBuf::from(&plan.to);
    let made = back_up(&core, &plan, &folder, &progress).await;
    let parts = folder.join(PARTS);
    let _ = tokio::task::spawn_blocking(move || fs::remove_dir_all(parts)).await;
    match made {
        Ok(at) => {
            let last = LastBackup { at, to: plan.to.clone() };
            // Numbers and texts always become JSON.
            let last = serde_json::to_string(&last).unwrap_or_default();
            if let Err(error) = core.store.set_value(LAST_BACKUP, &last).await {
                tracing::error!(%error, "when the backup was made could not be stored");
            }
            Ok(Some(plan.to))
        }
        Err(halt) => halt.answer(),
    }
}

async fn back_up(
    core: &Arc<Core>,
    plan: &BackupPlan,
    folder: &Path,
    progress: &Progress,
) -> Result<i64, Halt> {
    let store = &core.store;
    let made_at = core.clock.now_ms();
    let copying = Arc::new(Copying {
        folder: folder.to_owned(),
        parts: folder.join(PARTS),
        away: away(core, plan, progress).await?,
        progress: progress.clone(),
    });
    let prepared = copying.clone();
    off(move || prepared.prepare()).await?;

    let database_bytes = store.size().await?;
    let (mut steps, mut bytes) = (1, database_bytes);
    let inputs = if plan.files { inputs(core).await? } else { Vec::new() };
    for file in &inputs {
        steps += 1;
        bytes += file.bytes;
    }
    if plan.files {
        let mut after = None;
        loop {
            go_on(progress)?;
            let files = store.own_files(None, after.as_ref(), AT_ONCE).await?;
            let Some(last) = files.last().cloned() else { break };
            after = Some(last);
            let planning = copying.clone();
            let (more, size) = off(move || Ok(planning.plan(&files))).await?;
            steps += more;
            bytes += size;
        }
    }
    let place = folder.to_owned();
    off(move || has_room(&place, bytes).map_err(Halt::Failed)).await?;
    progress.plan(steps, bytes);

    // What is added from here on is not in the copy. Its files may be in the list, and do no harm.
    let database = copying.parts.join("safelight.db");
    store.copy_to(&database).await.map_err(|error| {
        Halt::Failed(format!(
            "The database could not be copied to {} ({error}). Is there space left?",
            folder.display()
        ))
    })?;
    let looked_at = database.clone();
    store::examine(&looked_at).await.map_err(|error| Halt::Failed(error.to_string()))?;
    let outputs = store.counts(i64::MAX).await?.assets;
    progress.step();
    progress.bytes(database_bytes);

    let mut listing = Listing::new(&copying.parts)?;
    if plan.files {
        let mut after = None;
        loop {
            go_on(progress)?;
            let files = store.own_files(None, after.as_ref(), AT_ONCE).await?;
            let Some(last) = files.last().cloned() else { break };
            after = Some(last);
            let files = copying.there(files).into_iter().map(Wanted::of).collect();
            listing = copying.all(files, listing).await?;
        }
        listing = copying.all(inputs, listing).await?;
    }
    go_on(progress)?;
    if listing.missing > 0 {
        progress.problem(format!(
            "{} files of the library are not where they were, and are not in the backup.",
            listing.missing
        ));
    }
    let own = store.roots().await?.into_iter().filter(|root| root.kind == RootKind::Own);
    let manifest = Manifest {
        safelight_backup: FORMAT,
        app: env!("CARGO_PKG_VERSION").to_owned(),
        schema: store::newest_format(),
        made_at,
        database: Part { name: part_name(&date(made_at), "db"), bytes: 0, blake3: String::new() },
        list: None,
        files: listing.files,
        bytes: listing.bytes,
        outputs,
        roots: own.map(|root| Root { id: root.id.0, path: Name::of(&root.path) }).collect(),
    };
    let listing = plan.files.then_some(listing);
    off(move || copying.finish(manifest, &database, listing)).await?;
    Ok(made_at)
}

/// Folders of our own that are not there now.
async fn away(
    core: &Core,
    plan: &BackupPlan,
    progress: &Progress,
) -> Result<BTreeSet<Vec<u8>>, Halt> {
    let roots = if plan.files { core.store.roots().await? } else { Vec::new() };
    let progress = progress.clone();
    off(move || {
        let mut away = BTreeSet::new();
        for root in roots {
            let path = names::path_of(&root.path);
            if root.kind == RootKind::Own && root.assets > 0 && !is_there(&path) {
                progress.problem(format!(
                    "{} is not there now: its files are not in the backup.",
                    path.display()
                ));
                away.insert(root.path);
            }
        }
        Ok(away)
    })
    .await
}

/// Files that went into workflows.
async fn inputs(core: &Core) -> Result<Vec<Wanted>, Halt> {
    let folder = core.inputs.folder().to_owned();
    off(move || {
        // There is no folder before there is a file.
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        Ok(entries
            .filter_map(|entry| {
                let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some(Wanted {
                    from: entry.path(),
                    root: None,
                    path: names::bytes_of(&entry.file_name()),
                    hash: None,
                    bytes: about.len(),
                    mtime: None,
                })
            })
            .collect())
    })
    .await
}

/// A file that is to be in the backup.
struct Wanted {
    from: PathBuf,
    root: Option<i64>,
    path: Vec<u8>,
    /// Its BLAKE3 as it is known.
    hash: Option<String>,
    bytes: u64,
    mtime: Option<i64>,
}

impl Wanted {
    fn of(file: OwnFile) -> Self {
        Self {
            from: names::join(&names::path_of(&file.root_path), &file.path),
            root: Some(file.root.0),
            path: file.path,
            hash: Some(file.hash),
            bytes: file.bytes,
            mtime: file.mtime,
        }
    }

    /// Where its content lies in the backup already: it is as it was when it was read.
    fn kept(&self, folder: &Path) -> Option<&str> {
        let hash = self.hash.as_deref()?;
        let content = content(folder, hash, &self.path)?;
        let is_kept = is_as(&self.from, self.bytes, self.mtime)
            && fs::metadata(content).is_ok_and(|about| about.len() == self.bytes);
        is_kept.then_some(hash)
    }
}

/// The list of files while it is written.
struct Listing {
    part: BufWriter<NamedTempFile>,
    files: u64,
    bytes: u64,
    /// Files that are not there.
    missing: u32,
}

impl Listing {
    fn new(parts: &Path) -> Result<Self, Halt> {
        let part = part_in(parts).map_err(|error| Halt::Failed(why(parts, &error)))?;
        Ok(Self { part: BufWriter::new(part), files: 0, bytes: 0, missing: 0 })
    }

    fn add(&mut self, line: &Line) -> std::io::Result<()> {
        self.files += 1;
        self.bytes += line.bytes;
        serde_json::to_writer(&mut self.part, line)?;
        self.part.write_all(b"\n")
    }
}

struct Copying {
    folder: PathBuf,
    parts: PathBuf,
    /// Roots that are not there.
    away: BTreeSet<Vec<u8>>,
    progress: Progress,
}

impl Copying {
    fn prepare(&self) -> Result<(), Halt> {
        let _ = fs::remove_dir_all(&self.parts);
        fs::create_dir_all(&self.parts).map_err(|error| Halt::Failed(why(&self.folder, &error)))
    }

    /// Those of some files whose folder is there.
    fn there(&self, mut files: Vec<OwnFile>) -> Vec<OwnFile> {
        files.retain(|file| !self.away.contains(&file.root_path));
        files
    }

    /// How many files are to be gone through, and how many bytes of them are new.
    fn plan(&self, files: &[OwnFile]) -> (usize, u64) {
        let (mut steps, mut bytes) = (0, 0);
        for file in self.there(files.to_vec()) {
            steps += 1;
            if !file.missing && Wanted::of(file.clone()).kept(&self.folder).is_none() {
                bytes += file.bytes;
            }
        }
        (steps, bytes)
    }

    /// Copies what is new of some files, and writes all of them into the list.
    async fn all(
        self: &Arc<Self>,
        files: Vec<Wanted>,
        mut listing: Listing,
    ) -> Result<Listing, Halt> {
        let copying = self.clone();
        off(move || {
            for file in files {
                go_on(&copying.progress)?;
                copying.with_sidecars(&file, &mut listing)?;
                copying.progress.step();
            }
            Ok(listing)
        })
        .await
    }

    fn with_sidecars(&self, file: &Wanted, listing: &mut Listing) -> Result<(), Halt> {
        self.one(file, listing)?;
        if file.root.is_none() {
            return Ok(());
        }
        for sidecar in media::xmp::sidecars_there(&file.from) {
            let Ok(about) = fs::metadata(&sidecar) else { continue };
            let name = names::bytes_of(sidecar.file_name().unwrap_or_default());
            let above = file.path.len() - names::name_of(&file.path).len();
            let wanted = Wanted {
                path: [&file.path[..above], &name].concat(),
                from: sidecar,
                root: file.root,
                hash: None,
                bytes: about.len(),
                mtime: None,
            };
            self.one(&wanted, listing)?;
        }
        Ok(())
    }

    fn one(&self, file: &Wanted, listing: &mut Listing) -> Result<(), Halt> {
        let hash = match file.kept(&self.folder) {
            Some(hash) => hash.to_owned(),
            None => match self.copy(file, listing)? {
                Some(hash) => hash,
                None => return Ok(()),
            },
        };
        let Ok(about) = fs::metadata(&file.from) else { return Ok(()) };
        let line = Line {
            blake3: hash,
            bytes: about.len(),
            mtime: Some(crate::roots::changed_ns(&about)),
            root: file.root,
            path: Name::of(&file.path),
        };
        listing.add(&line).map_err(|error| Halt::Failed(why(&self.folder, &error)))
    }

    /// Copies a file to where its content belongs. Answers with its hash, or nothing if that cannot be.
    fn copy(&self, file: &Wanted, listing: &mut Listing) -> Result<Option<String>, Halt> {
        let failed = |error: &std::io::Error| Halt::Failed(why(&self.folder, error));
        let goes_on = |bytes| {
            self.progress.bytes(bytes);
            !self.progress.stopped()
        };
        let shown = file.from.display();
        let copied = match copy::copy(&file.from, &self.parts, &goes_on) {
            Ok(copied) => copied,
            Err(CopyError::Stopped) => return Err(Halt::Stopped),
            Err(CopyError::Target(error)) => return Err(failed(&error)),
            Err(CopyError::Source(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                listing.missing += 1;
                return Ok(None);
            }
            Err(CopyError::Source(error)) => {
                self.progress
                    .problem(format!("{shown} cannot be read ({error}); it is not in the backup."));
                return Ok(None);
            }
            Err(CopyError::Changed) => {
                self.progress.problem(format!(
                    "{shown} was written to meanwhile; it is not in the backup. Back up once more."
                ));
                return Ok(None);
            }
            Err(CopyError::Differs) => {
                return Err(Halt::Failed(format!(
                    "What was written to {} is not what is read from there. Its drive may be failing: choose another one.",
                    self.folder.display()
                )));
            }
        };
        let hash = copied.hash.clone();
        let Some(to) = content(&self.folder, &hash, &file.path) else { return Ok(None) };
        let holder = to.parent().unwrap_or(&self.folder);
        fs::create_dir_all(holder).map_err(|error| failed(&error))?;
        let bytes = copied.bytes;
        if let Some(copied) = copied.put(&to).map_err(|error| failed(&error))?
            && fs::metadata(&to).is_ok_and(|about| about.len() != bytes)
        {
            // What is called so has this content, unless its drive lost some of it.
            let mut broken = to.clone().into_os_string();
            broken.push(".broken");
            fs::rename(&to, broken).map_err(|error| failed(&error))?;
            copied.put(&to).map_err(|error| failed(&error))?;
        }
        Ok(Some(hash))
    }

    /// Gives everything its name, the manifest last: a backup is there when that is.
    fn finish(
        &self,
        mut manifest: Manifest,
        database: &Path,
        listing: Option<Listing>,
    ) -> Result<(), Halt> {
        let failed = |error: std::io::Error| Halt::Failed(why(&self.folder, &error));
        let base = manifest.database.name.trim_end_matches("db").to_owned();
        let named = |part: &Path, name: String| -> Result<Part, Halt> {
            sync_file(part).map_err(failed)?;
            let read = hash_of(part, &|_| !self.progress.stopped());
            let (blake3, bytes) = match read {
                Ok(read) => read,
                Err(CopyError::Source(error)) => return Err(failed(error)),
                Err(_) => return Err(Halt::Stopped),
            };
            fs::rename(part, self.folder.join(&name)).map_err(failed)?;
            Ok(Part { name, bytes, blake3 })
        };
        if let Some(mut listing) = listing {
            listing.part.flush().map_err(failed)?;
            manifest.list =
                Some(named(listing.part.get_ref().path(), format!("{base}files.jsonl"))?);
        }
        manifest.database = named(database, manifest.database.name.clone())?;
        for entry in fs::read_dir(self.folder.join("files")).into_iter().flatten().flatten() {
            sync_folder(&entry.path()).map_err(failed)?;
        }
        let mut part = part_in(&self.parts).map_err(failed)?;
        serde_json::to_writer_pretty(&mut part, &manifest).map_err(|error| failed(error.into()))?;
        part.as_file().sync_all().map_err(failed)?;
        let name = self.folder.join(format!("{base}json"));
        if put_new(part.into_temp_path(), &name).map_err(failed)?.is_some() {
            return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
        }
        sync_folder(&self.folder).map_err(failed)
    }
}
