//! TypeScript types of what crosses the bridge, from the Rust types.

use crate::shell;
use std::{collections::BTreeMap, fs, path::Path};

/// Writes the types, or compares those that are committed with what would be written.
pub fn codegen(check: bool) -> Result<(), String> {
    let committed = shell::root().join("ui/src/bindings");
    let out = if check { shell::root().join("target/bindings") } else { committed.clone() };
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out).map_err(|error| error.to_string())?;
    shell::run(
        shell::cargo()
            .args(["test", "--quiet", "--package", "domain", "--package", "engine", "--lib"])
            .arg("export_bindings")
            .env("TS_RS_EXPORT_DIR", &out),
    )?;
    if check && read(&out)? != read(&committed)? {
        return Err(
            "ui/src/bindings is not what the Rust types say; run `cargo xtask codegen`".to_owned()
        );
    }
    Ok(())
}

fn read(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|extension| extension == "ts") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(name, fs::read_to_string(&path).map_err(|error| error.to_string())?);
        }
    }
    Ok(files)
}
