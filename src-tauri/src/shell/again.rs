//! Starting once more, when the Safelight that ran before is just ending.
//!
//! A second start hands its files over to the first. When the first was killed a moment ago, it is still
//! known to the system, and does not answer any more; a moment later it is not known.

use std::{
    env,
    process::{Command, ExitCode},
    thread::sleep,
    time::Duration,
};

/// How often it is tried, and where the number is kept from one try to the next.
const TRIES: u32 = 20;
const COUNT: &str = "SAFELIGHT_START_TRY";
const PAUSE: Duration = Duration::from_millis(250);

/// Whether an error at the start says that the Safelight before is just ending.
pub fn is_just_ending(error: &tauri::Error) -> bool {
    matches!(error, tauri::Error::PluginInitialization(name, _) if name == "single-instance")
}

/// Starts the program again in place of this one, after a pause. Answers only when that cannot be, or
/// was tried often enough.
pub fn start_again() -> Option<ExitCode> {
    let tried = env::var(COUNT).ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    if tried >= TRIES {
        return None;
    }
    sleep(PAUSE);
    let mut command = Command::new(env::current_exe().ok()?);
    command.args(env::args_os().skip(1)).env(COUNT, (tried + 1).to_string());
    replace(command)
}

/// Starts the program in place of this one, which has stopped in order. The files that this one was
/// started with were taken already. Answers only when that cannot be, or where both are there for a
/// moment.
pub fn start_anew() -> Option<ExitCode> {
    replace(Command::new(env::current_exe().ok()?))
}

/// Starts the program in place of this one with the same words, and one more in its environment.
/// Answers only when that cannot be.
#[cfg(target_os = "linux")]
pub fn start_with(name: &str, value: &str) -> Option<ExitCode> {
    let mut command = Command::new(env::current_exe().ok()?);
    command.args(env::args_os().skip(1)).env(name, value);
    replace(command)
}

#[cfg(unix)]
fn replace(mut command: Command) -> Option<ExitCode> {
    use std::os::unix::process::CommandExt;
    // Comes back only when it fails.
    let error = command.exec();
    eprintln!("Safelight cannot be started again: {error}");
    None
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Option<ExitCode> {
    command.spawn().ok().map(|_| ExitCode::SUCCESS)
}
