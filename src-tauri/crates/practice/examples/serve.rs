//! The practice engine as a process of its own, for tests that need one.
//!
//! `serve [--port N] [--data DIR] [--step-ms N] [--node-ms N]`. Its first line of output
//! is `listening on http://127.0.0.1:PORT`; it runs until interrupted (Ctrl-C).

use std::error::Error;
use std::time::Duration;

use practice::{Practice, PracticeConfig};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut config = PracticeConfig::new(std::env::temp_dir().join("safelight-practice"));
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--port" => config.port = value.parse()?,
            "--data" => config.data_dir = value.into(),
            "--step-ms" => config.step_time = Duration::from_millis(value.parse()?),
            "--node-ms" => config.node_time = Duration::from_millis(value.parse()?),
            _ => return Err(format!("unknown argument {name}").into()),
        }
    }
    let practice = Practice::start(config).await?;
    println!("listening on {}", practice.url());
    tokio::signal::ctrl_c().await?;
    practice.stop().await;
    Ok(())
}
