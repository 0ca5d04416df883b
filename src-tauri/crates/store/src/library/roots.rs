//! Roots: folders whose files are in the library.

use crate::{Result, Store, StoreError, rows};
use sqlx::{Row, sqlite::SqliteRow};

/// The number of a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RootId(pub i64);

/// What a root is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RootKind {
    /// Outputs of our jobs are or were written there.
    Own,
    /// The artist added it.
    Imported,
}

impl RootKind {
    fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Imported => "imported",
        }
    }
}

/// A root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootRow {
    /// Its number.
    pub id: RootId,
    /// What it is.
    pub kind: RootKind,
    /// Its path, byte for byte.
    pub path: Vec<u8>,
    /// It is watched for changes.
    pub watched: bool,
    /// The artist paused what is done there.
    pub paused: bool,
    /// It is not there: a drive that is not plugged in, a share that does not answer.
    pub away: bool,
    /// When it was added.
    pub added_at: i64,
    /// When it was last walked through to the end.
    pub scanned_at: Option<i64>,
    /// Assets with a place below it.
    pub assets: u32,
}

fn root(row: &SqliteRow) -> Result<RootRow> {
    Ok(RootRow {
        id: RootId(row.try_get("id")?),
        kind: match row.try_get("kind")? {
            "own" => RootKind::Own,
            _ => RootKind::Imported,
        },
        path: row.try_get("path")?,
        watched: row.try_get("watched")?,
        paused: row.try_get("paused")?,
        away: row.try_get("away")?,
        added_at: row.try_get("added_at")?,
        scanned_at: row.try_get("scanned_at")?,
        assets: rows::count(row, "assets")?,
    })
}

impl Store {
    /// Adds a root, or finds the one with this path. An imported one becomes our own if outputs are
    /// written there from now on, never the other way round.
    ///
    /// # Errors
    /// When the one with this path is being taken out of the library.
    pub async fn put_root(&self, kind: RootKind, path: &[u8], at: i64) -> Result<RootId> {
        let mut tx = self.write.begin().await?;
        let id = put(&mut tx, kind, path, at).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Every root that does not leave, in the order they were added. Places are counted: not for every key press.
    pub async fn roots(&self) -> Result<Vec<RootRow>> {
        let found = sqlx::query(
            "SELECT root.*, (SELECT count(*) FROM folder JOIN place ON place.folder = folder.id
                WHERE folder.root = root.id) AS assets
            FROM root WHERE NOT leaving ORDER BY id",
        )
        .fetch_all(&self.read)
        .await?;
        found.iter().map(root).collect()
    }

    /// Sets whether a root is watched.
    pub async fn set_root_watched(&self, id: RootId, watched: bool) -> Result<()> {
        self.set_root("UPDATE root SET watched = ? WHERE id = ?", watched, id).await
    }

    /// Sets whether what is done at a root is paused.
    pub async fn set_root_paused(&self, id: RootId, paused: bool) -> Result<()> {
        self.set_root("UPDATE root SET paused = ? WHERE id = ?", paused, id).await
    }

    /// Sets whether a root is away. Its assets are in no list of changes for that: there may be a
    /// million of them; see [`AssetColumns::root`](crate::AssetColumns::root).
    pub async fn set_root_away(&self, id: RootId, away: bool) -> Result<()> {
        self.set_root("UPDATE root SET away = ? WHERE id = ?", away, id).await
    }

    async fn set_root(&self, update: &'static str, value: bool, id: RootId) -> Result<()> {
        sqlx::query(update).bind(value).bind(id.0).execute(&self.write).await?;
        Ok(())
    }

    /// Remembers that a root was walked through to the end.
    pub async fn set_root_scanned(&self, id: RootId, at: i64) -> Result<()> {
        sqlx::query("UPDATE root SET scanned_at = ? WHERE id = ?")
            .bind(at)
            .bind(id.0)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Gives a root another path: its files were moved there together. It is no longer away.
    ///
    /// # Errors
    /// When another root has this path, or there is no such root.
    pub async fn relocate_root(&self, id: RootId, path: &[u8]) -> Result<()> {
        let moved = sqlx::query("UPDATE root SET path = ?, away = 0 WHERE id = ?")
            .bind(path)
            .bind(id.0)
            .execute(&self.write)
            .await;
        match moved {
            Ok(done) if done.rows_affected() > 0 => Ok(()),
            Ok(_) => Err(StoreError::Value(format!("there is no library folder {}", id.0))),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Err(StoreError::Taken(String::from_utf8_lossy(path).into_owned()))
            }
            Err(error) => Err(error.into()),
        }
    }
}

pub(super) async fn put(
    connection: &mut sqlx::SqliteConnection,
    kind: RootKind,
    path: &[u8],
    at: i64,
) -> Result<RootId> {
    let (id, leaving) = sqlx::query_as(
        "INSERT INTO root (kind, path, added_at) VALUES (?, ?, ?) ON CONFLICT (path)
        DO UPDATE SET kind = iif(excluded.kind = 'own', 'own', kind) RETURNING id, leaving",
    )
    .bind(kind.name())
    .bind(path)
    .bind(at)
    .fetch_one(connection)
    .await?;
    if leaving {
        return Err(StoreError::Leaving(String::from_utf8_lossy(path).into_owned()));
    }
    Ok(RootId(id))
}
