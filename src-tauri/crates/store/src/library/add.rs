//! What is added to the library.

use super::{
    Kind, NewParam, RootId, adding::Adding, json_list, looks, marks, packed::saturated, removing,
    writing::Writing,
};
use crate::{Result, Store};
use domain::{AssetId, BatchId, JobId, PictureFacts, WorkflowHash};
use sqlx::{Connection, Row, SqliteConnection};
use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};

/// Files that are worth it to set SQLite up for them.
const MANY: usize = 100;
/// What a statement would go back to stays in memory, and pages that are written by one transaction after
/// another are carried over into the database once. Not as usual: a statement may change all rows, and
/// what is only in the log may be lost with the power until it is carried over, other changes among it.
const FOR_MANY: &str = "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 16000";
/// Between two such transactions of an import. Any small one would carry all over else, and wait for the disk.
const BETWEEN: &str = "PRAGMA temp_store = DEFAULT";
/// Once it is over. What is in the log is carried over at once.
const AS_USUAL: &str = "PRAGMA wal_autocheckpoint = 1000; PRAGMA wal_checkpoint(PASSIVE)";
/// Assets that are looked up together.
const AT_ONCE: usize = 1_000;

/// A file to add: an output, or one that was imported.
#[derive(Clone, Debug, PartialEq)]
pub struct NewAsset {
    /// Its id, if its content is new.
    pub id: AssetId,
    /// What it is.
    pub kind: Kind,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// BLAKE3 of the content, as hex digits, or [`stand_in`](crate::stand_in) where it was not read.
    pub hash: String,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// When it comes to the library.
    pub added_at: i64,
    /// How long it took to make, in milliseconds.
    pub took_ms: Option<i64>,
    /// Whether a practice engine drew it.
    pub practice: bool,
    /// Whether a preview node made it on the way, beside its run's outputs.
    pub preview: bool,
    /// The server's name at that time.
    pub server_name: Option<String>,
    /// A readable name.
    pub title: String,
    /// The output that it is; nothing if it is imported.
    pub made: Option<NewMade>,
    /// What made it, if that is known. Shared: a batch has one of many pictures.
    pub recipe: Option<Arc<NewRecipe>>,
    /// 64 bits that similar pictures share most of.
    pub phash: Option<u64>,
    /// What is wrong with it although it can be added, as a sentence.
    pub damage: Option<String>,
    /// Where it lies.
    pub place: NewPlace,
}

/// Which output an asset is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMade {
    /// The job.
    pub job_id: JobId,
    /// The node that made it.
    pub node_id: String,
    /// Its number among the outputs of that node.
    pub ordinal: u32,
    /// The job's batch.
    pub batch: BatchId,
}

/// Where a file lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlace {
    /// Below which root.
    pub root: RootId,
    /// The path below it with `/` between, byte for byte.
    pub path: Vec<u8>,
    /// The file's size.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub mtime: Option<i64>,
    /// Its number in its file system, if that stays the same.
    pub inode: Option<u64>,
}

/// What made an asset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewRecipe {
    /// What tells it apart: one saving node of one prompt, or one text of parameters. A recipe that is
    /// there already stays as it is.
    pub digest: String,
    /// What the graph says.
    pub facts: PictureFacts,
    /// The prompt, by its hash, if there is one. It need not be stored.
    pub workflow: Option<WorkflowHash>,
    /// The structure of the graph.
    pub structure: Option<String>,
    /// It begins with other pictures.
    pub sources: bool,
    /// The workflow is known, in the database or in the file, so that it can be run again.
    pub rerunnable: bool,
    /// Every widget value of every node; nothing if nobody has looked yet.
    pub params: Option<Vec<NewParam>>,
}

/// How a file came to the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// As a new asset.
    New,
    /// As a further place of an asset, or a further output that is the same.
    Again,
    /// It was there already, at this place and as this output.
    Known,
}

/// What became of an added file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its asset's number.
    pub seq: u32,
    /// Its asset's id.
    pub id: AssetId,
    /// How it came.
    pub came: Came,
    /// Nothing was known of its place.
    pub placed: bool,
    /// The asset that lay at this place until now: the file was changed by another program.
    pub replaced: Option<u32>,
    /// The hash of the replaced asset, if that is gone.
    pub forgot: Option<String>,
}

impl Added {
    /// One that was there already, and stays as it is.
    pub(super) fn known(seq: u32, id: AssetId) -> Self {
        Self { seq, id, came: Came::Known, placed: false, replaced: None, forgot: None }
    }
}

impl Store {
    /// Adds files, all or nothing. A content that is there already gets a further place; an output that
    /// is there already, by job, node and number, is left as it is. One that was not read whole is new;
    /// [`Store::set_contents`] tells later what it is. Answers in the order given.
    ///
    /// A new content that no job made, in the place of another, is a file that was edited: it has the
    /// marks of the other one, which is let go of if it lies nowhere any more and no job made it. What a
    /// job made stays in its story.
    ///
    /// Thousands at once are best: they share a transaction. [`Store::added_many`] is to be called behind the
    /// last of them.
    ///
    /// # Errors
    /// When a root or a job is not there, or the database cannot be written; nothing is added then.
    pub async fn add_to_library(&self, assets: &[NewAsset]) -> Result<Vec<Added>> {
        let mut connection = self.write.acquire().await?;
        let many = assets.len() >= MANY;
        if many {
            self.many.store(true, Ordering::Relaxed);
            sqlx::raw_sql(FOR_MANY).execute(&mut *connection).await?;
        }
        let added = add_all(&mut connection, assets).await;
        if many && let Err(error) = sqlx::raw_sql(BETWEEN).execute(&mut *connection).await {
            // What became of the files does not depend on it.
            tracing::warn!(%error, "SQLite stays set up for many files");
        }
        added
    }

    /// No more files are added for now: SQLite carries its log over as usual again.
    pub async fn added_many(&self) -> Result<()> {
        if self.many.swap(false, Ordering::Relaxed) {
            let mut connection = self.write.acquire().await?;
            sqlx::raw_sql(AS_USUAL).execute(&mut *connection).await?;
        }
        Ok(())
    }
}

/// Adds files in one transaction.
async fn add_all(connection: &mut SqliteConnection, assets: &[NewAsset]) -> Result<Vec<Added>> {
    let mut tx = connection.begin().await?;
    let mut added = add(&mut tx, assets, Contents::Once).await?;
    follow_edits(&mut tx, assets, &mut added).await?;
    let damaged = added.iter().zip(assets);
    let damaged = damaged.filter_map(|(added, asset)| Some((added.seq, asset.damage.as_deref()?)));
    looks::put_damage(&mut tx, damaged).await?;
    tx.commit().await?;
    Ok(added)
}

/// What is done about a content that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contents {
    /// It is one asset.
    Once,
    /// Each output is an asset of its own.
    Apart,
}

/// Adds files in a transaction of the caller's.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    assets: &[NewAsset],
    contents: Contents,
) -> Result<Vec<Added>> {
    let mut adding = Adding::begin(connection, contents).await?;
    let mut added = Vec::with_capacity(assets.len());
    let mut writing = Writing::new(connection);
    for chunk in assets.chunks(AT_ONCE) {
        adding.add(&mut writing, chunk, &mut added).await?;
    }
    adding.finish(writing).await?;
    Ok(added)
}

/// Gives contents the marks of those that they replaced, and lets go of these. In the transaction that
/// adds them: no later scan would know what replaced what.
async fn follow_edits(
    connection: &mut SqliteConnection,
    assets: &[NewAsset],
    added: &mut [Added],
) -> Result<()> {
    let mut replaced = Vec::new();
    for (asset, added) in assets.iter().zip(&*added) {
        // Another content that was known keeps its own marks, and so does an output that took a name.
        if let (Some(old), Came::New, None) = (added.replaced, added.came, &asset.made) {
            marks::take_over(connection, old.into(), added.seq.into()).await?;
            replaced.push(old);
        }
    }
    if replaced.is_empty() {
        return Ok(());
    }
    let found = sqlx::query(
        "SELECT seq, hash FROM asset WHERE seq IN (SELECT value FROM json_each(?))
            AND job_id IS NULL AND NOT EXISTS (SELECT 1 FROM place WHERE place.asset = seq)",
    )
    .bind(json_list(&replaced))
    .fetch_all(&mut *connection)
    .await?;
    let mut gone = HashMap::with_capacity(found.len());
    for row in &found {
        gone.insert(saturated(row.try_get("seq")?), row.try_get::<String, _>("hash")?);
    }
    let list: Vec<u32> = gone.keys().copied().collect();
    removing::delete(connection, &list).await?;
    for added in added {
        added.forgot = added.replaced.and_then(|old| gone.get(&old).cloned());
    }
    Ok(())
}
