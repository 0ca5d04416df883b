//! Workflows, and the engine's small durable values.

use crate::{NeedRow, Result, Store, WorkflowRow};
use domain::WorkflowHash;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

impl Store {
    /// A workflow by its hash.
    pub async fn workflow(&self, hash: &WorkflowHash) -> Result<Option<WorkflowRow>> {
        let row = sqlx::query("SELECT * FROM workflow WHERE hash = ?")
            .bind(&hash.0)
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(self::row).transpose()
    }

    /// What the jobs need that wait.
    pub async fn open_needs(&self) -> Result<Vec<NeedRow>> {
        let rows = sqlx::query(
            "SELECT digest, json FROM need WHERE digest IN
                (SELECT DISTINCT needs FROM job WHERE state = 'held' AND needs IS NOT NULL)",
        )
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| Ok(NeedRow { digest: row.try_get("digest")?, json: row.try_get("json")? }))
            .collect()
    }

    /// A small value by its key.
    pub async fn get_value(&self, key: &str) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("SELECT value FROM value WHERE key = ?")
            .bind(key)
            .fetch_optional(&self.read)
            .await?)
    }

    /// Sets a small value.
    pub async fn set_value(&self, key: &str, value: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO value (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(&self.write)
        .await?;
        Ok(())
    }
}

pub(crate) fn row(row: &SqliteRow) -> Result<WorkflowRow> {
    Ok(WorkflowRow {
        hash: WorkflowHash(row.try_get("hash")?),
        prompt: row.try_get("prompt")?,
        ui_graph: row.try_get("ui_graph")?,
        title: row.try_get("title")?,
        source: row.try_get("source")?,
        created_at: row.try_get("created_at")?,
    })
}

pub(crate) async fn put(connection: &mut SqliteConnection, workflow: &WorkflowRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO workflow (hash, prompt, ui_graph, title, source, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET ui_graph = coalesce(workflow.ui_graph, excluded.ui_graph)",
    )
    .bind(&workflow.hash.0)
    .bind(&workflow.prompt)
    .bind(&workflow.ui_graph)
    .bind(&workflow.title)
    .bind(&workflow.source)
    .bind(workflow.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Remembers what a server must have to run jobs.
pub(crate) async fn put_needs(connection: &mut SqliteConnection, needs: &NeedRow) -> Result<()> {
    sqlx::query("INSERT INTO need (digest, json) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(&needs.digest)
        .bind(&needs.json)
        .execute(connection)
        .await?;
    Ok(())
}
