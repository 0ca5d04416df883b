//! Tests that need mounts of their own, or rights that count: each is run again by another test, in a
//! process that has them.

use std::{ffi::OsStr, fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

/// Set in such a process.
const ALONE: &str = "SAFELIGHT_TEST_ALONE";
/// Begins a process that is root of a world of mounts of its own.
const OWN_MOUNTS: [&str; 4] = ["unshare", "--user", "--map-root-user", "--mount"];
/// Begins a process for which rights count although it is root's.
const HEEDS_RIGHTS: [&str; 2] = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];

/// Whether this is such a process.
pub fn is_alone() -> bool {
    let alone = std::env::var_os(ALONE).is_some();
    if !alone {
        println!("not run: it is run by another test");
    }
    alone
}

/// Runs a test where it may mount, if the system allows that.
pub fn with_own_mounts(test: &str) {
    if works(&OWN_MOUNTS) {
        again(&OWN_MOUNTS, test);
    } else {
        println!("not run: this system lets nobody but its administrator mount");
    }
}

/// Runs a test where files can be kept from being read, if the system allows that.
pub fn with_rights(test: &str) {
    if rights_count() {
        again(&[], test);
    } else if works(&HEEDS_RIGHTS) {
        again(&HEEDS_RIGHTS, test);
    } else {
        println!("not run: whoever runs this may read everything");
    }
}

/// Whether a file without rights cannot be read here. An administrator reads it all the same.
pub fn rights_count() -> bool {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o000)).unwrap();
    fs::File::open(file.path()).is_err()
}

/// Mounts a disk in memory.
pub fn mount(at: &Path, options: &str) {
    let words = ["-t", "tmpfs", "-o", options, "pictures"].map(OsStr::new);
    run("mount", &[&words[..], &[at.as_os_str()]].concat());
}

/// Shows what is mounted at one place at another, too.
pub fn bind(from: &Path, at: &Path) {
    run("mount", &[OsStr::new("--bind"), from.as_os_str(), at.as_os_str()]);
}

/// Takes a mount away, also while somebody has something open there.
pub fn unmount(at: &Path) {
    run("umount", &[OsStr::new("--lazy"), at.as_os_str()]);
}

fn run(program: &str, arguments: &[&OsStr]) {
    let status = Command::new(program).args(arguments).status().unwrap();
    assert!(status.success(), "{program} {arguments:?}");
}

fn works(begin: &[&str]) -> bool {
    let status = Command::new(begin[0]).args(&begin[1..]).arg("true").status();
    status.is_ok_and(|status| status.success())
}

fn again(begin: &[&str], test: &str) {
    let ours = std::env::current_exe().unwrap();
    let mut words: Vec<&OsStr> = begin.iter().map(|word| OsStr::new(*word)).collect();
    words.push(ours.as_os_str());
    let run = Command::new(words[0])
        .args(&words[1..])
        .args(["--exact", test, "--include-ignored", "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = [run.stdout, run.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(run.status.success() && said[0].contains("1 passed"), "{}", said.concat());
}
