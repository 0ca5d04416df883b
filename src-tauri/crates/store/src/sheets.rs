//! Sheets: the cells of a sweep, whoever made them.

use crate::{AssetMarks, AssetRow, ROWS_AT_ONCE, Result, Store, library, rows};
use domain::{BatchId, JobId, WorkflowHash};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// Values bound at once.
const CHUNK: usize = 500;

/// One combination of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRow {
    /// The place on each axis, as JSON.
    pub at: String,
    /// The workflow with these values.
    pub workflow: WorkflowHash,
    /// The values that the axes set, as JSON.
    pub values: String,
}

/// What a submission keeps of its sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSheet {
    /// What its axes are, as JSON.
    pub about: String,
    /// Its cells.
    pub cells: Vec<CellRow>,
}

/// A sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Its name.
    pub title: String,
    /// When it was queued.
    pub created_at: i64,
    /// What its axes are, as JSON.
    pub about: String,
    /// Its cells.
    pub cells: Vec<CellRow>,
    /// What the artist thinks of cells, by their places; those not named are neither.
    pub marks: HashMap<String, Mark>,
}

/// What the artist thinks of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The best one of its sheet.
    Winner,
    /// Not this one.
    Rejected,
}

impl Mark {
    fn number(mark: Option<Self>) -> i64 {
        match mark {
            Some(Self::Winner) => 1,
            Some(Self::Rejected) => -1,
            None => 0,
        }
    }

    fn of(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Winner),
            -1 => Some(Self::Rejected),
            _ => None,
        }
    }
}

/// Marks of cells, and of their pictures in the library.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetMarks {
    /// Cells by their places; nothing takes a mark away.
    pub cells: Vec<(String, Option<Mark>)>,
    /// Marks of pictures that go with it.
    pub assets: Vec<AssetMarks>,
}

/// A job that made, or will make, a workflow's picture.
#[derive(Clone, Debug, PartialEq)]
pub struct MakerRow {
    /// The job.
    pub job: JobId,
    /// When it was added.
    pub created_at: i64,
    /// How long its run took, in milliseconds.
    pub took_ms: Option<i64>,
    /// Its newest output.
    pub asset: Option<AssetRow>,
}

impl MakerRow {
    /// Whether it was added before a time.
    pub fn before(&self, at: i64) -> bool {
        self.created_at < at
    }
}

pub(crate) async fn put(
    connection: &mut SqliteConnection,
    batch: BatchId,
    sheet: &NewSheet,
) -> Result<()> {
    sqlx::query("UPDATE batch SET sheet = ? WHERE id = ?")
        .bind(&sheet.about)
        .bind(batch.to_string())
        .execute(&mut *connection)
        .await?;
    for chunk in sheet.cells.chunks(ROWS_AT_ONCE) {
        let mut query =
            QueryBuilder::<Sqlite>::new("INSERT INTO cell (batch_id, at, workflow, vals) ");
        query.push_values(chunk, |mut row, cell| {
            row.push_bind(batch.to_string())
                .push_bind(&cell.at)
                .push_bind(&cell.workflow.0)
                .push_bind(&cell.values);
        });
        query.push(" ON CONFLICT DO NOTHING").build().execute(&mut *connection).await?;
    }
    Ok(())
}

impl Store {
    /// A sweep with its cells.
    pub async fn sheet(&self, batch: BatchId) -> Result<Option<SheetRow>> {
        let row = sqlx::query(
            "SELECT coalesce(name, title) AS title, created_at, sheet FROM batch
            WHERE id = ? AND sheet IS NOT NULL",
        )
        .bind(batch.to_string())
        .fetch_optional(&self.read)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let cells = sqlx::query("SELECT at, workflow, vals, mark FROM cell WHERE batch_id = ?")
            .bind(batch.to_string())
            .fetch_all(&self.read)
            .await?;
        let mut marks = HashMap::new();
        for cell in &cells {
            if let Some(mark) = Mark::of(cell.try_get("mark")?) {
                marks.insert(cell.try_get("at")?, mark);
            }
        }
        Ok(Some(SheetRow {
            marks,
            title: row.try_get("title")?,
            created_at: row.try_get("created_at")?,
            about: row.try_get("sheet")?,
            cells: cells
                .iter()
                .map(|cell| {
                    Ok(CellRow {
                        at: cell.try_get("at")?,
                        workflow: WorkflowHash(cell.try_get("workflow")?),
                        values: cell.try_get("vals")?,
                    })
                })
                .collect::<Result<_>>()?,
        }))
    }

    /// Marks cells and pictures, all or none. A new winner takes the place of the one before. Answers
    /// with what was marked before and is otherwise now, so that marking it so takes all of it back.
    /// Cells that are not there are left out.
    pub async fn mark_cells(&self, batch: BatchId, marks: &SheetMarks) -> Result<SheetMarks> {
        let batch = batch.to_string();
        let mut before: Vec<(String, Option<Mark>)> = Vec::new();
        let mut tx = self.write.begin().await?;
        let mut set = async |tx: &mut SqliteConnection, at: String, mark: Option<Mark>| {
            let was: Option<i64> =
                sqlx::query_scalar("SELECT mark FROM cell WHERE batch_id = ? AND at = ?")
                    .bind(&batch)
                    .bind(&at)
                    .fetch_optional(&mut *tx)
                    .await?;
            let Some(was) = was.filter(|was| *was != Mark::number(mark)) else { return Ok(()) };
            sqlx::query("UPDATE cell SET mark = ? WHERE batch_id = ? AND at = ?")
                .bind(Mark::number(mark))
                .bind(&batch)
                .bind(&at)
                .execute(&mut *tx)
                .await?;
            before.push((at, Mark::of(was)));
            Result::Ok(())
        };
        if marks.cells.iter().any(|(_, mark)| *mark == Some(Mark::Winner)) {
            let winners: Vec<String> =
                sqlx::query_scalar("SELECT at FROM cell WHERE batch_id = ? AND mark = 1")
                    .bind(&batch)
                    .fetch_all(&mut *tx)
                    .await?;
            for at in winners {
                set(&mut tx, at, None).await?;
            }
        }
        for (at, mark) in &marks.cells {
            set(&mut tx, at.clone(), *mark).await?;
        }
        let assets = library::put_marks(&mut tx, &marks.assets).await?;
        tx.commit().await?;
        // The last change first, so that a winner that gave way is one again in the end.
        before.reverse();
        Ok(SheetMarks { cells: before, assets })
    }

    /// Of each workflow the job that stands for it: one that came to a good end before one that is
    /// still to come, one with pictures before one without, and of those the newest. A job that came to
    /// a good end counts also when it was taken off the lists, because its pictures stay.
    ///
    /// Jobs that came to another end count for a sheet only: those of its batch, and those that ended
    /// since it was queued, for it waited for them. Without a sheet, jobs that are being cancelled do
    /// not count either.
    pub async fn makers(
        &self,
        workflows: &[WorkflowHash],
        sheet: Option<BatchId>,
    ) -> Result<HashMap<WorkflowHash, MakerRow>> {
        let sheet = sheet.map(|batch| batch.to_string());
        let mut found = HashMap::new();
        for chunk in workflows.chunks(CHUNK) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT job.id AS maker, job.created_at, job.workflow AS of, started_at, ended_at, outcome,
                    (SELECT made.asset FROM made JOIN asset ON asset.seq = made.asset
                        WHERE made.job_id = job.id ORDER BY preview, asset.seq DESC LIMIT 1) AS newest
                FROM job WHERE (outcome = 'succeeded' OR (removed_at IS NULL AND (
                    (state <> 'ended' AND (NOT cancel_requested OR ",
            );
            query.push_bind(sheet.is_some()).push(")) OR batch_id = ").push_bind(&sheet);
            query.push(" OR ended_at >= (SELECT created_at FROM batch WHERE id = ");
            query.push_bind(&sheet).push(")))) AND job.workflow IN (");
            let mut separated = query.separated(", ");
            for workflow in chunk {
                separated.push_bind(&workflow.0);
            }
            // Of two with one workflow the later row wins: the best stands last.
            query.push(
                ") ORDER BY outcome IS NOT NULL AND outcome <> 'succeeded' DESC,
                    outcome IS 'succeeded', newest IS NOT NULL, created_at, attempt",
            );
            for row in query.build().fetch_all(&self.read).await? {
                let (began, ended): (Option<i64>, Option<i64>) =
                    (row.try_get("started_at")?, row.try_get("ended_at")?);
                let newest = row.try_get::<Option<i64>, _>("newest")?;
                let newest = newest.and_then(|seq| u32::try_from(seq).ok());
                let maker = MakerRow {
                    job: rows::id(row.try_get("maker")?)?,
                    created_at: row.try_get("created_at")?,
                    took_ms: began.zip(ended).map(|(began, ended)| (ended - began).max(0)),
                    asset: None,
                };
                found.insert(WorkflowHash(row.try_get("of")?), (maker, newest));
            }
        }
        let newest: Vec<u32> = found.values().filter_map(|(_, seq)| *seq).collect();
        let pictures = self.assets_by_seq(&newest).await?;
        let pictures: HashMap<u32, AssetRow> =
            pictures.into_iter().map(|asset| (asset.seq, asset)).collect();
        Ok(found
            .into_iter()
            .map(|(workflow, (mut maker, newest))| {
                // Two may have made the same picture.
                maker.asset = newest.and_then(|seq| pictures.get(&seq).cloned());
                (workflow, maker)
            })
            .collect())
    }
}
