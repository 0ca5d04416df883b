//! Names from outside are never joined to a path before they were looked at here.

use std::path::PathBuf;

/// A relative path made of ordinary parts only. `None` if it is absolute, goes up,
/// holds a NUL, a drive or stream (`:`) or a reserved character.
pub fn inside(name: &str) -> Option<PathBuf> {
    if name.starts_with(['/', '\\']) || name.contains([':', '\0', '<', '>', '|', '"', '?', '*']) {
        return None;
    }
    let mut path = PathBuf::new();
    for part in name.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => return None,
            part => path.push(part),
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_inside_pass() {
        assert_eq!(inside("a/b.png"), Some(PathBuf::from("a/b.png")));
        assert_eq!(inside("./a//b"), Some(PathBuf::from("a/b")));
        assert_eq!(inside(""), Some(PathBuf::new()));
        for bad in ["../a", "a/../../b", "/etc/passwd", "\\a", "C:\\a", "c:a", "a\0b"] {
            assert_eq!(inside(bad), None, "{bad:?}");
        }
    }
}
