//! Outputs from before the library: each is put into the new tables as if it were added now.

use super::{
    RootKind,
    add::{self, Contents},
    assets, roots, unspaced,
};
use crate::{AssetRow, Marks, PlaceState, Result, rows};
use domain::WorkflowHash;
use sqlx::{Row, SqliteConnection, SqlitePool, sqlite::SqliteRow};
use std::collections::HashMap;

/// Outputs that are read and written together.
const AT_ONCE: u32 = 2_000;

/// Moves what the migrations set aside. Whatever comes between, the next start does it or goes on.
pub(crate) async fn carry_over(write: &SqlitePool) -> Result<()> {
    let mut tx = write.begin().await?;
    // What changed before nobody holds in memory.
    sqlx::query("DELETE FROM asset_change").execute(&mut *tx).await?;
    let aside: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = 'asset_before'")
            .fetch_one(&mut *tx)
            .await?;
    if aside > 0 {
        move_all(&mut tx).await?;
        sqlx::query("DROP TABLE asset_before").execute(&mut *tx).await?;
    }
    tx.commit().await?;
    let before = "SELECT count(*) FROM sqlite_master WHERE name = 'words_before'";
    let mut connection = write.acquire().await?;
    if sqlx::query_scalar::<_, i64>(before).fetch_one(&mut *connection).await? > 0 {
        unspaced::put_anew(&mut connection).await?;
    }
    Ok(())
}

async fn move_all(connection: &mut SqliteConnection) -> Result<()> {
    let mut known_roots = HashMap::new();
    let mut after = 0_i64;
    loop {
        let found = sqlx::query(
            "SELECT asset_before.*, batch_id, structure FROM asset_before
                JOIN job ON job.id = asset_before.job_id
                LEFT JOIN kin ON kin.workflow = asset_before.workflow
            WHERE asset_before.seq > ? ORDER BY asset_before.seq LIMIT ?",
        )
        .bind(after)
        .bind(AT_ONCE)
        .fetch_all(&mut *connection)
        .await?;
        let mut whole = Vec::with_capacity(found.len());
        for row in &found {
            after = row.try_get("seq")?;
            let asset = before(row)?;
            let root = match known_roots.get(&asset.library) {
                Some(root) => *root,
                None => {
                    let path = asset.library.as_bytes();
                    let root =
                        roots::put(connection, RootKind::Own, path, asset.created_at).await?;
                    known_roots.insert(asset.library.clone(), root);
                    root
                }
            };
            let job = rows::id(row.try_get("job_id")?)?;
            let batch = rows::id(row.try_get("batch_id")?)?;
            whole.push(assets::output(&asset, job, batch, row.try_get("structure")?, root)?);
        }
        if whole.is_empty() {
            return Ok(());
        }
        // Each had an id that something may refer to, whatever it shows.
        add::add(connection, &whole, Contents::Apart).await?;
    }
}

/// An output as it was stored.
fn before(row: &SqliteRow) -> Result<AssetRow> {
    Ok(AssetRow {
        seq: rows::count(row, "seq")?,
        id: rows::id(row.try_get("id")?)?,
        job_id: rows::maybe_id(row.try_get("job_id")?)?,
        node_id: row.try_get("node_id")?,
        ordinal: rows::count(row, "ordinal")?,
        title: row.try_get("title")?,
        kind: row.try_get("kind")?,
        path: row.try_get("path")?,
        width: rows::shape(row, "width")?,
        height: rows::shape(row, "height")?,
        bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
        hash: row.try_get("hash")?,
        created_at: row.try_get("created_at")?,
        took_ms: row.try_get("took_ms")?,
        practice: row.try_get("practice")?,
        preview: false,
        facts: rows::from_json(row.try_get("facts")?)?,
        server_name: row.try_get("server_name")?,
        workflow: Some(WorkflowHash(row.try_get("workflow")?)),
        library: row.try_get("library")?,
        duration_ms: None,
        marks: Marks::default(),
        state: PlaceState::Here,
    })
}
