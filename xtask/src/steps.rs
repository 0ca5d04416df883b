//! All checks and tests, in order of cost.

use crate::{
    clients, codegen, packages, shell,
    ui::{self, npm},
};
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// The driver that lets a test steer a Tauri window.
const TAURI_DRIVER: &str = "2.1.0";
/// The checker of licences, bans and sources.
const CARGO_DENY: &str = "0.20.2";

#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
}

type Step = (&'static str, fn(&mut Counts) -> Result<(), String>);

/// The variable by which property tests begin: proptest 1.12.
const PROPERTY_SEED: &str = "PROPTEST_RNG_SEED";

const STEPS: &[Step] = &[
    ("packages", |_| packages::require(&[packages::BUILD, packages::TEST].concat())),
    ("format", |_| shell::run(shell::cargo().args(["fmt", "--all", "--check"]))),
    ("npm", |_| ui::install()),
    ("prettier", |_| shell::run(&mut npm(&["run", "--silent", "format:check"]))),
    ("eslint", |_| shell::run(&mut npm(&["run", "--silent", "lint"]))),
    ("svelte-check", |_| shell::run(&mut npm(&["run", "--silent", "check"]))),
    ("vitest", |counts| counted(&mut npm(&["run", "--silent", "test"]), counts, vitest_line)),
    ("ui-build", |_| ui::build()),
    ("deny", |_| deny()),
    ("clippy", |_| {
        shell::run(shell::cargo().args([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    }),
    ("bindings", |_| codegen::codegen(true)),
    ("crates", |counts| {
        let mut command = shell::cargo();
        command.args(["test", "--workspace", "--exclude", "safelight", "--no-fail-fast"]);
        // The same cases in every run: a change is red for what it does. Another seed looks further.
        if std::env::var_os(PROPERTY_SEED).is_none() {
            command.env(PROPERTY_SEED, "1");
        }
        counted(&mut command, counts, cargo_line)
    }),
    ("clients", |counts| counted(&mut clients::test()?, counts, clients::line)),
    ("app", |counts| {
        let mut command = shell::cargo();
        command.args(["test", "--package", "safelight", "--lib", "--test", "direction"]);
        counted(&mut command, counts, cargo_line)
    }),
    ("window", |counts| {
        let driver = tool("tauri-driver", TAURI_DRIVER)?;
        let mut command = shell::cargo();
        command
            .args(["test", "--package", "safelight", "--test", "e2e", "--", "--test-threads=1"])
            .env("TAURI_DRIVER", driver);
        counted(&mut command, counts, cargo_line)
    }),
];

/// Runs the steps and says how each went. A failed one does not keep the next from being tried,
/// except that nothing can be done without packages.
pub fn test(arguments: &[String]) -> Result<(), String> {
    if arguments.iter().any(|argument| argument == "--list") {
        for (name, _) in STEPS {
            println!("{name}");
        }
        return Ok(());
    }
    let (only, skip) = (list(arguments, "--only"), list(arguments, "--skip"));
    if let Some(unknown) =
        only.iter().chain(&skip).find(|name| !STEPS.iter().any(|(step, _)| step == name))
    {
        return Err(format!("there is no step {unknown}; `cargo xtask test --list` names them"));
    }
    let mut counts = Counts::default();
    let mut summary = Vec::new();
    let mut all_well = true;
    for (name, step) in STEPS {
        if skip.iter().any(|skip| skip == name)
            || (!only.is_empty() && !only.iter().any(|only| only == name))
        {
            continue;
        }
        println!("\n== {name}");
        let began = Instant::now();
        let result = step(&mut counts);
        let seconds = began.elapsed().as_secs_f64();
        if let Err(message) = &result {
            println!("{name}: {message}");
            all_well = false;
        }
        summary.push((*name, seconds, result.is_ok()));
        if *name == "packages" && result.is_err() {
            break;
        }
    }
    println!("\n{:<14} {:>8}", "step", "seconds");
    for (name, seconds, well) in &summary {
        println!("{name:<14} {seconds:>8.1}  {}", if *well { "ok" } else { "FAILED" });
    }
    println!("{} passed, {} failed", counts.passed, counts.failed);
    if all_well { Ok(()) } else { Err("some checks failed; see above".to_owned()) }
}

/// Measures the release build.
pub fn bench() -> Result<(), String> {
    packages::require(&[packages::BUILD, packages::TEST].concat())?;
    ui::build()?;
    let comfy_cli = clients::program("comfy")?;
    for (package, name) in [
        ("comfy", "progress"),
        ("domain", "estimate"),
        ("media", "metadata"),
        ("media", "thumbs"),
        ("catalog", "search"),
        ("store", "library"),
        ("workflow", "preflight"),
        ("workflow", "convert"),
        ("workflow", "many"),
        ("workflow", "knobs"),
        ("engine", "recorded"),
        ("engine", "jobs"),
        ("engine", "import"),
    ] {
        shell::run(
            shell::cargo()
                .args(["bench", "--package", package, "--bench", name])
                .env("COMFY_CLI", &comfy_cli),
        )?;
    }
    let driver = tool("tauri-driver", TAURI_DRIVER)?;
    let mut command = shell::cargo();
    shell::run(
        command
            .args(["bench", "--package", "safelight", "--bench", "window"])
            .env("TAURI_DRIVER", driver),
    )
}

fn list(arguments: &[String], flag: &str) -> Vec<String> {
    let value = arguments.iter().position(|argument| argument == flag);
    value
        .and_then(|at| arguments.get(at + 1))
        .map(|value| value.split(',').map(str::to_owned).collect())
        .unwrap_or_default()
}

fn counted(
    command: &mut Command,
    counts: &mut Counts,
    line: fn(&str) -> Option<(u64, u64)>,
) -> Result<(), String> {
    shell::watch(command, |text| {
        if let Some((passed, failed)) = line(text) {
            counts.passed += passed;
            counts.failed += failed;
        }
    })
}

/// `test result: ok. 8 passed; 0 failed; …`
fn cargo_line(text: &str) -> Option<(u64, u64)> {
    let rest = text.strip_prefix("test result: ")?;
    Some((before(rest, " passed")?, before(rest, " failed")?))
}

/// `      Tests  2 failed | 40 passed (42)`
fn vitest_line(text: &str) -> Option<(u64, u64)> {
    let plain = without_colour(text);
    let rest = plain.trim_start().strip_prefix("Tests ")?;
    Some((before(rest, " passed").unwrap_or(0), before(rest, " failed").unwrap_or(0)))
}

/// The number before a word.
fn before(text: &str, word: &str) -> Option<u64> {
    let start = &text[..text.find(word)?];
    start.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn without_colour(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => in_code = true,
            'm' if in_code => in_code = false,
            c if !in_code => out.push(c),
            _ => {}
        }
    }
    out
}

fn deny() -> Result<(), String> {
    let deny = tool("cargo-deny", CARGO_DENY)?;
    // It looks at what other systems need, too, and downloads nothing itself.
    shell::run(shell::cargo().args(["fetch", "--quiet", "--locked"]))?;
    let mut command = Command::new(deny);
    // Advisories need a download that is not a package; they are looked at by hand.
    command.current_dir(shell::root()).args(["--offline", "check", "licenses", "bans", "sources"]);
    shell::run(&mut command)
}

/// A tool in `target/tools`, installed when it is not there.
fn tool(name: &str, version: &str) -> Result<PathBuf, String> {
    let tools = shell::root().join("target/tools");
    let path: &Path = &tools.join("bin").join(name);
    if !packages::is_there(path) {
        println!("Installing {name} {version} into target/tools");
        shell::run(
            shell::cargo()
                .args(["install", name, "--version", version, "--locked", "--root"])
                .arg(&tools),
        )?;
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        let cargo = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured";
        assert_eq!(cargo_line(cargo), Some((12, 3)));
        assert_eq!(cargo_line("test a ... ok"), None);
        assert_eq!(
            vitest_line("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m40 passed\u{1b}[22m (40)"),
            Some((40, 0))
        );
        assert_eq!(vitest_line("      Tests  2 failed | 40 passed (42)"), Some((40, 2)));
    }
}
