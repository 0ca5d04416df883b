//! Previews of runs on disk: how a picture developed is there after a restart, too.
//!
//! They are in the data folder and not in the cache: nothing makes them again. One file a job holds a
//! line of JSON that says what is in it, and the pictures behind it. Together they are bounded, and those
//! of the runs that were saved longest ago go first. Nobody who reads a server's frames waits for this:
//! a task of its own takes what is new from [`Live`](crate::live::Live).

use crate::{commands::write_whole, core::Core, view::KeptPreview};
use bytes::Bytes;
use domain::JobId;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};
use store::StoreError;
use tokio::sync::Notify;

/// The folder, below the data folder.
const FOLDER: &str = "previews";
const ENDING: &str = "previews";
/// The ending of those of removed jobs.
const REMOVED: &str = "removed";
/// Bytes of all of them.
const MOST: u64 = 200 << 20;
/// Bytes of one job's. Beyond that every second one is left out, so that they still span the run.
const MOST_OF_A_JOB: u64 = 16 << 20;
/// The largest line that says what is in a file, in bytes.
const LARGEST_HEAD: u64 = 1 << 20;
/// What is new of running jobs is saved that often: a kill loses no more. What ended is saved at once.
const SAVE_EVERY: Duration = Duration::from_secs(30);

/// A preview that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// Number within the job.
    pub rev: u32,
    /// The step it shows.
    pub step: Option<f64>,
    /// The node that sent it.
    pub node_title: String,
    /// The picture's media type.
    pub mime: &'static str,
    /// The picture.
    pub bytes: Bytes,
}

impl Preview {
    /// As the page sees it.
    pub fn view(&self) -> KeptPreview {
        KeptPreview { rev: self.rev, step: self.step, node_title: self.node_title.clone() }
    }
}

/// What a file says of one preview.
#[derive(Serialize, Deserialize)]
struct Entry {
    rev: u32,
    step: Option<f64>,
    node_title: String,
    mime: String,
    bytes: u64,
}

impl Entry {
    fn of(preview: &Preview) -> Self {
        Self {
            rev: preview.rev,
            step: preview.step,
            node_title: preview.node_title.clone(),
            mime: preview.mime.to_owned(),
            bytes: preview.bytes.len() as u64,
        }
    }

    /// The media types that servers send; a file names no other.
    fn mime(&self) -> Option<&'static str> {
        ["image/jpeg", "image/png", "image/webp"].into_iter().find(|known| *known == self.mime)
    }
}

/// The previews on disk. All of its methods that touch the disk block.
pub struct Previews {
    folder: PathBuf,
    most: u64,
    /// Bytes of all files, once they were looked at. Held while the folder is changed.
    total: Mutex<Option<u64>>,
    ended: Notify,
}

impl Previews {
    /// Those in a data folder.
    pub fn new(data: &Path) -> Self {
        Self::within(data, MOST)
    }

    fn within(data: &Path, most: u64) -> Self {
        Self { folder: data.join(FOLDER), most, total: Mutex::default(), ended: Notify::new() }
    }

    fn path(&self, job: JobId) -> PathBuf {
        self.folder.join(format!("{job}.{ENDING}"))
    }

    /// A run ended: what is new of it is saved at once.
    pub fn ended(&self) {
        self.ended.notify_one();
    }

    /// Saves the previews of a job in the place of those that are there. They are asked for when it is
    /// their turn: a job may be removed meanwhile.
    ///
    /// # Errors
    /// A sentence: what was there stays.
    pub fn save(
        &self,
        job: JobId,
        previews: impl FnOnce() -> Option<Vec<Preview>>,
    ) -> Result<(), String> {
        let mut total = self.total.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut previews) = previews().filter(|previews| !previews.is_empty()) else {
            return Ok(());
        };
        let size = |previews: &[Preview]| -> u64 {
            previews.iter().map(|preview| preview.bytes.len() as u64).sum()
        };
        while size(&previews) > MOST_OF_A_JOB && previews.len() > 1 {
            let mut keep = false;
            previews.retain(|_| {
                keep = !keep;
                keep
            });
        }
        let head: Vec<Entry> = previews.iter().map(Entry::of).collect();
        let mut file = serde_json::to_vec(&head).map_err(|error| error.to_string())?;
        file.push(b'\n');
        for preview in &previews {
            file.extend_from_slice(&preview.bytes);
        }
        if file.len() as u64 > MOST_OF_A_JOB + LARGEST_HEAD {
            return Err(format!("a preview of {job} is too large to be kept"));
        }
        fs::create_dir_all(&self.folder)
            .map_err(|error| format!("{} cannot be made: {error}", self.folder.display()))?;
        let path = self.path(job);
        let before = fs::metadata(&path).map_or(0, |about| about.len());
        let known =
            total.take().unwrap_or_else(|| self.files().iter().map(|file| file.bytes).sum());
        write_whole(&path, &file)?;
        let now = known.saturating_sub(before) + file.len() as u64;
        *total = Some(if now > self.most { self.make_room(&path) } else { now });
        Ok(())
    }

    /// Deletes those that were saved longest ago, but never `but`. Answers with what is left, in bytes.
    fn make_room(&self, but: &Path) -> u64 {
        let mut files = self.files();
        files.sort_by_key(|file| file.saved_at);
        let mut total: u64 = files.iter().map(|file| file.bytes).sum();
        // Some more, or each that is saved from here on would go through the folder.
        let most = self.most / 10 * 9;
        for file in files {
            if total <= most {
                break;
            }
            if file.path != but && fs::remove_file(&file.path).is_ok() {
                total -= file.bytes;
            }
        }
        total
    }

    fn files(&self) -> Vec<Saved> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| {
                let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                let saved_at = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                Some(Saved { path: entry.path(), bytes: about.len(), saved_at })
            })
            .collect()
    }

    /// What is in the file of a job: each preview, and where its picture begins.
    fn head(&self, job: JobId) -> Option<Head> {
        let mut file = BufReader::new(File::open(self.path(job)).ok()?);
        let mut line = Vec::new();
        file.by_ref().take(LARGEST_HEAD).read_until(b'\n', &mut line).ok()?;
        let mut at = line.len() as u64;
        // One that is damaged is as good as none.
        let entries: Vec<Entry> = serde_json::from_slice(&line).ok()?;
        let mut placed = Vec::with_capacity(entries.len());
        for entry in entries {
            let begins = at;
            at = at.checked_add(entry.bytes)?;
            placed.push((entry, begins));
        }
        (file.get_ref().metadata().ok()?.len() == at).then_some(Head { file, entries: placed })
    }

    /// The previews of a job, as far as they can be read.
    pub fn list(&self, job: JobId) -> Vec<KeptPreview> {
        let entries = self.head(job).map(|head| head.entries).unwrap_or_default();
        entries
            .into_iter()
            .map(|(Entry { rev, step, node_title, .. }, _)| KeptPreview { rev, step, node_title })
            .collect()
    }

    /// The picture of a preview; of the newest without `rev`, or where there is none of that number.
    pub fn picture(&self, job: JobId, rev: Option<u32>) -> Option<(&'static str, Bytes)> {
        let Head { mut file, entries } = self.head(job)?;
        let wanted = entries.iter().find(|(entry, _)| Some(entry.rev) == rev);
        let (entry, at) = wanted.or(entries.last())?;
        Some((entry.mime()?, read(&mut file, *at, entry.bytes)?))
    }

    /// All of a job, to go on with.
    pub fn all(&self, job: JobId) -> Vec<Preview> {
        let Some(Head { mut file, entries }) = self.head(job) else { return Vec::new() };
        let previews = entries.into_iter().map(|(entry, at)| {
            let (mime, bytes) = (entry.mime()?, read(&mut file, at, entry.bytes)?);
            let Entry { rev, step, node_title, .. } = entry;
            Some(Preview { rev, step, node_title, mime, bytes })
        });
        previews.flatten().collect()
    }

    /// Puts away those of jobs that are removed. They are deleted at the next start: until then a job
    /// may be brought back.
    pub fn put_away(&self, jobs: &[JobId]) {
        let _one = self.total.lock().unwrap_or_else(PoisonError::into_inner);
        for job in jobs {
            // Most jobs have none.
            let _ = fs::rename(self.path(*job), self.path(*job).with_extension(REMOVED));
        }
    }

    /// Brings back what was put away.
    pub fn bring_back(&self, jobs: &[JobId]) {
        let _one = self.total.lock().unwrap_or_else(PoisonError::into_inner);
        for job in jobs {
            let _ = fs::rename(self.path(*job).with_extension(REMOVED), self.path(*job));
        }
    }

    /// Deletes what was put away, and what a kill left half written.
    fn sweep(&self) {
        let mut total = self.total.lock().unwrap_or_else(PoisonError::into_inner);
        for file in self.files() {
            if file.path.extension().is_none_or(|ending| ending != ENDING) {
                let _ = fs::remove_file(file.path);
            }
        }
        *total = None;
    }
}

/// A file that is read: what is in it, each with where its picture begins.
struct Head {
    file: BufReader<File>,
    entries: Vec<(Entry, u64)>,
}

/// A file of previews.
struct Saved {
    path: PathBuf,
    bytes: u64,
    saved_at: SystemTime,
}

fn read(file: &mut BufReader<File>, at: u64, bytes: u64) -> Option<Bytes> {
    // The file is as long as its head says, and no longer than ours are.
    let mut picture = vec![0; usize::try_from(bytes.min(MOST_OF_A_JOB)).ok()?];
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(&mut picture).ok()?;
    Some(picture.into())
}

/// Takes up what was kept of jobs that may go on at their servers. Before these are asked.
///
/// # Errors
/// When the database cannot be read.
pub async fn take_up(core: &Arc<Core>) -> Result<(), StoreError> {
    let jobs = core.store.all_in_flight().await?;
    let core = core.clone();
    let read = tokio::task::spawn_blocking(move || {
        core.previews.sweep();
        for job in jobs {
            core.live.earlier(job.id, core.previews.all(job.id));
        }
    });
    if let Err(error) = read.await {
        tracing::error!(%error, "previews from before cannot be read");
    }
    Ok(())
}

/// Saves what is new, now and then and when a run ends.
pub async fn keep(core: Arc<Core>) {
    loop {
        tokio::select! {
            () = core.previews.ended.notified() => {}
            () = tokio::time::sleep(SAVE_EVERY) => {}
        }
        save_new(&core).await;
    }
}

/// Saves what is new.
pub async fn save_new(core: &Arc<Core>) {
    let jobs = core.live.unsaved();
    if jobs.is_empty() {
        return;
    }
    let core = core.clone();
    let saved = tokio::task::spawn_blocking(move || {
        for job in jobs {
            if let Err(why) = core.previews.save(job, || core.live.take_unsaved(job)) {
                tracing::warn!(%job, %why, "previews are not kept");
            }
        }
    });
    if let Err(error) = saved.await {
        tracing::error!(%error, "previews are not kept");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use uuid::Uuid;

    fn preview(rev: u32, bytes: usize) -> Preview {
        Preview {
            rev,
            step: Some(f64::from(rev)),
            node_title: format!("Pass {rev}\nof two"),
            mime: "image/jpeg",
            bytes: vec![u8::try_from(rev % 256).unwrap(); bytes].into(),
        }
    }

    fn job() -> JobId {
        JobId(Uuid::now_v7())
    }

    #[test]
    fn what_is_saved_comes_back() {
        let data = tempfile::tempdir().unwrap();
        let previews = Previews::new(data.path());
        let (one, other) = (job(), job());
        assert_eq!(previews.list(one), []);
        let kept: Vec<Preview> = (1..=24).map(|rev| preview(rev, rev as usize * 10)).collect();
        previews.save(one, || Some(kept.clone())).unwrap();
        let again = Previews::new(data.path());
        assert_eq!(again.list(one), kept.iter().map(Preview::view).collect::<Vec<_>>());
        assert_eq!(again.all(one), kept);
        assert_eq!(again.picture(one, Some(7)).unwrap().1, kept[6].bytes);
        assert_eq!(again.picture(one, None).unwrap().1, kept[23].bytes);
        assert_eq!(again.picture(one, Some(99)).unwrap().1, kept[23].bytes);
        assert_eq!(again.picture(other, None), None);
        again.put_away(&[one, other]);
        assert_eq!(again.list(one), []);
        again.bring_back(&[one, other]);
        assert_eq!(again.list(one).len(), 24);
        again.put_away(&[one]);
        again.sweep();
        again.bring_back(&[one]);
        assert_eq!(again.list(one), []);
        // Removed before it was its turn.
        again.save(one, || None).unwrap();
        assert_eq!(again.list(one), []);
    }

    #[test]
    fn they_are_bounded_and_the_oldest_go_first() {
        let data = tempfile::tempdir().unwrap();
        let previews = Previews::within(data.path(), 100_000);
        let jobs: Vec<JobId> = (0..40).map(|_| job()).collect();
        let size = || previews.files().iter().map(|file| file.bytes).sum::<u64>();
        for (n, job) in jobs.iter().enumerate() {
            previews.save(*job, || Some(vec![preview(1, 4_000), preview(2, 4_000)])).unwrap();
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 + n as u64);
            File::options()
                .write(true)
                .open(previews.path(*job))
                .unwrap()
                .set_modified(at)
                .unwrap();
            assert!(size() <= 100_000);
            // Saved once more, it counts once.
            previews.save(*job, || Some(vec![preview(1, 4_000), preview(3, 4_000)])).unwrap();
            File::options()
                .write(true)
                .open(previews.path(*job))
                .unwrap()
                .set_modified(at)
                .unwrap();
        }
        let left: Vec<bool> = jobs.iter().map(|job| !previews.list(*job).is_empty()).collect();
        let first = left.iter().position(|left| *left).unwrap();
        assert!(left[first..].iter().all(|left| *left), "{left:?}");
        assert!(size() > 80_000 && left.len() - first >= 10, "{left:?}");
    }

    #[test]
    fn of_a_job_with_large_ones_every_second_is_left_out() {
        let data = tempfile::tempdir().unwrap();
        let previews = Previews::new(data.path());
        let one = job();
        let large = (1..=8).map(|rev| preview(rev, 4 << 20)).collect();
        previews.save(one, || Some(large)).unwrap();
        let revs: Vec<u32> = previews.list(one).iter().map(|kept| kept.rev).collect();
        assert_eq!(revs, [1, 3, 5, 7]);
        let too_large = vec![preview(1, 40 << 20)];
        assert!(previews.save(one, || Some(too_large)).is_err());
        assert_eq!(previews.list(one).len(), 4, "what was there stays");
    }

    #[test]
    fn what_is_damaged_is_as_good_as_none() {
        let data = tempfile::tempdir().unwrap();
        let previews = Previews::new(data.path());
        let one = job();
        previews.save(one, || Some(vec![preview(1, 100), preview(2, 100)])).unwrap();
        let whole = fs::read(previews.path(one)).unwrap();
        for cut in 0..whole.len() {
            fs::write(previews.path(one), &whole[..cut]).unwrap();
            assert_eq!((previews.list(one), previews.picture(one, None)), (vec![], None));
        }
        let huge = br#"[{"rev":1,"step":null,"node_title":"","mime":"image/png","bytes":18446744073709551615}]"#;
        fs::write(previews.path(one), huge).unwrap();
        assert_eq!(previews.all(one), []);
        fs::remove_dir_all(data.path().join(FOLDER)).unwrap();
        fs::write(data.path().join(FOLDER), "no folder").unwrap();
        assert_eq!(previews.list(one), []);
        assert!(previews.save(one, || Some(vec![preview(1, 100)])).is_err());
        previews.put_away(&[one]);
        previews.sweep();
    }
}
