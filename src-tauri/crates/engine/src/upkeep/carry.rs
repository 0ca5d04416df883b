//! Bringing files from one folder to another: linked where that can be, else copied and read back, and
//! deleted where they were once the database says where they are.

use super::{
    Halt,
    copy::{self, CopyError, PARTS, hash_of, is_as, numbered, part_in, sync_folder, why},
    go_on, has_room,
};
use crate::{
    roots::{Identity, changed_ns, is_there, names},
    work::Progress,
};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};
use store::{OwnFile, PlaceSwitch, RootId, RootRow};

/// Looks whether the files can go from one folder to the other.
pub fn check(from: &Path, to: &Path, files: u32, bytes: u64) -> Result<(), String> {
    if files > 0 && !is_there(from) {
        return Err(format!(
            "The library folder {} is not there. Connect its drive, then move it.",
            from.display()
        ));
    }
    let probe = part_in(to).map_err(|error| why(to, &error))?;
    // On the same drive nothing is copied.
    let link = from.join(probe.path().file_name().unwrap_or_default());
    match fs::hard_link(probe.path(), &link) {
        Ok(()) => {
            let _ = fs::remove_file(&link);
            Ok(())
        }
        Err(_) => has_room(to, bytes),
    }
}

/// A move from one folder to another.
pub struct Moving {
    from: PathBuf,
    to: PathBuf,
    from_id: RootId,
    to_id: RootId,
    /// Which folder it is moved from: an empty one may take its place when its drive goes.
    identity: OnceLock<Identity>,
    progress: Progress,
}

/// A file that is in the new folder, too.
pub struct Carried {
    /// What the database is to be told.
    pub switch: PlaceSwitch,
    /// Where it was; nothing if it was not there.
    old: Option<PathBuf>,
    new: PathBuf,
    /// It was brought there now, and did not lie there before.
    made: bool,
    /// Its size and time when it was carried.
    before: (u64, i64),
}

/// Where a file is in the new folder.
struct Brought {
    path: PathBuf,
    /// Its hash, if it was read.
    hash: Option<String>,
    /// It did not lie there before.
    made: bool,
}

impl Moving {
    /// From one root to another.
    pub fn new(from: &RootRow, to: &RootRow, progress: &Progress) -> Self {
        Self {
            from: names::path_of(&from.path),
            to: names::path_of(&to.path),
            from_id: from.id,
            to_id: to.id,
            identity: OnceLock::new(),
            progress: progress.clone(),
        }
    }

    /// Looks whether it can be done, and says how much there is to do.
    pub fn begin(&self, files: u32, bytes: u64) -> Result<(), Halt> {
        if files > 0 && !is_there(&self.from) {
            return Err(self.left());
        }
        if !self.to.is_dir() {
            return Err(not_there(&self.to));
        }
        match Identity::of(&self.from) {
            Ok(identity) => {
                let _ = self.identity.set(identity);
            }
            // All was moved and the empty folder deleted when the app ended, and only that is not noted.
            Err(_) if files == 0 => {}
            Err(_) => return Err(self.left()),
        }
        let _ = fs::remove_dir_all(self.to.join(PARTS));
        check(&self.from, &self.to, files, bytes).map_err(Halt::Failed)?;
        self.progress.plan(usize::try_from(files).unwrap_or(usize::MAX), bytes);
        Ok(())
    }

    /// The folder that it is moved from is not there any more.
    fn left(&self) -> Halt {
        not_there(&self.from)
    }

    /// Brings files to the new folder, each whole or not at all.
    pub fn carry(&self, files: Vec<OwnFile>) -> (Vec<Carried>, Option<Halt>) {
        let mut carried = Vec::with_capacity(files.len());
        let mut folders = BTreeSet::new();
        let mut halt = None;
        for file in files {
            match go_on(&self.progress).and_then(|()| self.one(&file)) {
                Ok(Some(one)) => {
                    folders.extend(one.new.parent().map(Path::to_owned));
                    carried.push(one);
                }
                Ok(None) => {}
                Err(why) => {
                    halt = Some(why);
                    break;
                }
            }
            self.progress.step();
        }
        let _ = fs::remove_dir(self.to.join(PARTS));
        // Names are durable before anything is deleted.
        for folder in folders {
            if let Err(error) = sync_folder(&folder) {
                return (Vec::new(), Some(Halt::Failed(why(&folder, &error))));
            }
        }
        (carried, halt)
    }

    fn one(&self, file: &OwnFile) -> Result<Option<Carried>, Halt> {
        let old = names::join(&self.from, &file.path);
        let wanted = names::join(&self.to, &file.path);
        let about = match fs::metadata(&old) {
            Ok(about) => about,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if Identity::of(&self.from).ok().as_ref() != self.identity.get() {
                    return Err(self.left());
                }
                return Ok(Some(self.gone(file, wanted)));
            }
            Err(error) => {
                self.progress.problem(format!("{} cannot be read ({error}).", old.display()));
                return Ok(None);
            }
        };
        let folder = wanted.parent().unwrap_or(&self.to);
        fs::create_dir_all(folder).map_err(|error| Halt::Failed(why(folder, &error)))?;
        let Some(Brought { path: new, hash, made }) = self.bring(&old, &wanted)? else {
            return Ok(None);
        };
        let Ok(now) = fs::metadata(&new) else { return Ok(None) };
        // Edited outside since it was read: it is read again where it is now.
        let known = match hash {
            Some(hash) if !store::is_stand_in(&file.hash) => hash == file.hash,
            _ => is_as(&old, file.bytes, file.mtime),
        };
        let Some(path) = names::below(&self.to, &new) else { return Ok(None) };
        Ok(Some(Carried {
            switch: PlaceSwitch {
                from: (self.from_id, file.path.clone()),
                to: (self.to_id, path),
                bytes: now.len(),
                mtime: known.then(|| changed_ns(&now)),
                missing: false,
            },
            old: Some(old),
            new,
            made,
            before: (about.len(), changed_ns(&about)),
        }))
    }

    /// A file that is not where it was is looked for in the new folder from now on: a kill may have come
    /// between its deletion and what the database says.
    fn gone(&self, file: &OwnFile, new: PathBuf) -> Carried {
        self.progress.bytes(file.bytes);
        let found = fs::metadata(&new).ok().filter(|about| about.len() == file.bytes);
        Carried {
            switch: PlaceSwitch {
                from: (self.from_id, file.path.clone()),
                to: (self.to_id, file.path.clone()),
                bytes: file.bytes,
                // What is there is read: it may be something else.
                mtime: None,
                missing: found.is_none(),
            },
            old: None,
            new,
            made: false,
            before: (0, 0),
        }
    }

    /// Links or copies a file to where it is wanted, or beside it if something else is called so.
    fn bring(&self, old: &Path, wanted: &Path) -> Result<Option<Brought>, Halt> {
        let goes_on = |bytes| {
            self.progress.bytes(bytes);
            !self.progress.stopped()
        };
        let failed = |error: &io::Error| Halt::Failed(why(&self.to, error));
        let mut copied: Option<copy::Copy> = None;
        for number in 1.. {
            let new = numbered(wanted, number);
            if new.symlink_metadata().is_ok() {
                // Brought before a kill, or by somebody else.
                match same(old, &new, &|_| !self.progress.stopped()) {
                    Some(hash) => {
                        self.progress.bytes(fs::metadata(&new).map_or(0, |about| about.len()));
                        return Ok(Some(Brought { path: new, hash: Some(hash), made: false }));
                    }
                    None => {
                        go_on(&self.progress)?;
                        continue;
                    }
                }
            }
            // A link to a link would lead elsewhere.
            let is_link = old.symlink_metadata().is_ok_and(|about| about.is_symlink());
            if copied.is_none() && !is_link && fs::hard_link(old, &new).is_ok() {
                self.progress.bytes(fs::metadata(&new).map_or(0, |about| about.len()));
                return Ok(Some(Brought { path: new, hash: None, made: true }));
            }
            let whole = match copied.take() {
                Some(copied) => copied,
                None => {
                    let parts = self.to.join(PARTS);
                    fs::create_dir_all(&parts).map_err(|error| failed(&error))?;
                    match copy::copy(old, &parts, &goes_on) {
                        Ok(copied) => copied,
                        Err(error) => return self.cannot(old, error).map(|()| None),
                    }
                }
            };
            let hash = whole.hash.clone();
            match whole.put(&new).map_err(|error| failed(&error))? {
                None => return Ok(Some(Brought { path: new, hash: Some(hash), made: true })),
                back => copied = back,
            }
        }
        Ok(None)
    }

    /// Tells why a file stays, or ends the move.
    fn cannot(&self, old: &Path, error: CopyError) -> Result<(), Halt> {
        let old = old.display();
        match error {
            CopyError::Stopped => return Err(Halt::Stopped),
            CopyError::Target(error) => return Err(Halt::Failed(why(&self.to, &error))),
            CopyError::Differs => {
                return Err(Halt::Failed(format!(
                    "What was written to {} is not what is read from there. Its drive may be failing: nothing more is moved there.",
                    self.to.display()
                )));
            }
            CopyError::Source(error) => {
                self.progress.problem(format!("{old} cannot be read ({error}); it stays there."));
            }
            CopyError::Changed => {
                self.progress.problem(format!("{old} was written to meanwhile; it stays there."));
            }
        }
        Ok(())
    }

    /// Deletes a file where it was, with its sidecars, which go along; or where it was brought, if the
    /// library does not know it any more.
    pub fn leave(&self, one: &Carried, switched: bool) {
        let Some(old) = &one.old else { return };
        if !switched {
            if one.made && old.exists() {
                let _ = fs::remove_file(&one.new);
            }
            return;
        }
        let now = fs::metadata(old).ok().map(|about| (about.len(), changed_ns(&about)));
        if now.is_some_and(|now| now != one.before) {
            self.progress.problem(format!(
                "{} was written to while it was moved: as it was it is moved, as it is now it stays.",
                old.display()
            ));
            return;
        }
        let sidecars = media::xmp::sidecars(old).into_iter().zip(media::xmp::sidecars(&one.new));
        for (old, new) in sidecars.filter(|(old, _)| old.is_file()) {
            self.along(&old, &new);
        }
        self.delete(old);
    }

    fn along(&self, old: &Path, new: &Path) {
        let never = |_| true;
        let there = fs::hard_link(old, new).is_ok()
            || copy::copy(old, new.parent().unwrap_or(&self.to), &never)
                .is_ok_and(|copied| copied.put(new).is_ok_and(|back| back.is_none()))
            || same(old, new, &never).is_some();
        if there {
            self.delete(old);
        } else {
            self.progress.problem(format!(
                "{} stays, because it could not be brought to {}.",
                old.display(),
                new.display()
            ));
        }
    }

    fn delete(&self, old: &Path) {
        match fs::remove_file(old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                self.progress.problem(format!(
                    "{} is moved, but cannot be deleted where it was ({error}).",
                    old.display()
                ));
            }
            _ => {}
        }
    }

    /// Deletes the folders that files were in, as far as they are empty.
    pub fn clear(&self, mut folders: Vec<Vec<u8>>) {
        let above: Vec<Vec<u8>> = folders
            .iter()
            .flat_map(|path| {
                let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
                slashes.map(|(at, _)| path[..at].to_vec()).collect::<Vec<_>>()
            })
            .collect();
        folders.extend(above);
        folders.push(Vec::new());
        folders.sort_by_key(|path| std::cmp::Reverse(path.len()));
        folders.dedup();
        for folder in folders {
            let _ = fs::remove_dir(names::join(&self.from, &folder));
        }
    }
}

fn not_there(folder: &Path) -> Halt {
    Halt::Failed(format!("{} is not there. Connect its drive, then go on.", folder.display()))
}

/// The hash that two files have in common, if they have one.
fn same(one: &Path, other: &Path, goes_on: &dyn Fn(u64) -> bool) -> Option<String> {
    let length =
        |path: &Path| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|it| it.len());
    if length(one).is_none() || length(one) != length(other) {
        return None;
    }
    let (hash, _) = hash_of(one, goes_on).ok()?;
    (hash_of(other, goes_on).ok()?.0 == hash).then_some(hash)
}
