//! What the disk said about a query.

use super::row::Bits;
use crate::query::{TextTerm, WidgetTerm};
use std::collections::HashMap;

/// The answers to [`crate::Query::disk_terms`]. A term that was not answered matches nothing. Answers
/// to terms that are not asked for do no harm, so they may be kept for the next keystroke.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    texts: HashMap<TextTerm, Bits>,
    widgets: HashMap<WidgetTerm, Bits>,
}

impl Disk {
    /// Nothing was asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The ids of the texts that have these words.
    pub fn set_texts(&mut self, term: TextTerm, texts: Bits) {
        self.texts.insert(term, texts);
    }

    /// The ids of the recipes that have this value.
    pub fn set_recipes(&mut self, term: WidgetTerm, recipes: Bits) {
        self.widgets.insert(term, recipes);
    }

    /// What was answered for these words.
    #[must_use]
    pub fn texts(&self, term: &TextTerm) -> Option<&Bits> {
        self.texts.get(term)
    }

    /// What was answered for this value.
    #[must_use]
    pub fn recipes(&self, term: &WidgetTerm) -> Option<&Bits> {
        self.widgets.get(term)
    }
}
