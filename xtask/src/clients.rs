//! Clients that nobody here wrote, ComfyUI's own page among them: installed at pinned versions, and
//! tried at the practice engine.

use crate::{packages, shell};
use std::{path::PathBuf, process::Command};

/// What runs them, with the practice engine and what exports for the page built.
pub fn test() -> Result<Command, String> {
    let mut build = shell::cargo();
    // Chosen so that what the step before has built serves here.
    build.args(["build", "--quiet", "--workspace", "--exclude", "safelight"]);
    shell::run(build.args(["--bin", "practice", "--example", "graphs"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    let target = shell::root().join(target);
    let mut command = Command::new(python()?);
    command
        .arg(shell::root().join("tests/clients/clients.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PRACTICE", target.join("debug/practice"))
        .env("GRAPHS", target.join("debug/examples/graphs"));
    Ok(command)
}

/// One of the clients' programs.
pub fn program(name: &str) -> Result<PathBuf, String> {
    Ok(python()?.with_file_name(name))
}

/// The Python of a virtual environment that has the clients; made when they are not there yet, or not
/// in these versions.
fn python() -> Result<PathBuf, String> {
    let wanted = shell::root().join("tests/clients/requirements.txt");
    let folder = shell::root().join("target/clients");
    let (python, installed) = (folder.join("bin/python"), folder.join("requirements.txt"));
    let read = |path| std::fs::read(path).map_err(|error| error.to_string());
    let wanted_text = read(&wanted)?;
    if packages::is_there(&python) && read(&installed).is_ok_and(|text| text == wanted_text) {
        return Ok(python);
    }
    println!("Installing the clients into target/clients");
    shell::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).map_err(
        |error| {
            format!(
                "{error}. Python 3.11 or newer with its venv module is needed: sudo apt-get install python3-venv"
            )
        },
    )?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    shell::run(pip.arg(&wanted))?;
    // Last, so that an installation that broke off is not taken for whole.
    std::fs::write(&installed, wanted_text).map_err(|error| error.to_string())?;
    Ok(python)
}

/// `test_name (…) ... ok`: one passed or failed.
pub fn line(text: &str) -> Option<(u64, u64)> {
    match text.rsplit_once(" ... ")?.1 {
        "ok" => Some((1, 0)),
        "FAIL" | "ERROR" => Some((0, 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_counted() {
        assert_eq!(line("test_it (__main__.Clients.test_it) ... ok"), Some((1, 0)));
        assert_eq!(line("test_it (__main__.Clients.test_it) ... FAIL"), Some((0, 1)));
        assert_eq!(line("FAIL: test_it (__main__.Clients.test_it)"), None);
        assert_eq!(line("OK"), None);
    }
}
