//! Files that real servers and their nodes wrote, where they are at hand.
#![allow(clippy::unwrap_used, clippy::panic)]

use media::{Container, embedded, verify};
use std::{fs, path::Path};

#[test]
fn every_real_file_gives_its_prompt_and_is_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/samples");
    if !folder.is_dir() {
        println!("not run: there are no samples beside the project");
        return;
    }
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let (container, found) = embedded(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_ne!(container, Container::Unknown, "{name}");
        let prompt = found.prompt.unwrap_or_else(|| panic!("{name} has no prompt"));
        assert!(prompt.contains("class_type"), "{name}: {prompt}");
        if let Some(workflow) = found.workflow {
            assert!(workflow.contains("\"nodes\""), "{name}: {workflow}");
        }
        match verify(&path, container) {
            Ok(()) => {}
            Err(error) => assert!(error.is_unsupported(), "{name}: {error}"),
        }
        count += 1;
    }
    println!("{count} real files");
    assert!(count > 10);
}
