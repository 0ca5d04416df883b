//! How nodes ran, and what they cost.

use crate::{NodeRunRow, OpenShape, PastNode, Result, Store, rows};
use domain::{JobId, ServerId};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

/// Runs of a class looked through for those of one server.
const NEWEST_OF_CLASS: u32 = 60;
/// Rows of one statement: eleven parameters each, of 32,766.
const RUNS_AT_ONCE: usize = 2_000;

impl Store {
    /// How the nodes of a job ran, in order.
    pub async fn node_runs(&self, job: JobId) -> Result<Vec<NodeRunRow>> {
        let rows = sqlx::query("SELECT * FROM node_run WHERE job_id = ? ORDER BY ordinal")
            .bind(job.to_string())
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(rows::node_run).collect()
    }

    /// How the nodes of the newest `newest` jobs of a shape ran on a server, newest job first.
    pub async fn runs_of_shape(
        &self,
        server: ServerId,
        shape: &str,
        newest: u32,
    ) -> Result<Vec<PastNode>> {
        let rows = sqlx::query(
            "WITH newest AS (
                SELECT id, pixels, ended_at FROM job
                WHERE shape = ? AND server_id = ? AND outcome = 'succeeded'
                ORDER BY ended_at DESC LIMIT ?)
            SELECT node_id, class, CAST(node_run.ended_at - node_run.started_at AS REAL) AS ms, max, pixels
            FROM newest JOIN node_run ON node_run.job_id = newest.id
            WHERE state = 'done' AND node_run.started_at IS NOT NULL AND node_run.ended_at IS NOT NULL
            ORDER BY newest.ended_at DESC",
        )
        .bind(shape)
        .bind(server.to_string())
        .bind(newest)
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(past_node).collect()
    }

    /// How nodes of a class ran on a server, newest first.
    pub async fn runs_of_class(&self, server: ServerId, class: &str) -> Result<Vec<PastNode>> {
        let rows = sqlx::query(
            "WITH newest AS (
                SELECT * FROM node_run WHERE class = ? AND state = 'done'
                ORDER BY ended_at DESC LIMIT ?)
            SELECT node_id, class, CAST(newest.ended_at - newest.started_at AS REAL) AS ms, max, pixels
            FROM newest JOIN job ON job.id = newest.job_id
            WHERE job.server_id = ? AND job.outcome = 'succeeded'
                AND newest.started_at IS NOT NULL AND newest.ended_at IS NOT NULL
            ORDER BY newest.ended_at DESC",
        )
        .bind(class)
        .bind(NEWEST_OF_CLASS)
        .bind(server.to_string())
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(past_node).collect()
    }

    /// How long the newest jobs of a shape took on a server, in milliseconds, newest first.
    pub async fn durations_of_shape(
        &self,
        server: ServerId,
        shape: &str,
        newest: u32,
    ) -> Result<Vec<f64>> {
        Ok(sqlx::query_scalar(
            "SELECT CAST(ended_at - started_at AS REAL) FROM job
            WHERE shape = ? AND server_id = ? AND outcome = 'succeeded' AND started_at IS NOT NULL
            ORDER BY ended_at DESC LIMIT ?",
        )
        .bind(shape)
        .bind(server.to_string())
        .bind(newest)
        .fetch_all(&self.read)
        .await?)
    }

    /// The newest job that succeeded on a server.
    pub async fn newest_success(&self, server: ServerId) -> Result<Option<JobId>> {
        let id: Option<String> = sqlx::query_scalar(
            "SELECT id FROM job WHERE server_id = ? AND outcome = 'succeeded' ORDER BY ended_at DESC LIMIT 1",
        )
        .bind(server.to_string())
        .fetch_optional(&self.read)
        .await?;
        rows::maybe_id(id.as_deref())
    }

    /// What waits or runs, by what it costs, in queue order. Jobs on hold do not count.
    pub async fn open_shapes(&self) -> Result<Vec<OpenShape>> {
        let rows = sqlx::query(
            "SELECT shape, wants_server, server_id, count(*) AS n,
                CASE WHEN state = 'running' THEN started_at END AS began
            FROM job
            WHERE state IN ('held', 'sending', 'queued', 'running') AND removed_at IS NULL AND NOT on_hold
            GROUP BY shape, wants_server, server_id, began, CASE WHEN state = 'running' THEN id END
            ORDER BY min(position)",
        )
        .fetch_all(&self.read)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(OpenShape {
                    shape: row.try_get("shape")?,
                    wants_server: rows::maybe_id(row.try_get("wants_server")?)?,
                    server_id: rows::maybe_id(row.try_get("server_id")?)?,
                    count: row.try_get("n")?,
                    started_at: row.try_get("began")?,
                })
            })
            .collect()
    }
}

fn past_node(row: &SqliteRow) -> Result<PastNode> {
    Ok(PastNode {
        node_id: row.try_get("node_id")?,
        class: row.try_get("class")?,
        ms: row.try_get("ms")?,
        // ComfyUI gives every node one of one: that is no report of steps.
        steps: row.try_get::<Option<f64>, _>("max")?.filter(|max| *max > 1.0),
        pixels: row.try_get("pixels")?,
    })
}

/// Stores how the nodes of a job ran, in order; replaces what was stored of it.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    job: JobId,
    runs: &[NodeRunRow],
) -> Result<()> {
    sqlx::query("DELETE FROM node_run WHERE job_id = ?")
        .bind(job.to_string())
        .execute(&mut *connection)
        .await?;
    for (part, chunk) in runs.chunks(RUNS_AT_ONCE).enumerate() {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO node_run (job_id, ordinal, node_id, title, class, state, value, max, started_at, ended_at, made) ",
        );
        query.push_values(chunk.iter().enumerate(), |mut row, (index, run)| {
            let ordinal = part * RUNS_AT_ONCE + index;
            row.push_bind(job.to_string())
                .push_bind(i64::try_from(ordinal).unwrap_or(i64::MAX))
                .push_bind(&run.node_id)
                .push_bind(&run.title)
                .push_bind(&run.class)
                .push_bind(&run.state)
                .push_bind(run.value)
                .push_bind(run.max)
                .push_bind(run.started_at)
                .push_bind(run.ended_at)
                .push_bind(run.made);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}
