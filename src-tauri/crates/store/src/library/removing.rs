//! Really deleting.

use super::{RootId, json_list, packed::saturated, params, places};
use crate::{Result, Store, rows};
use domain::AssetId;
use sqlx::{Row, SqliteConnection};

/// A place of an asset that was deleted. The file may still be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedPlace {
    /// The asset's number.
    pub seq: u32,
    /// The asset's id.
    pub id: AssetId,
    /// The root.
    pub root: RootId,
    /// The root's path.
    pub root_path: Vec<u8>,
    /// The path below it.
    pub path: Vec<u8>,
}

impl Store {
    /// Really deletes assets, with their marks and with recipes that no other asset has. Answers with
    /// where their files lie, which are left alone here.
    pub async fn delete_assets(&self, assets: &[u32]) -> Result<Vec<RemovedPlace>> {
        let mut tx = self.write.begin().await?;
        let found = sqlx::query(
            "SELECT seq, id FROM asset WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
        )
        .bind(json_list(assets))
        .fetch_all(&mut *tx)
        .await?;
        let mut lie = places::read(&mut tx, assets).await?;
        let mut removed = Vec::new();
        for row in &found {
            let (seq, id) = (saturated(row.try_get("seq")?), rows::id(row.try_get("id")?)?);
            for place in lie.remove(&seq).unwrap_or_default() {
                let (root, root_path, path) = (place.root, place.root_path, place.path);
                removed.push(RemovedPlace { seq, id, root, root_path, path });
            }
        }
        delete(&mut tx, assets).await?;
        tx.commit().await?;
        Ok(removed)
    }

    /// Begins to take a root out of the library: it is in no list of roots any more.
    pub async fn leave_root(&self, root: RootId) -> Result<()> {
        sqlx::query("UPDATE root SET leaving = 1 WHERE id = ?")
            .bind(root.0)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Roots that were not taken out to the end.
    pub async fn leaving_roots(&self) -> Result<Vec<RootId>> {
        let roots: Vec<i64> = sqlx::query_scalar("SELECT id FROM root WHERE leaving ORDER BY id")
            .fetch_all(&self.read)
            .await?;
        Ok(roots.into_iter().map(RootId).collect())
    }

    /// Takes up to `at_most` places of a root that leaves out of the library, with the assets that lie
    /// nowhere else; with the last places the root itself. The files stay. Answers with the numbers of
    /// the assets that are gone, or with nothing when the root is.
    ///
    /// Part by part, because whoever writes is waited for: a million places take long.
    pub async fn take_out(&self, root: RootId, at_most: u32) -> Result<Option<Vec<u32>>> {
        let mut tx = self.write.begin().await?;
        let places: Vec<(i64, Vec<u8>, u32)> = sqlx::query_as(
            "SELECT place.folder, place.name, place.asset FROM folder
                JOIN place ON place.folder = folder.id
            WHERE folder.root = (SELECT id FROM root WHERE id = ? AND leaving) LIMIT ?",
        )
        .bind(root.0)
        .bind(at_most)
        .fetch_all(&mut *tx)
        .await?;
        if places.is_empty() {
            for statement in [
                "DELETE FROM folder WHERE root = (SELECT id FROM root WHERE id = ? AND leaving)",
                "DELETE FROM root WHERE id = ? AND leaving",
            ] {
                sqlx::query(statement).bind(root.0).execute(&mut *tx).await?;
            }
            tx.commit().await?;
            return Ok(None);
        }
        let mut assets = Vec::with_capacity(places.len());
        for (folder, name, asset) in places {
            sqlx::query("DELETE FROM place WHERE folder = ? AND name = ?")
                .bind(folder)
                .bind(name)
                .execute(&mut *tx)
                .await?;
            assets.push(asset);
        }
        assets.sort_unstable();
        assets.dedup();
        let gone: Vec<u32> = sqlx::query_scalar(
            "SELECT value FROM json_each(?) AS left
            WHERE NOT EXISTS (SELECT 1 FROM place WHERE asset = left.value)",
        )
        .bind(json_list(&assets))
        .fetch_all(&mut *tx)
        .await?;
        delete(&mut tx, &gone).await?;
        tx.commit().await?;
        Ok(Some(gone))
    }
}

/// Deletes assets; what refers to them goes with them.
pub(super) async fn delete(connection: &mut SqliteConnection, assets: &[u32]) -> Result<()> {
    let list = json_list(assets);
    let recipes: Vec<Option<i64>> = sqlx::query_scalar(
        "DELETE FROM asset WHERE seq IN (SELECT value FROM json_each(?)) RETURNING recipe",
    )
    .bind(list)
    .fetch_all(&mut *connection)
    .await?;
    let mut recipes: Vec<i64> = recipes.into_iter().flatten().collect();
    recipes.sort_unstable();
    recipes.dedup();
    params::prune(connection, &recipes).await
}
