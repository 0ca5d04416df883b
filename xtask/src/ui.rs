//! The page: its packages and its build.

use crate::shell;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

fn folder() -> PathBuf {
    shell::root().join("ui")
}

/// An npm call in the page's folder.
pub fn npm(arguments: &[&str]) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder()).args(arguments);
    npm
}

/// Installs the page's packages when the lock file changed.
pub fn install() -> Result<(), String> {
    let lock = folder().join("package-lock.json");
    let stamp = folder().join("node_modules/.safelight-lock");
    let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    shell::run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).map_err(|error| error.to_string())
}

/// Builds the page when anything in it changed.
pub fn build() -> Result<(), String> {
    install()?;
    let built = newest(&folder().join("dist"), &[]);
    let sources = newest(&folder(), &["dist", "node_modules"]);
    if built.is_some() && built >= sources {
        return Ok(());
    }
    shell::run(&mut npm(&["run", "build"]))
}

/// When anything below a folder changed last.
fn newest(folder: &Path, skip: &[&str]) -> Option<SystemTime> {
    let mut newest = None;
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let name = entry.file_name();
        if skip.iter().any(|skip| name == *skip) {
            continue;
        }
        let Ok(meta) = entry.metadata() else { continue };
        let time =
            if meta.is_dir() { self::newest(&entry.path(), &[]) } else { meta.modified().ok() };
        newest = newest.max(time);
    }
    newest
}
