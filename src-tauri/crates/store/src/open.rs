//! Opening the database, and refusing to.

use crate::{Result, Store, StoreError, library, workflows};
use sqlx::{
    AssertSqlSafe, Connection, Row, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{File, TryLockError},
    io::ErrorKind,
    path::Path,
    sync::Arc,
    time::Duration,
};

/// What the connection that writes keeps of the database in memory, at most, in KiB. With SQLite's 2 MiB
/// it reads again and again what it wrote when thousands of files are added.
const WRITE_CACHE: u32 = 32 << 10;

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

impl Store {
    /// Opens the database, makes it if it is not there, and brings an older one up to date after
    /// writing a copy of it beside it (`<name>.before-<version>`).
    ///
    /// # Errors
    /// When another program has it open, it is from a newer Safelight, is damaged, or cannot be made
    /// or opened.
    pub async fn open(path: &Path) -> Result<Self> {
        let folder = |why: String| StoreError::Folder { path: path.to_owned(), why };
        let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged {
            path: path.to_owned(),
            why: error.to_string(),
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| folder(error.to_string()))?;
        }
        let lock = lock(path)?;
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
            // A file cannot hang up as a network can: a ping before each use finds nothing.
            .test_before_acquire(false)
            // When a disk is full, SQLite ends the transaction by itself. sqlx 0.9 then still counts it
            // as open, and what is written from there on may never be committed: such a connection is
            // closed. A dropped transaction is only rolled back by the ping.
            .after_release(|connection, _| {
                Box::pin(async move {
                    if connection.is_in_transaction() {
                        connection.ping().await?;
                    }
                    Ok(!connection.is_in_transaction())
                })
            })
            .connect_with(options.clone().pragma("cache_size", format!("-{WRITE_CACHE}")))
            .await
            .map_err(|error| match error {
                // The machine was asleep, or does much else: nothing is wrong with the file.
                sqlx::Error::PoolTimedOut => StoreError::Query(error),
                _ if existed => damaged(&error),
                _ => folder(error.to_string()),
            })?;
        MIGRATIONS.run(&write).await.map_err(|error| damaged(&error))?;
        library::carry_over(&write).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        Ok(Self {
            write,
            read,
            patching: workflows::no_patching,
            many: Arc::default(),
            lock: Arc::new(lock),
        })
    }

    /// Writes everything out and closes.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the database's lock is given back when the process ends");
        }
    }
}

/// Takes the lock beside the database. The system gives it back when the process ends, however it
/// ends. A file of its own: locks on the database itself are SQLite's.
pub(crate) fn lock(path: &Path) -> Result<File> {
    let beside = path.with_extension("lock");
    let folder =
        |why: std::io::Error| StoreError::Folder { path: beside.clone(), why: why.to_string() };
    let file =
        File::options().create(true).truncate(false).write(true).open(&beside).map_err(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_owned() }),
        // A folder on a network drive that knows no locks: better without than not at all.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(folder(error)),
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
