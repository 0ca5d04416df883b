//! Opening the database, and refusing to.

use crate::{Result, Store, StoreError};
use sqlx::{
    AssertSqlSafe, Connection, Row, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

impl Store {
    /// Opens the database, makes it if it is not there, and brings an older one up to date after
    /// writing a copy of it beside it (`<name>.before-<version>`).
    ///
    /// # Errors
    /// When the database is from a newer Safelight, is damaged, or cannot be made or opened.
    pub async fn open(path: &Path) -> Result<Self> {
        let folder = |why: String| StoreError::Folder { path: path.to_owned(), why };
        let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged {
            path: path.to_owned(),
            why: error.to_string(),
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| folder(error.to_string()))?;
        }
        let existed = path.exists();
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        if existed {
            check(path).await?;
        }
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| if existed { damaged(&error) } else { folder(error.to_string()) })?;
        MIGRATIONS.run(&write).await.map_err(|error| damaged(&error))?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        Ok(Self { write, read })
    }

    /// Writes everything out and closes.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Looks at an existing file before anything may change it, and copies it if it is to be migrated.
async fn check(path: &Path) -> Result<()> {
    let damaged =
        |error: sqlx::Error| StoreError::Damaged { path: path.to_owned(), why: error.to_string() };
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    let look = SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(10));
    let mut file: SqliteConnection =
        SqliteConnection::connect_with(&look).await.map_err(damaged)?;
    let ours: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut file)
            .await
            .map_err(damaged)?;
    let found: i64 = if ours == 0 {
        0
    } else {
        sqlx::query("SELECT coalesce(max(version), 0) FROM _sqlx_migrations")
            .fetch_one(&mut file)
            .await
            .map_err(damaged)?
            .get(0)
    };
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    if found > 0 && found < known {
        let copy = path.with_extension(format!("before-{known}.db"));
        if !copy.exists() {
            let name = copy.display().to_string().replace('\'', "''");
            // A path of ours, quoted: VACUUM takes no bound parameter in every version.
            sqlx::query(AssertSqlSafe(format!("VACUUM INTO '{name}'")))
                .execute(&mut file)
                .await
                .map_err(damaged)?;
        }
    }
    file.close().await.map_err(damaged)?;
    Ok(())
}
