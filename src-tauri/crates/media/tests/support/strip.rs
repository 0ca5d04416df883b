//! Copies without what is embedded, looked at as every one of them must be.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use media::{
    Container, EmbeddedWorkflow, MediaError, Original, Stop, embedded, export::strip, measure,
};
use std::{fs, path::Path};

/// Whether the word that is embedded in the files of these tests is there, in UTF-8 or UTF-16.
pub fn says_it(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = "SecretWord".encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&b"SecretWord"[..], &wide].iter().any(|word| memchr::memmem::find(bytes, word).is_some())
}

/// What a file is and a copy of it that holds no word of what is embedded, measures the same, and is
/// stripped as it is.
pub fn stripped(folder: &Path, name: &str, bytes: &[u8]) -> (Container, Vec<u8>) {
    assert!(says_it(bytes), "{name} has nothing to take out");
    let (from, to, again) = (folder.join("from"), folder.join("to"), folder.join("again"));
    fs::write(&from, bytes).unwrap();
    let mut original = Original::open(&from).unwrap();
    let container = original.container();
    strip(&mut original, &to, &Stop::never()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let made = fs::read(&to).unwrap();
    assert!(!says_it(&made), "{name} still says it");
    match embedded(&to) {
        Ok(found) => assert_eq!(found, (container, EmbeddedWorkflow::default()), "{name}"),
        Err(MediaError::NotRead(_)) => {}
        Err(error) => panic!("{name}: {error}"),
    }
    let measured = |path: &Path| measure(&mut Original::open(path).unwrap()).unwrap();
    assert_eq!(measured(&to), measured(&from), "{name}");
    // Twice is once.
    strip(&mut Original::open(&to).unwrap(), &again, &Stop::never()).unwrap();
    assert_eq!(fs::read(&again).unwrap(), made, "{name}");
    (container, made)
}
