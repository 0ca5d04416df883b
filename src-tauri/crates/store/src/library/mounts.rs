//! Mounts: folders below a root that have a file system of their own.

use super::RootId;
use crate::{Result, Store};
use sqlx::Row;

/// A folder below a root that is, or was, a mount of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MountRow {
    /// Its path below the root, with `/` between.
    pub path: Vec<u8>,
    /// Nothing is mounted there now: its files are away.
    pub away: bool,
}

impl Store {
    /// The mounts below a root, ordered by path.
    pub async fn mounts(&self, root: RootId) -> Result<Vec<MountRow>> {
        sqlx::query("SELECT path, away FROM mount WHERE root = ? ORDER BY path")
            .bind(root.0)
            .fetch_all(&self.read)
            .await?
            .iter()
            .map(|row| Ok(MountRow { path: row.try_get("path")?, away: row.try_get("away")? }))
            .collect()
    }

    /// Says which mounts there are below a root, all or nothing. The files below those that are away are
    /// away, too; as with [`Store::set_root_away`] they are in no list of changes.
    pub async fn set_mounts(&self, root: RootId, mounts: &[MountRow]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        let here = mounts.iter().filter(|mount| !mount.away).map(|mount| &mount.path);
        let mut back = false;
        for path in here {
            back |= sqlx::query_scalar("SELECT 1 FROM mount WHERE root = ? AND path = ? AND away")
                .bind(root.0)
                .bind(path)
                .fetch_optional(&mut *tx)
                .await?
                .is_some_and(|_: i64| true);
        }
        if back {
            // What is on it was passed over where recipes were read anew.
            sqlx::query("UPDATE recipe_rules SET up_to = 0 WHERE root = ? AND up_to IS NOT NULL")
                .bind(root.0)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("DELETE FROM mount WHERE root = ?").bind(root.0).execute(&mut *tx).await?;
        for mount in mounts {
            sqlx::query("INSERT INTO mount (root, path, away) VALUES (?, ?, ?)")
                .bind(root.0)
                .bind(&mount.path)
                .bind(mount.away)
                .execute(&mut *tx)
                .await?;
        }
        // Joined, two blobs are a text.
        sqlx::query(
            "UPDATE folder SET away = EXISTS (
                SELECT 1 FROM mount WHERE mount.root = folder.root AND mount.away
                    AND (mount.path = folder.path OR CAST(mount.path || '/' AS BLOB)
                        = substr(folder.path, 1, length(mount.path) + 1)))
            WHERE root = ?",
        )
        .bind(root.0)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }
}
