//! How nodes ran, and what they cost.

use crate::{NodeRunRow, NodeWeight, Result, Store, jobs::list, rows};
use domain::{JobId, ServerId};
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashMap;

impl Store {
    /// Stores how the nodes of a job ran, in order; replaces what was stored of it.
    pub async fn put_node_runs(&self, job: JobId, runs: &[NodeRunRow]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        sqlx::query("DELETE FROM node_run WHERE job_id = ?")
            .bind(job.to_string())
            .execute(&mut *tx)
            .await?;
        for (ordinal, run) in runs.iter().enumerate() {
            sqlx::query(
                "INSERT INTO node_run (job_id, ordinal, node_id, title, class, state, value, max, started_at, ended_at, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(job.to_string())
            .bind(i64::try_from(ordinal).unwrap_or(i64::MAX))
            .bind(&run.node_id)
            .bind(&run.title)
            .bind(&run.class)
            .bind(&run.state)
            .bind(run.value)
            .bind(run.max)
            .bind(run.started_at)
            .bind(run.ended_at)
            .bind(run.made)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// How the nodes of a job ran, in order.
    pub async fn node_runs(&self, job: JobId) -> Result<Vec<NodeRunRow>> {
        let rows = sqlx::query("SELECT * FROM node_run WHERE job_id = ? ORDER BY ordinal")
            .bind(job.to_string())
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(rows::node_run).collect()
    }

    /// What classes cost on a server, from their newest 20 runs in jobs that succeeded there.
    pub async fn node_weights(
        &self,
        server: ServerId,
        classes: &[String],
    ) -> Result<HashMap<String, NodeWeight>> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "WITH run AS (
                SELECT class, CAST(node_run.ended_at - node_run.started_at AS REAL) AS ms, max,
                    row_number() OVER (PARTITION BY class ORDER BY node_run.ended_at DESC) AS age
                FROM node_run JOIN job ON job.id = node_run.job_id
                WHERE node_run.state = 'done' AND job.outcome = 'succeeded' AND job.server_id = ",
        );
        query.push_bind(server.to_string()).push(
            " AND node_run.started_at IS NOT NULL AND node_run.ended_at IS NOT NULL AND class IN (",
        );
        list(&mut query, classes);
        query.push(
            ") SELECT class, count(*) AS runs, avg(ms) AS mean, sum(CASE WHEN max > 1 THEN ms END) / sum(CASE WHEN max > 1 THEN max END) AS per_step FROM run WHERE age <= 20 GROUP BY class",
        );
        let rows = query.build().fetch_all(&self.read).await?;
        rows.iter()
            .map(|row| {
                Ok((
                    row.try_get("class")?,
                    NodeWeight {
                        runs: row.try_get("runs")?,
                        mean_ms: row.try_get("mean")?,
                        mean_ms_per_step: row.try_get("per_step")?,
                    },
                ))
            })
            .collect()
    }
}
