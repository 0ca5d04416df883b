//! Copies of the database, and looking at one that is to be read back.

use crate::{
    Result, Store, StoreError,
    open::{MIGRATIONS, lock},
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions,
};
use std::path::{Path, PathBuf};

/// The format of the databases that this program makes: its newest migration.
pub fn newest_format() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

impl Store {
    /// Writes a copy of the database as it is at one moment, while others go on reading and writing.
    /// There must be no file at `to`. What is there of it when this fails is no copy.
    pub async fn copy_to(&self, to: &Path) -> Result<()> {
        // A connection of its own: it may take minutes, and there are few in the pool.
        let mut own = self.read.connect_options().as_ref().clone().connect().await?;
        let name = to.display().to_string().replace('\'', "''");
        // A path of ours, quoted: VACUUM takes no bound parameter in every version.
        let copied =
            sqlx::query(AssertSqlSafe(format!("VACUUM INTO '{name}'"))).execute(&mut own).await;
        own.close().await?;
        copied?;
        Ok(())
    }

    /// How large the database is, in bytes.
    pub async fn size(&self) -> Result<u64> {
        let pages =
            sqlx::query("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
                .fetch_one(&self.read)
                .await?;
        Ok(pages.try_get::<i64, _>(0)?.unsigned_abs())
    }

    /// Whether jobs are stored that have not ended.
    pub async fn has_open_jobs(&self) -> Result<bool> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM job WHERE state <> 'ended')")
            .fetch_one(&self.read)
            .await?)
    }
}

/// Puts a database in the place of another one that no store has open. That one is kept under the name
/// `aside`. What is broken off in between is gone on with by the same words.
///
/// # Errors
/// When another program has it open, or the files cannot be renamed.
pub fn replace(path: &Path, with: &Path, aside: &Path) -> Result<()> {
    let _only_one = lock(path)?;
    let renamed = |from: &Path, to: &Path| {
        std::fs::rename(from, to)
            .map_err(|error| StoreError::Folder { path: from.to_owned(), why: error.to_string() })
    };
    if !with.exists() {
        return Ok(());
    }
    // What is in the log belongs to the file it is beside.
    for end in ["", "-wal", "-shm"] {
        let (from, to) = (ending(path, end), ending(aside, end));
        if from.exists() {
            renamed(&from, &to)?;
        }
    }
    renamed(with, path)
}

fn ending(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    PathBuf::from(path)
}

/// Looks through a database file that no store has open. Answers with its format.
///
/// # Errors
/// When it is no Safelight database, from a newer one, or damaged.
pub async fn examine(path: &Path) -> Result<i64> {
    let damaged = |why: String| StoreError::Damaged { path: path.to_owned(), why };
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut file = SqliteConnection::connect_with(&options)
        .await
        .map_err(|error| damaged(error.to_string()))?;
    let looked = look(&mut file).await;
    file.close().await?;
    let (found, check) = looked.map_err(|error| damaged(error.to_string()))?;
    if check != "ok" {
        return Err(damaged(check));
    }
    let known = newest_format();
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

async fn look(file: &mut SqliteConnection) -> std::result::Result<(i64, String), sqlx::Error> {
    let format = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut *file)
        .await?;
    // The first thing that is wrong is enough.
    let check = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut *file).await?;
    Ok((format, check))
}
