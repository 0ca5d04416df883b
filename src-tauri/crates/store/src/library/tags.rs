//! The artist's tags.

use super::{json_list, one_line};
use crate::{Result, Store, StoreError, rows};
use sqlx::{Row, SqliteConnection};
use std::collections::HashMap;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRow {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Assets with it, without those in the bin.
    pub assets: u32,
}

/// A tag's name as it is kept, and what it is compared by. Nothing if there is nothing in it.
pub(super) fn normal(name: &str) -> Option<(String, String)> {
    let name = one_line(name).split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then(|| {
        let folded = name.to_lowercase();
        (name, folded)
    })
}

/// A tag by its name, however it is written: its number, and its name as it is kept.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<(i64, String)>> {
    let Some((_, folded)) = normal(name) else { return Ok(None) };
    let row = sqlx::query("SELECT id, name FROM tag WHERE folded = ?")
        .bind(folded)
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((row.try_get("id")?, row.try_get("name")?))).transpose()
}

/// A tag by its name, made if it is not there. Nothing if there is nothing in the name.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<(i64, String)>> {
    let Some((name, folded)) = normal(name) else { return Ok(None) };
    let row = sqlx::query(
        "INSERT INTO tag (name, folded) VALUES (?, ?)
        ON CONFLICT (folded) DO UPDATE SET name = name RETURNING id, name",
    )
    .bind(name)
    .bind(folded)
    .fetch_one(connection)
    .await?;
    Ok(Some((row.try_get("id")?, row.try_get("name")?)))
}

impl Store {
    /// Every tag with how many assets have it, by name.
    pub async fn tags(&self) -> Result<Vec<TagRow>> {
        let found = sqlx::query(
            "SELECT tag.id, tag.name, (SELECT count(*) FROM asset_tag JOIN asset ON seq = asset
                WHERE tag = tag.id AND binned_at IS NULL) AS assets
            FROM tag ORDER BY folded",
        )
        .fetch_all(&self.read)
        .await?;
        found
            .iter()
            .map(|row| {
                Ok(TagRow {
                    id: row.try_get("id")?,
                    name: row.try_get("name")?,
                    assets: rows::count(row, "assets")?,
                })
            })
            .collect()
    }

    /// Every tag by its number, without counting.
    pub async fn tag_names(&self) -> Result<Vec<(i64, String)>> {
        let found = sqlx::query("SELECT id, name FROM tag").fetch_all(&self.read).await?;
        found.iter().map(|row| Ok((row.try_get("id")?, row.try_get("name")?))).collect()
    }

    /// The tags of assets, by name.
    pub async fn tags_of(&self, assets: &[u32]) -> Result<HashMap<u32, Vec<String>>> {
        let found = sqlx::query(
            "SELECT asset, name FROM asset_tag JOIN tag ON tag.id = tag
            WHERE asset IN (SELECT value FROM json_each(?)) ORDER BY folded",
        )
        .bind(json_list(assets))
        .fetch_all(&self.read)
        .await?;
        let mut tags: HashMap<u32, Vec<String>> = HashMap::new();
        for row in &found {
            tags.entry(row.try_get("asset")?).or_default().push(row.try_get("name")?);
        }
        Ok(tags)
    }

    /// Gives a tag another name. If another tag has it, the two become one. Answers with the number of
    /// the tag that is left.
    ///
    /// # Errors
    /// When there is no such tag, or nothing in the name.
    pub async fn rename_tag(&self, id: i64, name: &str) -> Result<i64> {
        let Some((name, folded)) = normal(name) else {
            return Err(StoreError::Value("a tag without a name".to_owned()));
        };
        let mut tx = self.write.begin().await?;
        let other: Option<i64> = sqlx::query_scalar("SELECT id FROM tag WHERE folded = ?")
            .bind(&folded)
            .fetch_optional(&mut *tx)
            .await?;
        let left = match other {
            Some(other) if other != id => {
                merge(&mut tx, id, other).await?;
                other
            }
            _ => id,
        };
        let named = sqlx::query("UPDATE tag SET name = ?, folded = ? WHERE id = ?")
            .bind(name)
            .bind(folded)
            .bind(left)
            .execute(&mut *tx)
            .await?;
        if named.rows_affected() == 0 {
            return Err(StoreError::Value(format!("there is no tag {id}")));
        }
        tx.commit().await?;
        Ok(left)
    }

    /// Makes one tag of two: what has the first has the second instead.
    pub async fn merge_tags(&self, from: i64, into: i64) -> Result<()> {
        if from == into {
            return Ok(());
        }
        let mut tx = self.write.begin().await?;
        merge(&mut tx, from, into).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a tag. Answers with the assets that had it, for [`Store::mark`] to give it back.
    pub async fn delete_tag(&self, id: i64) -> Result<Vec<u32>> {
        let mut tx = self.write.begin().await?;
        let had: Vec<u32> =
            sqlx::query_scalar("DELETE FROM asset_tag WHERE tag = ? RETURNING asset")
                .bind(id)
                .fetch_all(&mut *tx)
                .await?;
        sqlx::query("DELETE FROM tag WHERE id = ?").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(had)
    }
}

async fn merge(connection: &mut SqliteConnection, from: i64, into: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO asset_tag (asset, tag) SELECT asset, ? FROM asset_tag WHERE tag = ?
        ON CONFLICT DO NOTHING",
    )
    .bind(into)
    .bind(from)
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM asset_tag WHERE tag = ?").bind(from).execute(&mut *connection).await?;
    sqlx::query("DELETE FROM tag WHERE id = ?").bind(from).execute(connection).await?;
    Ok(())
}
