//! `cargo xtask run` starts Safelight from a fresh checkout, `cargo xtask test` checks all of it.

mod clients;
mod codegen;
mod packages;
mod shell;
mod steps;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run [-- FILE…]          build Safelight and start it
cargo xtask test [--only A,B] [--skip A,B] [--list]
                                    run all checks and tests, cheap ones first
cargo xtask bench                   measure the release build; figures go to docs/BENCHMARKS.md
cargo xtask codegen [--check]       write the TypeScript types, or compare them
cargo xtask packages [--test]       name the system packages that are missing";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let result = match arguments.first().map(String::as_str) {
        Some("run") => run(rest),
        Some("test") => steps::test(rest),
        Some("bench") => steps::bench(),
        Some("codegen") => codegen::codegen(rest.iter().any(|argument| argument == "--check")),
        Some("packages") => packages::report(rest.iter().any(|argument| argument == "--test")),
        _ => {
            println!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    packages::require(packages::BUILD)?;
    ui::build()?;
    let files = arguments.iter().filter(|argument| *argument != "--");
    shell::run(shell::cargo().args(["build", "--package", "safelight"]))?;
    let mut app = std::process::Command::new(shell::root().join("target/debug/safelight"));
    shell::run(app.args(files))
}
