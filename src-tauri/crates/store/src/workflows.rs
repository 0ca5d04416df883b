//! Workflows, and the engine's small durable values.

use crate::{BasePatch, NeedRow, ROWS_AT_ONCE, Result, Store, StoreError, WorkflowRow};
use domain::WorkflowHash;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

/// Reads workflows, with the prompts that patches are of.
macro_rules! workflows {
    () => {
        "SELECT workflow.*, base.prompt AS base_prompt FROM workflow LEFT JOIN workflow AS base ON base.hash = workflow.base"
    };
}

/// Begins to write workflows.
macro_rules! columns {
    () => {
        "INSERT INTO workflow (hash, prompt, ui_graph, title, source, created_at, base, patch) "
    };
}

/// What is done about workflows that are there.
macro_rules! there_already {
    () => {
        " ON CONFLICT (hash) DO UPDATE SET ui_graph = coalesce(workflow.ui_graph, excluded.ui_graph)"
    };
}

impl Store {
    /// A workflow by its hash.
    pub async fn workflow(&self, hash: &WorkflowHash) -> Result<Option<WorkflowRow>> {
        let row = sqlx::query(concat!(workflows!(), " WHERE workflow.hash = ?"))
            .bind(&hash.0)
            .fetch_optional(&self.read)
            .await?;
        row.as_ref().map(|row| self.patched(row)).transpose()
    }

    /// The same database with a way to make prompts of patches.
    #[must_use]
    pub fn with_patching(mut self, patching: Patching) -> Self {
        self.patching = patching;
        self
    }

    /// A workflow with its prompt whole.
    pub(crate) fn patched(&self, row: &SqliteRow) -> Result<WorkflowRow> {
        let mut workflow = self::row(row)?;
        if let Some(BasePatch { patch, .. }) = &workflow.base {
            let base: String = row.try_get("base_prompt")?;
            workflow.prompt =
                (self.patching)(&base, patch, &workflow.hash).map_err(StoreError::Value)?;
        }
        Ok(workflow)
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

    /// Forgets a small value.
    pub async fn forget_value(&self, key: &str) -> Result<()> {
        sqlx::query("DELETE FROM value WHERE key = ?").bind(key).execute(&self.write).await?;
        Ok(())
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

/// Makes a prompt of another one's text and a patch; its hash is given, so that it can be compared.
/// The error is a sentence.
pub type Patching =
    fn(base: &str, patch: &str, hash: &WorkflowHash) -> std::result::Result<String, String>;

/// Stands in until there is a way.
pub(crate) fn no_patching(
    _: &str,
    _: &str,
    hash: &WorkflowHash,
) -> std::result::Result<String, String> {
    Err(format!("workflow {hash} is stored as a patch, and nobody said how to read it"))
}

fn row(row: &SqliteRow) -> Result<WorkflowRow> {
    let base: Option<String> = row.try_get("base")?;
    let patch: Option<String> = row.try_get("patch")?;
    Ok(WorkflowRow {
        base: base.zip(patch).map(|(base, patch)| BasePatch { base: WorkflowHash(base), patch }),
        hash: WorkflowHash(row.try_get("hash")?),
        prompt: row.try_get("prompt")?,
        ui_graph: row.try_get("ui_graph")?,
        title: row.try_get("title")?,
        source: row.try_get("source")?,
        created_at: row.try_get("created_at")?,
    })
}

/// Remembers workflows. Those that are there already stay as they are.
pub(crate) async fn put_all(
    connection: &mut SqliteConnection,
    workflows: &[WorkflowRow],
) -> Result<()> {
    // Whole prompts may be large, and are not bound many at once; patches are small.
    let (patches, whole): (Vec<_>, Vec<_>) =
        workflows.iter().partition(|workflow| workflow.base.is_some());
    for workflow in whole {
        put(connection, workflow).await?;
    }
    for chunk in patches.chunks(ROWS_AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new(columns!());
        query.push_values(chunk, |mut row, workflow| {
            row.push_bind(&workflow.hash.0)
                .push_bind("")
                .push_bind(&workflow.ui_graph)
                .push_bind(&workflow.title)
                .push_bind(&workflow.source)
                .push_bind(workflow.created_at)
                .push_bind(workflow.base.as_ref().map(|of| &of.base.0))
                .push_bind(workflow.base.as_ref().map(|of| &of.patch));
        });
        query.push(there_already!()).build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(crate) async fn put(connection: &mut SqliteConnection, workflow: &WorkflowRow) -> Result<()> {
    sqlx::query(concat!(columns!(), "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", there_already!()))
        .bind(&workflow.hash.0)
        .bind(if workflow.base.is_some() { "" } else { &workflow.prompt })
        .bind(&workflow.ui_graph)
        .bind(&workflow.title)
        .bind(&workflow.source)
        .bind(workflow.created_at)
        .bind(workflow.base.as_ref().map(|of| &of.base.0))
        .bind(workflow.base.as_ref().map(|of| &of.patch))
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts a workflow that others are patches of. One that is there as a patch becomes a whole one: of a
/// patch no other is read.
pub(crate) async fn put_base(
    connection: &mut SqliteConnection,
    workflow: &WorkflowRow,
) -> Result<()> {
    put(connection, &WorkflowRow { base: None, ..workflow.clone() }).await?;
    sqlx::query(
        "UPDATE workflow SET prompt = ?, base = NULL, patch = NULL WHERE hash = ? AND base IS NOT NULL",
    )
    .bind(&workflow.prompt)
    .bind(&workflow.hash.0)
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
