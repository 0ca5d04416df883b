//! Places: where contents lie.

use super::{
    RootId,
    intern::{Interned, joined, split},
    json_list,
    packed::{Fields, lines, saturated},
    writing::Writing,
};
use crate::{Result, Store};
use sqlx::{Row, SqliteConnection};
use std::collections::{HashMap, HashSet};

/// Folders whose places are packed together.
const FOLDERS_AT_ONCE: usize = 500;

/// Whether a file can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceState {
    /// It was there when it was last looked at.
    Here,
    /// Its root is not there, or the mount below it that it is on.
    Away,
    /// Its root is there, and it is not.
    Missing,
}

/// A place of an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// Its root.
    pub root: RootId,
    /// The root's path.
    pub root_path: Vec<u8>,
    /// The path below it, with `/` between.
    pub path: Vec<u8>,
    /// The file's size.
    pub bytes: u64,
    /// When the file was last written, in nanoseconds since 1970, if that is known.
    pub mtime: Option<i64>,
    /// Whether it can be reached.
    pub state: PlaceState,
}

/// What is known of the files of a folder, to compare it with what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderPlaces {
    names: Vec<u8>,
    files: Vec<(u32, u32, PlaceFile)>,
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceFile {
    /// Its size.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970, if that is known.
    pub mtime: Option<i64>,
    /// Its number in its file system, if that is known.
    pub inode: Option<u64>,
    /// Its asset.
    pub asset: u32,
    /// It was not there when it was last looked for.
    pub missing: bool,
}

impl FolderPlaces {
    /// What is known of a file, by its name.
    pub fn get(&self, name: &[u8]) -> Option<PlaceFile> {
        let at = self.files.binary_search_by(|file| self.name(file).cmp(name)).ok()?;
        Some(self.files[at].2)
    }

    /// Every file, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], PlaceFile)> {
        self.files.iter().map(|file| (self.name(file), file.2))
    }

    /// How many files are known.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    fn name(&self, (from, to, _): &(u32, u32, PlaceFile)) -> &[u8] {
        &self.names[*from as usize..*to as usize]
    }

    fn unpack(packed: &[u8]) -> Result<Self> {
        let mut folder = Self::default();
        for line in lines(packed, b'/') {
            let mut fields = Fields::new(line);
            let file = PlaceFile {
                asset: fields.u32()?,
                bytes: fields.int()?.unsigned_abs(),
                mtime: fields.maybe_int()?,
                missing: fields.int()? != 0,
                inode: fields.maybe_int()?.map(i64::cast_unsigned),
            };
            // A folder has far fewer than four thousand million bytes of names: SQLite gives no value
            // of more than a thousand million.
            let from = u32::try_from(folder.names.len()).unwrap_or(u32::MAX);
            folder.names.extend_from_slice(fields.rest());
            let to = u32::try_from(folder.names.len()).unwrap_or(u32::MAX);
            folder.files.push((from, to, file));
        }
        let Self { names, files } = &mut folder;
        let name = |file: &(u32, u32, PlaceFile)| &names[file.0 as usize..file.1 as usize];
        if !files.is_sorted_by(|a, b| name(a) <= name(b)) {
            files.sort_by(|a, b| name(a).cmp(name(b)));
        }
        Ok(folder)
    }
}

impl Store {
    /// What is known of all files below a root, by folder (the path below the root, `/` between, empty
    /// for the root itself).
    pub async fn root_places(&self, root: RootId) -> Result<HashMap<Vec<u8>, FolderPlaces>> {
        self.folder_places(self.folders(root).await?).await
    }

    /// What is known of files below parts of a root: folders with all below them, and single files. In
    /// the form of [`Store::root_places`]; folders of single files are given whole.
    pub async fn root_places_in(
        &self,
        root: RootId,
        parts: &[Vec<u8>],
    ) -> Result<HashMap<Vec<u8>, FolderPlaces>> {
        let mut folders = self.folders(root).await?;
        let holders: HashSet<&[u8]> = parts.iter().map(|part| split(part).0).collect();
        let wanted: HashSet<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        folders.retain(|(_, path)| {
            let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
            holders.contains(path.as_slice())
                || wanted.contains(path.as_slice())
                || slashes.map(|(at, _)| &path[..at]).any(|above| wanted.contains(above))
        });
        self.folder_places(folders).await
    }

    pub(super) async fn folders(&self, root: RootId) -> Result<Vec<(i64, Vec<u8>)>> {
        sqlx::query("SELECT id, path FROM folder WHERE root = ?")
            .bind(root.0)
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(|row| Ok((row.try_get("id")?, row.try_get("path")?)))
            .collect()
    }

    async fn folder_places(
        &self,
        folders: Vec<(i64, Vec<u8>)>,
    ) -> Result<HashMap<Vec<u8>, FolderPlaces>> {
        let mut places = HashMap::with_capacity(folders.len());
        for chunk in folders.chunks(FOLDERS_AT_ONCE) {
            // No file name has a slash in it, so it ends a file's line.
            let packed = sqlx::query(
                "SELECT folder, CAST(group_concat(
                    concat_ws(',', asset, bytes, ifnull(mtime, ''), missing, ifnull(inode, ''), name),
                    '/') AS BLOB) AS files
                FROM place WHERE folder IN (SELECT value FROM json_each(?)) GROUP BY folder",
            )
            .bind(json_list(chunk.iter().map(|(id, _)| id)))
            .fetch_all(&self.read)
            .await?;
            let mut files = HashMap::with_capacity(packed.len());
            for row in &packed {
                files.insert(row.try_get::<i64, _>("folder")?, row.try_get::<&[u8], _>("files")?);
            }
            for (id, path) in chunk {
                if let Some(files) = files.get(id) {
                    places.insert(path.clone(), FolderPlaces::unpack(files)?);
                }
            }
        }
        Ok(places)
    }

    /// Marks files below a root as not there, or as there again. Answers with how many changed.
    pub async fn set_missing(&self, root: RootId, paths: &[Vec<u8>], missing: bool) -> Result<u32> {
        let mut tx = self.write.begin().await?;
        let mut changed = 0;
        for path in paths {
            let (folder, name) = split(path);
            changed += sqlx::query(
                "UPDATE place SET missing = ?1 WHERE missing <> ?1 AND name = ?2
                    AND folder = (SELECT id FROM folder WHERE root = ?3 AND path = ?4)",
            )
            .bind(missing)
            .bind(name)
            .bind(root.0)
            .bind(folder)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        }
        tx.commit().await?;
        Ok(u32::try_from(changed).unwrap_or(u32::MAX))
    }

    /// Remembers the numbers that files below a root have in their file system.
    pub async fn set_inodes(&self, root: RootId, files: &[(Vec<u8>, u64)]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        for (path, inode) in files {
            let (folder, name) = split(path);
            sqlx::query(
                "UPDATE place SET inode = ? WHERE name = ?
                    AND folder = (SELECT id FROM folder WHERE root = ? AND path = ?)",
            )
            .bind(inode.cast_signed())
            .bind(name)
            .bind(root.0)
            .bind(folder)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Moves places below a root, all or none, for files that were renamed: from the first path to the
    /// second. What was known of a file at the second path is forgotten. Answers with how many
    /// moved.
    pub async fn move_places(&self, root: RootId, moves: &[(Vec<u8>, Vec<u8>)]) -> Result<u32> {
        let mut tx = self.write.begin().await?;
        let mut interned = Interned::default();
        let mut moved = 0;
        for (from, to) in moves {
            let (from_folder, from_name) = split(from);
            let (to_folder, to_name) = split(to);
            if from == to {
                continue;
            }
            let to_folder = interned.folder(&mut Writing::new(&mut tx), root, to_folder).await?;
            // Only where something comes: a name that is not known moves nothing.
            sqlx::query(
                "DELETE FROM place WHERE folder = ? AND name = ? AND EXISTS (
                    SELECT 1 FROM place WHERE name = ?
                        AND folder = (SELECT id FROM folder WHERE root = ? AND path = ?))",
            )
            .bind(to_folder)
            .bind(to_name)
            .bind(from_name)
            .bind(root.0)
            .bind(from_folder)
            .execute(&mut *tx)
            .await?;
            moved += sqlx::query(
                "UPDATE place SET folder = ?, name = ?, missing = 0 WHERE name = ?
                    AND folder = (SELECT id FROM folder WHERE root = ? AND path = ?)",
            )
            .bind(to_folder)
            .bind(to_name)
            .bind(from_name)
            .bind(root.0)
            .bind(from_folder)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        }
        tx.commit().await?;
        Ok(u32::try_from(moved).unwrap_or(u32::MAX))
    }

    /// Forgets places below a root that are missing, where the same content lies elsewhere: the file was
    /// moved. Answers with how many there were.
    pub async fn forget_moved(&self, root: RootId) -> Result<u32> {
        let done = sqlx::query(
            "DELETE FROM place WHERE missing AND folder IN (SELECT id FROM folder WHERE root = ?)
                AND EXISTS (SELECT 1 FROM place AS other
                    WHERE other.asset = place.asset AND NOT other.missing)",
        )
        .bind(root.0)
        .execute(&self.write)
        .await?;
        Ok(u32::try_from(done.rows_affected()).unwrap_or(u32::MAX))
    }

    /// Forgets that files lie below a root; what lies nowhere any more stays in the library as missing.
    pub async fn forget_places(&self, root: RootId, paths: &[Vec<u8>]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        for path in paths {
            let (folder, name) = split(path);
            sqlx::query(
                "DELETE FROM place WHERE name = ?
                    AND folder = (SELECT id FROM folder WHERE root = ? AND path = ?)",
            )
            .bind(name)
            .bind(root.0)
            .bind(folder)
            .execute(&mut *tx)
            .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Where assets lie, those first that can be reached. By asset.
    pub async fn places(&self, assets: &[u32]) -> Result<HashMap<u32, Vec<PlaceRow>>> {
        let mut connection = self.read.acquire().await?;
        read(&mut connection, assets).await
    }

    /// How many files these assets have besides one for each.
    pub async fn copies(&self, assets: &[u32]) -> Result<u32> {
        let row = sqlx::query(
            "SELECT count(*) - count(DISTINCT asset) AS copies FROM place
            WHERE NOT missing AND asset IN (SELECT value FROM json_each(?))",
        )
        .bind(json_list(assets))
        .fetch_one(&self.read)
        .await?;
        Ok(saturated(row.try_get("copies")?))
    }
}

/// The places of assets, those first that can be reached, then as paths are ordered.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    assets: &[u32],
) -> Result<HashMap<u32, Vec<PlaceRow>>> {
    let found = sqlx::query(
        "SELECT asset, root.id AS root, root.path AS root_path, folder.path AS folder, place.name,
            bytes, mtime, missing, root.away OR folder.away AS away
        FROM place JOIN folder ON folder.id = place.folder JOIN root ON root.id = folder.root
        WHERE asset IN (SELECT value FROM json_each(?))
        ORDER BY asset, missing, root.away OR folder.away, root.id, folder.path, place.name",
    )
    .bind(json_list(assets))
    .fetch_all(connection)
    .await?;
    let mut places: HashMap<u32, Vec<PlaceRow>> = HashMap::with_capacity(assets.len());
    for row in &found {
        let path = joined(row.try_get("folder")?, row.try_get("name")?);
        places.entry(saturated(row.try_get("asset")?)).or_default().push(PlaceRow {
            root: RootId(row.try_get("root")?),
            root_path: row.try_get("root_path")?,
            path,
            bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
            mtime: row.try_get("mtime")?,
            state: if row.try_get("away")? {
                PlaceState::Away
            } else if row.try_get("missing")? {
                PlaceState::Missing
            } else {
                PlaceState::Here
            },
        });
    }
    Ok(places)
}
