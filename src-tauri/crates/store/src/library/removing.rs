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

    /// Takes an imported root out of the library: its places, and the assets that lie nowhere else. The
    /// files stay. Answers with the numbers of the assets that are gone.
    pub async fn remove_root(&self, root: RootId) -> Result<Vec<u32>> {
        let mut tx = self.write.begin().await?;
        let gone: Vec<u32> = sqlx::query_scalar(
            "SELECT DISTINCT asset FROM folder JOIN place ON place.folder = folder.id
            WHERE folder.root = ?1 AND NOT EXISTS (
                SELECT 1 FROM place AS other JOIN folder AS elsewhere ON elsewhere.id = other.folder
                WHERE other.asset = place.asset AND elsewhere.root <> ?1)",
        )
        .bind(root.0)
        .fetch_all(&mut *tx)
        .await?;
        delete(&mut tx, &gone).await?;
        for statement in [
            "DELETE FROM place WHERE folder IN (SELECT id FROM folder WHERE root = ?)",
            "DELETE FROM folder WHERE root = ?",
            "DELETE FROM root WHERE id = ?",
        ] {
            sqlx::query(statement).bind(root.0).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(gone)
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
