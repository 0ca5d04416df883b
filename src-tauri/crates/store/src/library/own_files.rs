//! Files in the folders of our own: gone through, and moved from one folder to another.

use super::{
    RootId,
    adding::whole,
    contents,
    intern::{Interned, joined, split},
    packed::saturated,
    writing::Writing,
};
use crate::{Result, Store};
use sqlx::Row;

/// A file in a folder of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// The number of its folder.
    folder: i64,
    /// Its root.
    pub root: RootId,
    /// The root's path.
    pub root_path: Vec<u8>,
    /// The path below it, with `/` between.
    pub path: Vec<u8>,
    /// Its asset.
    pub asset: u32,
    /// The asset's BLAKE3, as hex digits, or what stands for it until it was read whole.
    pub hash: String,
    /// The file's size.
    pub bytes: u64,
    /// When the file was last written, in nanoseconds since 1970, if that is known.
    pub mtime: Option<i64>,
    /// It was not there when it was last looked for.
    pub missing: bool,
}

/// A file that lies below another root now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceSwitch {
    /// Where it was.
    pub from: (RootId, Vec<u8>),
    /// Where it is.
    pub to: (RootId, Vec<u8>),
    /// Its size.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970; nothing: it is read again.
    pub mtime: Option<i64>,
    /// It is not there.
    pub missing: bool,
}

impl Store {
    /// Moves places from one root to another, all or nothing: the files lie there now. What was known of
    /// a file at the second path is forgotten. Answers, in the order asked, whether there was a place to
    /// move.
    pub async fn switch_places(&self, moves: &[PlaceSwitch]) -> Result<Vec<bool>> {
        let mut tx = self.write.begin().await?;
        let mut interned = Interned::default();
        let mut switched = Vec::with_capacity(moves.len());
        for PlaceSwitch { from, to, bytes, mtime, missing } in moves {
            let ((from_root, from), (to_root, to)) = (from, to);
            let (from_folder, from_name) = split(from);
            let (to_folder, to_name) = split(to);
            let found: Option<(i64, i64)> = sqlx::query_as(
                "SELECT folder, asset FROM place WHERE name = ?
                    AND folder = (SELECT id FROM folder WHERE root = ? AND path = ?)",
            )
            .bind(from_name)
            .bind(from_root.0)
            .bind(from_folder)
            .fetch_optional(&mut *tx)
            .await?;
            let Some((from_folder, asset)) = found else {
                switched.push(false);
                continue;
            };
            let to_folder =
                interned.folder(&mut Writing::new(&mut tx), *to_root, to_folder).await?;
            if (from_folder, from_name) != (to_folder, to_name) {
                // A scan found it there already, and did not read it whole: it is this one.
                let unread: Option<i64> = sqlx::query_scalar(
                    "SELECT asset FROM place JOIN asset ON seq = place.asset
                    WHERE folder = ? AND name = ? AND hash >= '~' AND asset <> ?",
                )
                .bind(to_folder)
                .bind(to_name)
                .bind(asset)
                .fetch_optional(&mut *tx)
                .await?;
                if let Some(unread) = unread {
                    // It is no copy that somebody made: in the bin it stays there.
                    sqlx::query(
                        "UPDATE asset SET binned_at = other.binned_at, preview = other.preview
                        FROM asset AS other WHERE asset.seq = ? AND other.seq = ?",
                    )
                    .bind(unread)
                    .bind(asset)
                    .execute(&mut *tx)
                    .await?;
                    contents::merge(&mut tx, unread, asset).await?;
                }
                sqlx::query("DELETE FROM place WHERE folder = ? AND name = ?")
                    .bind(to_folder)
                    .bind(to_name)
                    .execute(&mut *tx)
                    .await?;
            }
            sqlx::query(
                // The copy has another number in its file system; the next scan tells it.
                "UPDATE place SET folder = ?, name = ?, bytes = ?, mtime = ?, missing = ?,
                    inode = NULL
                WHERE folder = ? AND name = ?",
            )
            .bind(to_folder)
            .bind(to_name)
            .bind(whole(*bytes))
            .bind(*mtime)
            .bind(*missing)
            .bind(from_folder)
            .bind(from_name)
            .execute(&mut *tx)
            .await?;
            switched.push(true);
        }
        tx.commit().await?;
        Ok(switched)
    }

    /// Files in the folders of our own, in the order of the store, behind `after`: those of one root, or
    /// of all. What is missing is among them.
    pub async fn own_files(
        &self,
        root: Option<RootId>,
        after: Option<&OwnFile>,
        limit: u32,
    ) -> Result<Vec<OwnFile>> {
        let (folder, name) =
            after.map_or((0, Vec::new()), |file| (file.folder, split(&file.path).1.to_vec()));
        let found = sqlx::query(
            "SELECT place.folder AS number, folder.root, root.path AS root_path, folder.path AS folder,
                place.name, place.asset, asset.hash, place.bytes, place.mtime, place.missing
            FROM place JOIN folder ON folder.id = place.folder JOIN root ON root.id = folder.root
                JOIN asset ON asset.seq = place.asset
            WHERE (place.folder, place.name) > (?1, ?2)
                AND root.kind = 'own' AND (?3 IS NULL OR root.id = ?3)
            ORDER BY place.folder, place.name LIMIT ?4",
        )
        .bind(folder)
        .bind(name)
        .bind(root.map(|root| root.0))
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        let file = |row: &sqlx::sqlite::SqliteRow| -> Result<OwnFile> {
            let path = joined(row.try_get("folder")?, row.try_get("name")?);
            Ok(OwnFile {
                folder: row.try_get("number")?,
                root: RootId(row.try_get("root")?),
                root_path: row.try_get("root_path")?,
                path,
                asset: saturated(row.try_get("asset")?),
                hash: row.try_get("hash")?,
                bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
                mtime: row.try_get("mtime")?,
                missing: row.try_get("missing")?,
            })
        };
        found.iter().map(file).collect()
    }

    /// How many files lie in a root, missing ones among them, and their size in bytes.
    pub async fn root_total(&self, root: RootId) -> Result<(u32, u64)> {
        let row = sqlx::query(
            "SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes
            FROM folder JOIN place ON place.folder = folder.id WHERE folder.root = ?",
        )
        .bind(root.0)
        .fetch_one(&self.read)
        .await?;
        let bytes = row.try_get::<i64, _>("bytes")?.unsigned_abs();
        Ok((saturated(row.try_get("files")?), bytes))
    }

    /// Folders below a root that held files of the library at some time, by their paths.
    pub async fn root_folders(&self, root: RootId) -> Result<Vec<Vec<u8>>> {
        Ok(self.folders(root).await?.into_iter().map(|(_, path)| path).collect())
    }
}
