//! Contents that are not known yet: a file is found by its head, and read whole after that.

use super::{RootId, adding::HASH_HEAD, intern::joined, json_list, marks, packed::saturated};
use crate::{Result, Store};
use domain::AssetId;
use sqlx::{AssertSqlSafe, QueryBuilder, Row, Sqlite, SqliteConnection};
use std::collections::{HashMap, HashSet};

/// Assets changed by one statement.
const AT_ONCE: usize = 400;
/// What a stand-in begins with, and no hash does.
const STAND_IN: char = '~';

/// What stands for the hash of a content that nobody has read whole yet.
#[must_use]
pub fn stand_in(id: AssetId) -> String {
    // An id begins with its time and ends by chance; a hash begins by chance.
    let id = id.0.simple().to_string();
    let (time, chance) = id.split_at(id.len() / 2 + 4);
    format!("{STAND_IN}{chance}{time}")
}

/// Whether this stands for a hash that is not known yet.
#[must_use]
pub fn is_stand_in(hash: &str) -> bool {
    hash.starts_with(STAND_IN)
}

/// A file that nobody has read whole yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadFile {
    /// Its asset.
    pub seq: u32,
    /// What stands for its hash.
    pub stand_in: String,
    /// Its path below the root.
    pub path: Vec<u8>,
    /// The file's size when its head was read.
    pub bytes: u64,
    /// When the file was last written then, in nanoseconds since 1970.
    pub mtime: Option<i64>,
}

impl Store {
    /// How many [`Store::unread_files`] there are.
    pub async fn count_unread(&self, root: RootId) -> Result<u32> {
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM asset INDEXED BY asset_unread
                JOIN place ON place.asset = seq AND NOT place.missing
                JOIN folder ON folder.id = place.folder
            WHERE hash >= '~' AND folder.root = ?",
        )
        .bind(root.0)
        .fetch_one(&self.read)
        .await?;
        Ok(saturated(count))
    }

    /// Files below a root that nobody has read whole yet and that were there when they were last looked
    /// for, in the order of their numbers, behind `after`.
    pub async fn unread_files(
        &self,
        root: RootId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<UnreadFile>> {
        let found = sqlx::query(
            "SELECT seq, hash, folder.path AS folder, place.name, place.bytes, place.mtime
            FROM asset INDEXED BY asset_unread JOIN place ON place.asset = seq AND NOT place.missing
                JOIN folder ON folder.id = place.folder
            WHERE hash >= '~' AND seq > ? AND folder.root = ? ORDER BY seq LIMIT ?",
        )
        .bind(after)
        .bind(root.0)
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        let file = |row: &sqlx::sqlite::SqliteRow| -> Result<UnreadFile> {
            let path = joined(row.try_get("folder")?, row.try_get("name")?);
            Ok(UnreadFile {
                seq: saturated(row.try_get("seq")?),
                stand_in: row.try_get("hash")?,
                path,
                bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
                mtime: row.try_get("mtime")?,
            })
        };
        found.iter().map(file).collect()
    }

    /// Says what the contents of assets are, all or nothing. One whose content is another asset's is
    /// that asset from now on: its places and its marks go there. Answers with these, and the assets
    /// that they are now.
    pub async fn set_contents(&self, contents: &[(u32, String)]) -> Result<Vec<(u32, u32)>> {
        let mut tx = self.write.begin().await?;
        let hashes: Vec<&str> = contents.iter().map(|(_, hash)| hash.as_str()).collect();
        let known = with_hashes(&mut tx, &hashes).await?;
        let mut known: HashMap<&str, i64> =
            known.iter().map(|(hash, (seq, _))| (hash.as_str(), *seq)).collect();
        // What was read whole meanwhile, or is gone, is left alone.
        let unread: HashSet<u32> = sqlx::query_scalar(
            "SELECT seq FROM asset WHERE hash >= '~' AND seq IN (SELECT value FROM json_each(?))",
        )
        .bind(json_list(contents.iter().map(|(seq, _)| seq)))
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .collect();
        let (mut read, mut merged) = (Vec::with_capacity(contents.len()), Vec::new());
        for (seq, hash) in contents.iter().filter(|(seq, _)| unread.contains(seq)) {
            match known.get(hash.as_str()) {
                Some(same) => merged.push((*seq, saturated(*same))),
                None => {
                    read.push((i64::from(*seq), hash.as_str()));
                    known.insert(hash, i64::from(*seq));
                }
            }
        }
        put(&mut tx, &read).await?;
        for (seq, same) in &merged {
            merge(&mut tx, (*seq).into(), (*same).into()).await?;
        }
        tx.commit().await?;
        Ok(merged)
    }
}

impl Store {
    /// Folders of a root with files that vanished before anybody had read them whole, of which neither
    /// the artist nor a job said something, and their paths below the root.
    pub async fn ghost_folders(&self, root: RootId) -> Result<Vec<(i64, Vec<u8>)>> {
        let text =
            format!("SELECT DISTINCT folder.id, folder.path FROM {GHOSTS} AND folder.root = ?");
        Ok(sqlx::query_as(AssertSqlSafe(text)).bind(root.0).fetch_all(&self.read).await?)
    }

    /// Forgets such files of these folders. Answers with how many there were.
    pub async fn forget_ghosts(&self, folders: &[i64]) -> Result<u32> {
        let text =
            format!("DELETE FROM asset WHERE seq IN (SELECT seq FROM {GHOSTS} AND folder.id = ?)");
        let mut tx = self.write.begin().await?;
        let mut forgotten = 0;
        for folder in folders {
            let done =
                sqlx::query(AssertSqlSafe(text.clone())).bind(folder).execute(&mut *tx).await?;
            forgotten += done.rows_affected();
        }
        tx.commit().await?;
        Ok(u32::try_from(forgotten).unwrap_or(u32::MAX))
    }
}

/// Files that vanished before anybody had read them whole.
const GHOSTS: &str = "asset INDEXED BY asset_unread JOIN place ON place.asset = seq
    JOIN folder ON folder.id = place.folder
    WHERE hash >= '~' AND place.missing
        AND job_id IS NULL AND rating = 0 AND NOT favourite AND flag = 0
        AND binned_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM place AS other WHERE other.asset = seq AND NOT missing)
        AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE asset_tag.asset = seq)
        AND NOT EXISTS (SELECT 1 FROM collection_asset AS c WHERE c.asset = seq)";

/// The assets with these hashes. Of several with one content, from before they were one, the first.
pub(super) async fn with_hashes(
    connection: &mut SqliteConnection,
    hashes: &[&str],
) -> Result<HashMap<String, (i64, AssetId)>> {
    let mut known = HashMap::new();
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT seq, id, hash FROM asset WHERE substr(hash, 1, 16) IN (",
    );
    let mut separated = query.separated(", ");
    for hash in hashes {
        separated.push_bind(hash.get(..HASH_HEAD).unwrap_or(hash));
    }
    query.push(") ORDER BY seq DESC");
    for row in query.build().fetch_all(connection).await? {
        let asset = (row.try_get("seq")?, crate::rows::id(row.try_get("id")?)?);
        known.insert(row.try_get("hash")?, asset);
    }
    Ok(known)
}

/// Says what the contents of assets are.
pub(super) async fn put(connection: &mut SqliteConnection, read: &[(i64, &str)]) -> Result<()> {
    for chunk in read.chunks(AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new("WITH content (seq, hash) AS (");
        query.push_values(chunk, |mut row, (seq, hash)| {
            row.push_bind(seq).push_bind(hash);
        });
        query.push(
            ") UPDATE asset SET hash = content.hash FROM content WHERE asset.seq = content.seq",
        );
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Makes an asset a part of another one that has the same content. Together they are in the bin only if
/// both were: what the artist kept is not deleted with a copy that was thrown away.
pub(super) async fn merge(connection: &mut SqliteConnection, from: i64, to: i64) -> Result<()> {
    marks::take_over(connection, from, to).await?;
    for step in [
        "UPDATE asset SET recipe = coalesce(asset.recipe, other.recipe),
            phash = coalesce(asset.phash, other.phash),
            binned_at = iif(other.binned_at IS NULL, NULL, asset.binned_at),
            preview = asset.preview AND other.preview
            FROM asset AS other WHERE asset.seq = ?2 AND other.seq = ?1",
        "INSERT INTO damage (asset, text) SELECT ?2, text FROM damage WHERE asset = ?1
            ON CONFLICT (asset) DO NOTHING",
        "UPDATE place SET asset = ?2 WHERE asset = ?1",
        "UPDATE made SET asset = ?2 WHERE asset = ?1",
        "DELETE FROM asset WHERE seq = ?1",
    ] {
        sqlx::query(step).bind(from).bind(to).execute(&mut *connection).await?;
    }
    Ok(())
}
