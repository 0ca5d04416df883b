//! The log: to standard error, and to a file that does not grow for ever.

use std::{
    fs::{self, File, OpenOptions},
    path::Path,
    sync::Mutex,
};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// A log of more bytes than this is put aside at the next start; one older log is kept.
const LARGEST: u64 = 5 << 20;

/// Starts logging. `SAFELIGHT_LOG` sets what is logged, as `RUST_LOG` does elsewhere.
pub fn start(data: &Path) {
    let filter = || {
        EnvFilter::try_from_env("SAFELIGHT_LOG")
            .unwrap_or_else(|_| EnvFilter::new("warn,safelight=info,engine=info"))
    };
    let to_file = open(data).map(|file| {
        fmt::layer().with_ansi(false).with_writer(Mutex::new(file)).with_filter(filter())
    });
    let to_stderr = fmt::layer().with_writer(std::io::stderr).with_filter(filter());
    // Fails only when logging was started before, as tests do.
    let _ = tracing_subscriber::registry().with(to_stderr).with(to_file).try_init();
}

fn open(data: &Path) -> Option<File> {
    fs::create_dir_all(data).ok()?;
    let path = data.join("safelight.log");
    if fs::metadata(&path).is_ok_and(|meta| meta.len() > LARGEST) {
        let _ = fs::rename(&path, data.join("safelight.old.log"));
    }
    OpenOptions::new().create(true).append(true).open(path).ok()
}
