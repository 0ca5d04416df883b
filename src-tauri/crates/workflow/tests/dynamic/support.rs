//! Wildcards that are here.

use std::{collections::BTreeMap, sync::Arc};
use workflow::dynamic::{DynamicError, Prompts, WildcardFile, Wildcards, parse};

/// Files by their names.
#[derive(Debug, Default)]
pub struct Files(pub BTreeMap<String, String>);

impl Files {
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }
}

impl Wildcards for Files {
    fn file(&self, name: &str) -> Result<Option<Arc<WildcardFile>>, String> {
        if name == "locked" {
            return Err("Its folder is locked.".to_owned());
        }
        Ok(self.0.get(name).map(|text| Arc::new(WildcardFile::of_text(text))))
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().rev().cloned().collect()
    }
}

pub fn prompts(text: &str, files: &Files) -> Result<Prompts, DynamicError> {
    parse(text)?.fill(files)
}

/// All results; and that there are as many as was said.
pub fn all(text: &str, files: &Files) -> Vec<String> {
    let prompts = prompts(text, files).unwrap_or_else(|error| panic!("{text}: {error}"));
    let all: Vec<String> = prompts.all().collect();
    assert_eq!(prompts.count(), all.len() as u64, "{text}");
    all
}

pub fn error(text: &str, files: &Files) -> String {
    match prompts(text, files) {
        Ok(_) => panic!("{text} is read"),
        Err(error) => error.to_string(),
    }
}
