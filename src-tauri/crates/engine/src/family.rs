//! How pictures came from one another.

use crate::{core::Core, finding, inputs};
use catalog::Sort;
use std::collections::HashSet;
use store::{ParamRow, StoreError};

/// Pictures told on each side.
const MOST: usize = 24;

/// What went into an output, and what was made from it, by their numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Family {
    /// What went into it, in the order of its nodes.
    pub made_from: Vec<u32>,
    /// What was made from it, the newest first.
    pub went_into: Vec<u32>,
}

/// The family of an output with these values, this content and a file of this name. A file that goes into a workflow is
/// named by its content, so it is found again whatever it was called.
///
/// # Errors
/// When the database cannot be read.
pub async fn of(
    core: &Core,
    key: u32,
    widgets: &[ParamRow],
    hash: &str,
    path: &str,
) -> Result<Family, StoreError> {
    let mut family = Family::default();
    let mut seen = HashSet::from([key]);
    for widget in widgets {
        if family.made_from.len() < MOST
            && let Some(content) = inputs::content_of(&widget.text)
        {
            let found = core.store.assets_with_content(content).await?;
            family.made_from.extend(found.into_iter().filter(|key| seen.insert(*key)));
        }
    }
    // Looking through all values is dear; only what was kept as an input is named by any.
    if core.finder.is_whole() && core.inputs.has_content(hash, path) {
        let text = format!("*.*:\"{}\"", inputs::name_of_content(hash));
        let answer = finding::look(core, text, Sort::Newest, false).await?;
        if let Some(index) = core.finder.index_of(&answer) {
            let rows = answer.found.rows.iter().map(|row| index.seq(*row));
            family.went_into = rows.filter(|other| *other != key).take(MOST).collect();
        }
    }
    Ok(family)
}
