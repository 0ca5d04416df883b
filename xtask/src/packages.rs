//! System packages: which are missing, and installing them where that is allowed.

use crate::shell;
use std::{path::Path, process::Command};

/// What building and running needs, as Debian 12 and Ubuntu 24.04 call it.
pub const BUILD: &[&str] = &[
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libsoup-3.0-dev",
    "libxdo-dev",
    "libssl-dev",
    "libdbus-1-dev",
    "build-essential",
    "pkg-config",
    "file",
];

/// What the tests need besides: a real window, a real proxy, clients in Python.
pub const TEST: &[&str] = &[
    "xvfb",
    "webkit2gtk-driver",
    "dbus",
    "dbus-x11",
    "openbox",
    "xdotool",
    "x11-utils",
    "imagemagick",
    "python3-dbus",
    "python3-gi",
    "python3-venv",
    "nginx-light",
    "iproute2",
    "gir1.2-gtk-3.0",
    "fonts-dejavu-core",
    "adwaita-icon-theme",
];

/// Makes sure that packages are there: installs them if it may, else says the one line to run.
pub fn require(wanted: &[&str]) -> Result<(), String> {
    node()?;
    if cfg!(not(target_os = "linux")) {
        println!(
            "Not Linux: on macOS the Xcode command line tools are needed, on Windows the C++ build tools and WebView2."
        );
        return Ok(());
    }
    if shell::output("dpkg-query", &["--version"]).is_none() {
        println!(
            "This is no Debian or Ubuntu, so packages are not checked. Needed are WebKitGTK 4.1, libayatana-appindicator, librsvg, libsoup 3, D-Bus and OpenSSL with their headers."
        );
        return Ok(());
    }
    let missing = missing(wanted);
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing system packages: {}", missing.join(" "));
    let by_hand = format!("sudo apt-get install {}", missing.join(" "));
    let root = shell::output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    let sudo = !root && shell::output("sudo", &["-n", "true"]).is_some();
    if !root && !sudo {
        return Err(format!("packages are missing. Please run:\n  {by_hand}"));
    }
    // A folder of our own: another apt-get's update would delete what is being downloaded.
    let archives = shell::root().join("target/apt");
    std::fs::create_dir_all(archives.join("partial")).map_err(|error| error.to_string())?;
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if sudo { "sudo" } else { "apt-get" });
        if sudo {
            command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-o", "DPkg::Lock::Timeout=300", "-o"])
            .arg(format!("Dir::Cache::archives={}", archives.display()))
            .args(arguments);
        shell::run(&mut command)
    };
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(missing.iter().copied());
    apt(&["update"])
        .and_then(|()| apt(&install))
        .map_err(|error| format!("{error}. Please run:\n  {by_hand}"))
}

/// Says what is missing.
pub fn report(with_tests: bool) -> Result<(), String> {
    let mut wanted = BUILD.to_vec();
    if with_tests {
        wanted.extend(TEST);
    }
    let missing = missing(&wanted);
    if missing.is_empty() {
        println!("All {} packages are there.", wanted.len());
        Ok(())
    } else {
        Err(format!("missing: {}", missing.join(" ")))
    }
}

fn missing<'a>(wanted: &[&'a str]) -> Vec<&'a str> {
    wanted
        .iter()
        .copied()
        .filter(|package| {
            // A failed query means that the package was never heard of.
            shell::output("dpkg-query", &["-W", "-f=${db:Status-Status}", package])
                .is_none_or(|status| status.trim() != "installed")
        })
        .collect()
}

fn node() -> Result<(), String> {
    let needed = "Node 20 or newer with npm is needed (https://nodejs.org)";
    let version = shell::output("node", &["--version"]).ok_or(needed)?;
    let major = version.trim().trim_start_matches('v').split('.').next().unwrap_or_default();
    match major.parse::<u32>() {
        Ok(major) if major >= 20 && shell::output("npm", &["--version"]).is_some() => Ok(()),
        _ => Err(format!("{needed}; found node {}", version.trim())),
    }
}

/// Whether a path is there; for programs that tests install.
pub fn is_there(path: &Path) -> bool {
    path.is_file()
}
