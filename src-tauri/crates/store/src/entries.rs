//! The workflow library.

use crate::{AssetRow, ROWS_AT_ONCE, Result, Store, WorkflowRow, rows, workflows};
use domain::{JobId, JobState, PictureFacts, WorkflowHash};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};
use std::collections::BTreeMap;

/// The most entries that one question gives.
const MOST: u32 = 200;

/// What is queued or kept, for the library.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// What all runs of a workflow share: its nodes and links, without values.
    pub structure: String,
    /// The workflow with its values.
    pub workflow: WorkflowHash,
    /// A readable name.
    pub title: String,
    /// How many nodes will run.
    pub node_count: u32,
    /// What the graph says.
    pub facts: PictureFacts,
    /// The file it came from.
    pub source: Option<String>,
    /// When.
    pub used_at: i64,
}

/// A workflow in the library.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryRow {
    /// Its newest values.
    pub newest: NewEntry,
    /// The artist's name for it.
    pub name: Option<String>,
    /// It stays at the top.
    pub pinned: bool,
    /// There is an editor's graph of it.
    pub drawn: bool,
    /// How often it ran to a good end.
    pub runs: u32,
    /// Its newest output.
    pub last: Option<AssetRow>,
}

/// Jobs of one workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Same {
    /// How many there are.
    pub count: u32,
    /// The newest.
    pub id: JobId,
    /// Its state.
    pub state: JobState,
    /// When it was added.
    pub created_at: i64,
}

fn entry(row: &SqliteRow) -> Result<EntryRow> {
    Ok(EntryRow {
        newest: NewEntry {
            structure: row.try_get("structure")?,
            workflow: WorkflowHash(row.try_get("workflow")?),
            title: row.try_get("title")?,
            node_count: rows::count(row, "node_count")?,
            facts: rows::from_json(row.try_get("facts")?)?,
            source: row.try_get("source")?,
            used_at: row.try_get("used_at")?,
        },
        name: row.try_get("name")?,
        pinned: row.try_get("pinned")?,
        drawn: row.try_get("drawn")?,
        runs: rows::count(row, "runs")?,
        last: None,
    })
}

impl Store {
    /// Keeps workflows in the library without running them. One that was removed comes back.
    pub async fn keep_workflows(
        &self,
        workflows: &[WorkflowRow],
        entries: &[NewEntry],
    ) -> Result<()> {
        let mut tx = self.write.begin().await?;
        workflows::put_all(&mut tx, workflows).await?;
        put_all(&mut tx, entries).await?;
        Ok(tx.commit().await?)
    }

    /// Entries that have all the words in title, name, facts or file; pinned ones first, then the
    /// newest used. With how many there are in all.
    pub async fn entries(
        &self,
        words: &[String],
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<EntryRow>, u32)> {
        let mut count = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM entry");
        with_words(&mut count, words);
        let total = count.build_query_scalar().fetch_one(&self.read).await?;
        let mut list = QueryBuilder::<Sqlite>::new(
            "SELECT entry.*,
                (SELECT w.ui_graph IS NOT NULL OR EXISTS (
                    SELECT 1 FROM workflow b WHERE b.hash = w.base AND b.ui_graph IS NOT NULL
                ) FROM workflow w WHERE w.hash = entry.workflow) AS drawn,
                (SELECT count(*) FROM kin JOIN job ON job.workflow = kin.workflow
                    WHERE kin.structure = entry.structure AND outcome = 'succeeded') AS runs
            FROM entry",
        );
        with_words(&mut list, words);
        list.push(" ORDER BY pinned DESC, used_at DESC, structure LIMIT ")
            .push_bind(limit.min(MOST));
        list.push(" OFFSET ").push_bind(offset);
        let found = list.build().fetch_all(&self.read).await?;
        let mut entries = found.iter().map(entry).collect::<Result<Vec<_>>>()?;
        for entry in &mut entries {
            entry.last = self.newest_result(&entry.newest.structure).await?;
        }
        Ok((entries, total))
    }

    /// Workflows that were run before there was a library: their texts, with when they were last used.
    pub async fn workflows_without_entry(&self, limit: u32) -> Result<Vec<(WorkflowRow, i64)>> {
        let found = sqlx::query(
            "SELECT workflow.*, base.prompt AS base_prompt,
                (SELECT max(created_at) FROM job WHERE job.workflow = workflow.hash) AS used_at
            FROM workflow LEFT JOIN workflow AS base ON base.hash = workflow.base
            WHERE workflow.hash NOT IN (SELECT workflow FROM kin)
                AND EXISTS (SELECT 1 FROM job WHERE job.workflow = workflow.hash) LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        found
            .iter()
            .map(|row| {
                let workflow = self.patched(row)?;
                let used: Option<i64> = row.try_get("used_at")?;
                let at = used.unwrap_or(workflow.created_at);
                Ok((workflow, at))
            })
            .collect()
    }

    /// Gives an entry a name; none takes it away. Answers whether there is such an entry.
    pub async fn name_entry(&self, structure: &str, name: Option<&str>) -> Result<bool> {
        let changed = sqlx::query("UPDATE entry SET name = ? WHERE structure = ?")
            .bind(name)
            .bind(structure)
            .execute(&self.write)
            .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Pins an entry, or lets it go. Answers whether there is such an entry.
    pub async fn pin_entry(&self, structure: &str, pinned: bool) -> Result<bool> {
        let changed = sqlx::query("UPDATE entry SET pinned = ? WHERE structure = ?")
            .bind(pinned)
            .bind(structure)
            .execute(&self.write)
            .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Takes entries off the list at a time, or brings them back.
    pub async fn remove_entries(&self, structures: &[String], at: Option<i64>) -> Result<()> {
        let mut tx = self.write.begin().await?;
        for structure in structures {
            sqlx::query("UPDATE entry SET removed_at = ? WHERE structure = ?")
                .bind(at)
                .bind(structure)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Jobs of exactly this workflow, if there are any: how many, and the newest.
    pub async fn same(&self, workflow: &WorkflowHash) -> Result<Option<Same>> {
        let row = sqlx::query(
            "SELECT id, state, server_end, outcome, created_at,
                (SELECT count(*) FROM job WHERE workflow = ?1 AND removed_at IS NULL) AS number
            FROM job WHERE workflow = ?1 AND removed_at IS NULL ORDER BY created_at DESC LIMIT 1",
        )
        .bind(&workflow.0)
        .fetch_optional(&self.read)
        .await?;
        row.map(|row| {
            Ok(Same {
                count: rows::count(&row, "number")?,
                id: rows::id(row.try_get("id")?)?,
                state: rows::job_state(&row)?,
                created_at: row.try_get("created_at")?,
            })
        })
        .transpose()
    }
}

fn with_words(query: &mut QueryBuilder<Sqlite>, words: &[String]) {
    query.push(" WHERE removed_at IS NULL");
    for word in words {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query.push(
            " AND coalesce(name, '') || char(10) || title || char(10) || facts || char(10) || coalesce(source, '') LIKE ",
        );
        query.push_bind(format!("%{escaped}%")).push(" ESCAPE '\\'");
    }
}

/// Remembers what was queued or kept: the structure of each, and of each structure the newest.
pub(crate) async fn put_all(connection: &mut SqliteConnection, entries: &[NewEntry]) -> Result<()> {
    let mut newest = BTreeMap::new();
    for entry in entries {
        newest.insert(&entry.structure, entry);
    }
    for chunk in entries.chunks(ROWS_AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO kin (workflow, structure) ");
        query.push_values(chunk, |mut row, entry| {
            row.push_bind(&entry.workflow.0).push_bind(&entry.structure);
        });
        query.push(" ON CONFLICT DO NOTHING").build().execute(&mut *connection).await?;
    }
    for entry in newest.into_values() {
        put(connection, entry).await?;
    }
    Ok(())
}

/// Remembers what was queued or kept. An entry that is there takes the newest values.
async fn put(connection: &mut SqliteConnection, entry: &NewEntry) -> Result<()> {
    sqlx::query(
        "INSERT INTO entry (structure, workflow, title, node_count, facts, source, used_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (structure) DO UPDATE SET workflow = excluded.workflow, title = excluded.title,
            node_count = excluded.node_count, facts = excluded.facts,
            source = coalesce(excluded.source, source), used_at = excluded.used_at,
            removed_at = NULL
        WHERE excluded.used_at >= entry.used_at",
    )
    .bind(&entry.structure)
    .bind(&entry.workflow.0)
    .bind(&entry.title)
    .bind(entry.node_count)
    .bind(rows::json(&entry.facts)?)
    .bind(&entry.source)
    .bind(entry.used_at)
    .execute(connection)
    .await?;
    Ok(())
}
