//! Named values and the choice of knobs, by what all runs of a workflow share.

use crate::{Result, Store};
use sqlx::{QueryBuilder, Row, Sqlite};

/// The most presets that are asked for by name at once.
const MOST_NAMED: usize = 1_000;
/// The most workflows among which other versions of one are looked for: the last opened.
const MOST_OUTLINES: u32 = 500;

impl Store {
    /// How many presets a structure has.
    pub async fn count_presets(&self, structure: &str) -> Result<u32> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM preset WHERE structure = ?")
            .bind(structure)
            .fetch_one(&self.read)
            .await?)
    }

    /// The presets of a structure by name, with their values as JSON.
    pub async fn presets(&self, structure: &str) -> Result<Vec<(String, String)>> {
        let rows = sqlx::query("SELECT name, vals FROM preset WHERE structure = ? ORDER BY name")
            .bind(structure)
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("vals")?))).collect()
    }

    /// The presets of a structure that have one of these names, with their values as JSON.
    pub async fn presets_named(
        &self,
        structure: &str,
        names: &[String],
    ) -> Result<Vec<(String, String)>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT name, vals FROM preset WHERE structure = ");
        query.push_bind(structure).push(" AND name IN (");
        let mut separated = query.separated(", ");
        for name in names.iter().take(MOST_NAMED) {
            separated.push_bind(name);
        }
        query.push(")");
        let rows = query.build().fetch_all(&self.read).await?;
        rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("vals")?))).collect()
    }

    /// Keeps a preset; one of the same name is replaced.
    pub async fn put_preset(&self, structure: &str, name: &str, vals: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO preset (structure, name, vals) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET vals = excluded.vals",
        )
        .bind(structure)
        .bind(name)
        .bind(vals)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Removes a preset.
    pub async fn remove_preset(&self, structure: &str, name: &str) -> Result<()> {
        sqlx::query("DELETE FROM preset WHERE structure = ? AND name = ?")
            .bind(structure)
            .bind(name)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// The artist's choice of knobs, as JSON.
    pub async fn arrangement(&self, structure: &str) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("SELECT knobs FROM arrangement WHERE structure = ?")
            .bind(structure)
            .fetch_optional(&self.read)
            .await?)
    }

    /// Keeps the artist's choice of knobs.
    pub async fn put_arrangement(&self, structure: &str, knobs: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO arrangement (structure, knobs) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET knobs = excluded.knobs",
        )
        .bind(structure)
        .bind(knobs)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Keeps the nodes of a workflow that is opened, as JSON.
    pub async fn put_outline(&self, structure: &str, nodes: &str, at: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO outline (structure, nodes, opened_at) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET opened_at = excluded.opened_at",
        )
        .bind(structure)
        .bind(nodes)
        .bind(at)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Other structures that have presets or a choice of knobs, with their nodes as JSON: the last
    /// opened first.
    pub async fn outlines(&self, but: &str) -> Result<Vec<(String, String)>> {
        let rows = sqlx::query(
            "SELECT structure, nodes FROM outline WHERE structure <> ? AND (
                EXISTS (SELECT 1 FROM preset WHERE preset.structure = outline.structure)
                OR EXISTS (SELECT 1 FROM arrangement WHERE arrangement.structure = outline.structure))
            ORDER BY opened_at DESC LIMIT ?",
        )
        .bind(but)
        .bind(MOST_OUTLINES)
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(|row| Ok((row.try_get("structure")?, row.try_get("nodes")?))).collect()
    }
}
