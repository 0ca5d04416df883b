//! Collections: filled by hand, or by a search that was saved.

use super::tags::normal;
use crate::{Result, Store, StoreError, rows};
use sqlx::Row;

/// A collection.
#[derive(Clone, Debug, PartialEq)]
pub struct CollectionRow {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The search that it is; nothing if it is filled by hand.
    pub search: Option<String>,
    /// Its place in the list.
    pub position: f64,
    /// When it was made.
    pub created_at: i64,
    /// Assets in it, without those in the bin; 0 for a search.
    pub assets: u32,
}

impl Store {
    /// Makes a collection, at the end of the list; with a search, a saved one. Answers with its number.
    ///
    /// # Errors
    /// When one of this name is there already, or nothing is in the name.
    pub async fn add_collection(&self, name: &str, search: Option<&str>, at: i64) -> Result<i64> {
        let (name, folded) = named(name)?;
        let added = sqlx::query_scalar(
            "INSERT INTO collection (name, folded, search, position, created_at)
            VALUES (?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM collection), ?) RETURNING id",
        )
        .bind(&name)
        .bind(folded)
        .bind(search)
        .bind(at)
        .fetch_one(&self.write)
        .await;
        added.map_err(|error| taken(error, name))
    }

    /// Every collection, in order.
    pub async fn collections(&self) -> Result<Vec<CollectionRow>> {
        let found = sqlx::query(
            "SELECT collection.*, (SELECT count(*) FROM collection_asset JOIN asset ON seq = asset
                WHERE collection = collection.id AND binned_at IS NULL) AS assets
            FROM collection ORDER BY position, id",
        )
        .fetch_all(&self.read)
        .await?;
        found
            .iter()
            .map(|row| {
                Ok(CollectionRow {
                    id: row.try_get("id")?,
                    name: row.try_get("name")?,
                    search: row.try_get("search")?,
                    position: row.try_get("position")?,
                    created_at: row.try_get("created_at")?,
                    assets: rows::count(row, "assets")?,
                })
            })
            .collect()
    }

    /// Every collection that is filled by hand, by its number, without counting.
    pub async fn collection_names(&self) -> Result<Vec<(i64, String)>> {
        let found = sqlx::query("SELECT id, name FROM collection WHERE search IS NULL")
            .fetch_all(&self.read)
            .await?;
        found.iter().map(|row| Ok((row.try_get("id")?, row.try_get("name")?))).collect()
    }

    /// Gives a collection another name. Answers whether there is such a collection.
    ///
    /// # Errors
    /// When another one has this name, or nothing is in it.
    pub async fn rename_collection(&self, id: i64, name: &str) -> Result<bool> {
        let (name, folded) = named(name)?;
        let done = sqlx::query("UPDATE collection SET name = ?, folded = ? WHERE id = ?")
            .bind(&name)
            .bind(folded)
            .bind(id)
            .execute(&self.write)
            .await;
        match done {
            Ok(done) => Ok(done.rows_affected() > 0),
            Err(error) => Err(taken(error, name)),
        }
    }

    /// Gives a saved search another text. Answers whether there is such a search.
    pub async fn set_search(&self, id: i64, search: &str) -> Result<bool> {
        let done =
            sqlx::query("UPDATE collection SET search = ? WHERE id = ? AND search IS NOT NULL")
                .bind(search)
                .bind(id)
                .execute(&self.write)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Puts collections into an order.
    pub async fn order_collections(&self, ids: &[i64]) -> Result<()> {
        sqlx::query(
            "UPDATE collection SET position = each.key + 1 FROM json_each(?) AS each
            WHERE collection.id = each.value",
        )
        .bind(super::json_list(ids))
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Deletes a collection; what is in it stays in the library. Answers with what was in it.
    pub async fn delete_collection(&self, id: i64) -> Result<Vec<u32>> {
        let mut tx = self.write.begin().await?;
        let had: Vec<u32> =
            sqlx::query_scalar("DELETE FROM collection_asset WHERE collection = ? RETURNING asset")
                .bind(id)
                .fetch_all(&mut *tx)
                .await?;
        sqlx::query("DELETE FROM collection WHERE id = ?").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(had)
    }
}

fn named(name: &str) -> Result<(String, String)> {
    normal(name).ok_or_else(|| StoreError::Value("a collection without a name".to_owned()))
}

fn taken(error: sqlx::Error, name: String) -> StoreError {
    match error {
        sqlx::Error::Database(error) if error.is_unique_violation() => StoreError::Taken(name),
        error => error.into(),
    }
}
