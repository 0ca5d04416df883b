//! The practice engine as a program of its own, so that any ComfyUI client can be pointed at it.
//!
//! Its first line of output is `listening on http://127.0.0.1:PORT`; Ctrl-C or SIGTERM ends it.

use std::process::ExitCode;
use std::time::Duration;

use practice::{Practice, PracticeConfig, UnknownVersion};

/// ComfyUI's own port.
const PORT: u16 = 8188;
const HELP: &str = "\
Safelight's practice engine: speaks ComfyUI's protocol and runs image nodes on the CPU.
Nodes that need a model draw abstract pictures, and every file says so.

Usage: practice [--port N] [--data FOLDER] [--like VERSION] [--step-ms N] [--node-ms N]

  --port N       port on 127.0.0.1; 0 for any free one (8188)
  --data FOLDER  where input, output and temp are made (a folder for temporary files)
  --like VERSION the ComfyUI it answers like: 0.3.64, 0.8.0 or 0.28.2 (0.28.2)
  --step-ms N    pause for each sampler step, in milliseconds (150)
  --node-ms N    pause for each node, in milliseconds (0)";

#[tokio::main]
async fn main() -> ExitCode {
    let config = match read(std::env::args().skip(1)) {
        Ok(Some(config)) => config,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("{message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let practice = match Practice::start(config).await {
        Ok(practice) => practice,
        Err(error) => {
            eprintln!("The practice engine cannot start: {error}.");
            return ExitCode::FAILURE;
        }
    };
    println!("listening on {}", practice.url());
    until_told().await;
    practice.stop().await;
    ExitCode::SUCCESS
}

/// What the arguments ask for; nothing when they ask for help.
fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<PracticeConfig>, String> {
    let mut config = PracticeConfig::new(std::env::temp_dir().join("safelight-practice"));
    config.port = PORT;
    while let Some(name) = arguments.next() {
        if matches!(name.as_str(), "--help" | "-h") {
            return Ok(None);
        }
        if !matches!(name.as_str(), "--port" | "--data" | "--like" | "--step-ms" | "--node-ms") {
            return Err(format!("There is no argument {name}."));
        }
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value."))?;
        let no_number = |_| format!("{value} is no number that {name} takes.");
        match name.as_str() {
            "--port" => config.port = value.parse().map_err(no_number)?,
            "--data" => config.data_dir = value.into(),
            "--like" => config.like = value.parse().map_err(sentence)?,
            "--step-ms" => {
                config.step_time = Duration::from_millis(value.parse().map_err(no_number)?);
            }
            _ => config.node_time = Duration::from_millis(value.parse().map_err(no_number)?),
        }
    }
    Ok(Some(config))
}

/// An error as a sentence of its own.
fn sentence(error: UnknownVersion) -> String {
    let text = error.to_string();
    let (first, rest) = text.split_at(1);
    format!("{}{rest}.", first.to_uppercase())
}

/// Returns when somebody wants it to end.
async fn until_told() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

#[cfg(test)]
mod tests {
    use practice::Like;

    use super::*;

    fn of(words: &str) -> Result<Option<PracticeConfig>, String> {
        read(words.split_whitespace().map(String::from))
    }

    #[test]
    fn arguments_are_read_and_odd_ones_named() {
        let config = of("--port 9000 --step-ms 5").ok().flatten();
        assert_eq!(
            config.map(|config| (config.port, config.step_time)),
            Some((9000, Duration::from_millis(5)))
        );
        let old = of("--like 0.3.64").ok().flatten();
        assert_eq!(old.map(|config| config.like), Some(Like::V0_3_64));
        assert!(of("--like 0.1").is_err_and(|why| why.starts_with("The practice engine cannot")));
        assert!(of("--help").is_ok_and(|config| config.is_none()));
        assert!(of("--prot 1").is_err_and(|why| why.contains("--prot")));
        assert!(of("--port").is_err_and(|why| why.contains("value")));
        assert!(of("--port x").is_err_and(|why| why.contains("x is no number")));
    }
}
