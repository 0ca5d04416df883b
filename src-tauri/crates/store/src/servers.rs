//! Servers.

use crate::{Result, ServerRow, Store, rows};
use domain::ServerId;

impl Store {
    /// All servers, in the artist's order.
    pub async fn servers(&self) -> Result<Vec<ServerRow>> {
        let rows = sqlx::query("SELECT * FROM server ORDER BY position, created_at")
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(rows::server).collect()
    }

    /// Adds a server or changes it.
    pub async fn put_server(&self, server: &ServerRow) -> Result<()> {
        sqlx::query(
            "INSERT INTO server (id, name, kind, address, position, max_held, paused, outputs, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
                address = excluded.address, position = excluded.position,
                max_held = excluded.max_held, paused = excluded.paused,
                outputs = excluded.outputs",
        )
        .bind(server.id.to_string())
        .bind(&server.name)
        .bind(&server.kind)
        .bind(&server.address)
        .bind(server.position)
        .bind(server.max_held)
        .bind(server.paused)
        .bind(&server.outputs)
        .bind(server.created_at)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Removes a server. Waiting jobs that asked for it may go to any from now on.
    pub async fn remove_server(&self, id: ServerId) -> Result<bool> {
        let mut tx = self.write.begin().await?;
        sqlx::query("UPDATE job SET wants_server = NULL WHERE wants_server = ?")
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
        let removed = sqlx::query("DELETE FROM server WHERE id = ?")
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?
            .rows_affected();
        tx.commit().await?;
        Ok(removed > 0)
    }
}
