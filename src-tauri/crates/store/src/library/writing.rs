//! Statements of one transaction, each of which is written while the next is made.

use crate::Result;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

/// Rows of one statement, at most: none has more than 21 values, and SQLite binds 32,766.
const MOST_ROWS: usize = 1_024;

/// Writes statements in the order in which they are put. SQLite works on a thread of its own: what is made
/// meanwhile costs no time.
pub(super) struct Writing<'c> {
    connection: &'c mut SqliteConnection,
    /// It is written when the next one is put, or somebody reads.
    waits: Option<QueryBuilder<Sqlite>>,
}

impl<'c> Writing<'c> {
    pub(super) fn new(connection: &'c mut SqliteConnection) -> Self {
        Self { connection, waits: None }
    }

    /// Makes a statement, while the one that was put before is written.
    pub(super) async fn put(
        &mut self,
        make: impl FnOnce() -> Result<QueryBuilder<Sqlite>>,
    ) -> Result<()> {
        // The one before is on its way to SQLite's thread when this one is made.
        let (written, made) =
            tokio::join!(biased; write(self.connection, self.waits.take()), async { make() });
        written?;
        self.waits = Some(made?);
        Ok(())
    }

    /// Writes rows, as many at once as a statement takes.
    pub(super) async fn put_rows<T>(
        &mut self,
        mut rows: &[T],
        make: impl Fn(&[T]) -> Result<QueryBuilder<Sqlite>>,
    ) -> Result<()> {
        while !rows.is_empty() {
            // Powers of two: there are few statements then, and SQLite knows them from before.
            let (these, others) = rows.split_at(MOST_ROWS.min(1 << rows.len().ilog2()));
            self.put(|| make(these)).await?;
            rows = others;
        }
        Ok(())
    }

    /// The connection, once all that was put is written.
    pub(super) async fn read(&mut self) -> Result<&mut SqliteConnection> {
        write(self.connection, self.waits.take()).await?;
        Ok(self.connection)
    }

    /// Writes what still waits. Without this the last statement is not written.
    pub(super) async fn finish(mut self) -> Result<()> {
        self.read().await?;
        Ok(())
    }
}

async fn write(
    connection: &mut SqliteConnection,
    statement: Option<QueryBuilder<Sqlite>>,
) -> Result<()> {
    if let Some(mut statement) = statement {
        statement.build().execute(connection).await?;
    }
    Ok(())
}
