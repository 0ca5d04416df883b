//! What servers said about their node classes, kept on disk: conversion and checks work while a server
//! is away, and after a restart before it is back.

use domain::ServerId;
use std::{
    collections::HashMap,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use workflow::ObjectInfo;

/// How long what was read stays in memory after it was last needed: a thousand classes take some
/// twenty megabytes.
pub const KEPT_FOR: Duration = Duration::from_secs(60);
/// The largest file that is read. Servers with hundreds of packs say 10 MB.
const LARGEST: u64 = 256 << 20;

/// What all servers said.
pub struct Known {
    folder: PathBuf,
    read: Mutex<HashMap<ServerId, (Instant, Arc<ObjectInfo>)>>,
}

impl Known {
    /// Kept below a data folder.
    pub fn new(data: &Path) -> Self {
        Self { folder: data.join("node-classes"), read: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ServerId, (Instant, Arc<ObjectInfo>)>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, id: ServerId) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    /// Keeps what a server said, in place of what it said before. Blocking.
    ///
    /// # Errors
    /// When the file cannot be written; what was there stays.
    pub fn keep(&self, id: ServerId, json: &[u8]) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(json)?;
        file.persist(self.path(id)).map_err(|error| error.error)?;
        self.lock().remove(&id);
        Ok(())
    }

    /// Forgets a server. Blocking.
    pub fn forget(&self, id: ServerId) {
        self.lock().remove(&id);
        // That it was never kept is as good.
        let _ = std::fs::remove_file(self.path(id));
    }

    /// What a server said, if it ever did. Blocking.
    pub fn of(&self, id: ServerId) -> Option<Arc<ObjectInfo>> {
        if let Some((used, info)) = self.lock().get_mut(&id) {
            *used = Instant::now();
            return Some(info.clone());
        }
        let path = self.path(id);
        if std::fs::metadata(&path).ok()?.len() > LARGEST {
            return None;
        }
        let info = match ObjectInfo::read(&std::fs::read(path).ok()?) {
            Ok(info) => Arc::new(info),
            Err(error) => {
                tracing::warn!(%error, server = %id, "the kept node classes cannot be read");
                return None;
            }
        };
        self.lock().insert(id, (Instant::now(), info.clone()));
        Some(info)
    }

    /// Whether any server ever said something. Blocking.
    pub fn has_any(&self) -> bool {
        std::fs::read_dir(&self.folder).is_ok_and(|mut files| files.next().is_some())
    }

    /// Lets go of what was not needed for a while. Answers whether anything is left in memory.
    pub fn tidy(&self, now: Instant) -> bool {
        let mut read = self.lock();
        read.retain(|_, (used, _)| now.saturating_duration_since(*used) < KEPT_FOR);
        !read.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_a_server_said_outlives_the_program_and_is_replaced_whole() {
        let data = tempfile::tempdir().unwrap();
        let id = ServerId(Uuid::now_v7());
        let known = Known::new(data.path());
        assert!(known.of(id).is_none() && !known.has_any());
        known.keep(id, br#"{"A": {}}"#).unwrap();
        assert!(known.of(id).unwrap().get("A").is_some());
        known.keep(id, br#"{"B": {}, "C": {}}"#).unwrap();
        let again = Known::new(data.path());
        assert!(again.has_any());
        assert_eq!(again.of(id).unwrap().len(), 2);
        assert!(again.tidy(Instant::now()));
        assert!(!again.tidy(Instant::now() + KEPT_FOR));
        std::fs::write(known.path(id), "{").unwrap();
        assert!(Known::new(data.path()).of(id).is_none());
        again.forget(id);
        assert!(again.of(id).is_none() && !known.path(id).exists());
    }
}
