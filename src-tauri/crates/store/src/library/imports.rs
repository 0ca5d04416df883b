//! Walks through roots: how they stand, and their reports.

use super::RootId;
use crate::{Result, Store, StoreError, rows};
use sqlx::{Row, sqlite::SqliteRow};

/// Lines of a report that are kept; beyond them they are counted.
pub const MOST_IMPORT_LINES: u32 = 1_000;

/// How a walk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// It goes on, also after a kill.
    Running,
    /// The artist paused it.
    Paused,
    /// It came to its end.
    Done,
    /// The artist stopped it.
    Cancelled,
    /// It could not go on.
    Failed,
}

impl ImportState {
    const ALL: [Self; 5] = [Self::Running, Self::Paused, Self::Done, Self::Cancelled, Self::Failed];

    fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// A walk through a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Its number.
    pub id: i64,
    /// The root.
    pub root: RootId,
    /// How it stands.
    pub state: ImportState,
    /// When it began.
    pub began_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Its counts, as JSON; what is in it is not the store's business.
    pub about: String,
    /// Lines of its report, kept or not.
    pub lines: u32,
}

/// A line of a report: a file, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportLine {
    /// The path below the root, byte for byte.
    pub path: Vec<u8>,
    /// A sentence.
    pub text: String,
}

fn import(row: &SqliteRow) -> Result<ImportRow> {
    let state: &str = row.try_get("state")?;
    Ok(ImportRow {
        id: row.try_get("id")?,
        root: RootId(row.try_get("root")?),
        state: ImportState::ALL
            .into_iter()
            .find(|known| known.name() == state)
            .ok_or_else(|| StoreError::Value(format!("import state {state}")))?,
        began_at: row.try_get("began_at")?,
        ended_at: row.try_get("ended_at")?,
        about: row.try_get("about")?,
        lines: rows::count(row, "lines")?,
    })
}

impl Store {
    /// Begins a walk through a root. Answers with its number. Of walks before, the last one is kept.
    pub async fn begin_import(&self, root: RootId, about: &str, at: i64) -> Result<i64> {
        let mut tx = self.write.begin().await?;
        sqlx::query(
            "DELETE FROM import_run WHERE root = ?1
                AND id < (SELECT max(id) FROM import_run WHERE root = ?1)",
        )
        .bind(root.0)
        .execute(&mut *tx)
        .await?;
        let id = sqlx::query_scalar(
            "INSERT INTO import_run (root, state, began_at, about) VALUES (?, 'running', ?, ?)
            RETURNING id",
        )
        .bind(root.0)
        .bind(at)
        .bind(about)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Sets how a walk stands.
    pub async fn set_import(
        &self,
        id: i64,
        state: ImportState,
        about: &str,
        ended_at: Option<i64>,
    ) -> Result<()> {
        sqlx::query("UPDATE import_run SET state = ?, about = ?, ended_at = ? WHERE id = ?")
            .bind(state.name())
            .bind(about)
            .bind(ended_at)
            .bind(id)
            .execute(&self.write)
            .await?;
        Ok(())
    }

    /// Adds lines to a walk's report. Of each report, [`MOST_IMPORT_LINES`] are kept, the first ones.
    pub async fn add_import_lines(&self, id: i64, lines: &[ImportLine]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        let had: Option<u32> = sqlx::query_scalar("SELECT lines FROM import_run WHERE id = ?")
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(had) = had else { return Ok(()) };
        for (n, line) in (had..MOST_IMPORT_LINES).zip(lines) {
            sqlx::query("INSERT INTO import_line (run, n, path, text) VALUES (?, ?, ?, ?)")
                .bind(id)
                .bind(n)
                .bind(&line.path)
                .bind(&line.text)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("UPDATE import_run SET lines = lines + ? WHERE id = ?")
            .bind(i64::try_from(lines.len()).unwrap_or(i64::MAX))
            .bind(id)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The newest walk through each root.
    pub async fn imports(&self) -> Result<Vec<ImportRow>> {
        let found = sqlx::query(
            "SELECT * FROM import_run WHERE id IN (SELECT max(id) FROM import_run GROUP BY root)
            ORDER BY root",
        )
        .fetch_all(&self.read)
        .await?;
        found.iter().map(import).collect()
    }

    /// The lines of a walk's report that are kept.
    pub async fn import_lines(&self, id: i64) -> Result<Vec<ImportLine>> {
        let found = sqlx::query("SELECT path, text FROM import_line WHERE run = ? ORDER BY n")
            .bind(id)
            .fetch_all(&self.read)
            .await?;
        found
            .iter()
            .map(|row| Ok(ImportLine { path: row.try_get("path")?, text: row.try_get("text")? }))
            .collect()
    }
}
