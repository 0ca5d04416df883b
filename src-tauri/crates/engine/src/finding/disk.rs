//! Asking the store for what is not in memory: words in prompts, values of widgets.

use catalog::{Bits, Column, Disk, DiskTerms, Test, TextTerm, WidgetTerm, WidgetTest, Widgets};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use store::{Store, StoreError, TextColumn};

/// Answers of the store that are kept: while one word is typed, the others stay the same.
const KEPT: usize = 64;

/// What the store said lately, as long as the library has not changed.
#[derive(Default)]
pub struct Said(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    revision: u64,
    texts: VecDeque<(TextTerm, Arc<Bits>)>,
    widgets: VecDeque<(WidgetTerm, Arc<Bits>)>,
    /// All that nodes can be asked for.
    all: Option<Arc<Widgets>>,
}

impl Said {
    /// Asks for all terms of a query.
    pub async fn to(
        &self,
        terms: DiskTerms,
        store: &Store,
        revision: u64,
    ) -> Result<Disk, StoreError> {
        let mut disk = Disk::new();
        for term in terms.texts {
            let bits = match self.kept(revision, |kept| find(&kept.texts, &term)) {
                Some(bits) => bits,
                None => {
                    let bits = Arc::new(bits(&store.texts_with(&text_term(&term)).await?));
                    self.keep(revision, |kept| push(&mut kept.texts, term.clone(), bits.clone()));
                    bits
                }
            };
            disk.set_texts(term, Bits::clone(&bits));
        }
        for term in terms.widgets {
            let bits = match self.kept(revision, |kept| find(&kept.widgets, &term)) {
                Some(bits) => bits,
                None => {
                    let bits = Arc::new(bits(&store.recipes_with(&widget_term(&term)).await?));
                    self.keep(revision, |kept| push(&mut kept.widgets, term.clone(), bits.clone()));
                    bits
                }
            };
            disk.set_recipes(term, Bits::clone(&bits));
        }
        Ok(disk)
    }

    /// What nodes can be asked for.
    pub async fn widgets(&self, store: &Store, revision: u64) -> Result<Arc<Widgets>, StoreError> {
        if let Some(all) = self.kept(revision, |kept| kept.all.clone()) {
            return Ok(all);
        }
        let all = Arc::new(Widgets::of(store.widgets().await?));
        self.keep(revision, |kept| kept.all = Some(all.clone()));
        Ok(all)
    }

    fn kept<T>(&self, revision: u64, get: impl FnOnce(&Kept) -> Option<T>) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.revision == revision { get(&kept) } else { None }
    }

    fn keep(&self, revision: u64, put: impl FnOnce(&mut Kept)) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.revision != revision {
            *kept = Kept { revision, ..Kept::default() };
        }
        put(&mut kept);
    }
}

fn find<T: PartialEq>(list: &VecDeque<(T, Arc<Bits>)>, term: &T) -> Option<Arc<Bits>> {
    list.iter().find(|(kept, _)| kept == term).map(|(_, bits)| bits.clone())
}

fn push<T>(list: &mut VecDeque<(T, Arc<Bits>)>, term: T, bits: Arc<Bits>) {
    list.push_back((term, bits));
    if list.len() > KEPT {
        list.pop_front();
    }
}

fn bits(ids: &[u32]) -> Bits {
    let longest = ids.iter().max().map_or(0, |most| *most as usize + 1);
    let mut bits = Bits::with_capacity(longest);
    for id in ids {
        bits.insert(*id as usize);
    }
    bits
}

fn text_term(term: &TextTerm) -> store::TextTerm {
    store::TextTerm {
        column: match term.column {
            Column::Any => None,
            Column::Prompt => Some(TextColumn::Prompt),
            Column::Negative => Some(TextColumn::Negative),
        },
        words: term.words.clone(),
        beginning: term.beginning,
    }
}

fn widget_term(term: &WidgetTerm) -> store::WidgetTerm {
    let number = |number: &Option<catalog::Number>| number.map(catalog::Number::value);
    let between = |least: Option<f64>, most: Option<f64>, above, below| store::WidgetTest::Number {
        least,
        most,
        above,
        below,
    };
    let test = match &term.test {
        WidgetTest::Like { text, number: is } => {
            store::WidgetTest::Like { text: text.clone(), number: number(is) }
        }
        WidgetTest::Equal { text, number: is } => {
            store::WidgetTest::Equal { text: text.clone(), number: number(is) }
        }
        WidgetTest::Number(test) => match test.map(catalog::Number::value) {
            Test::Is(is) => between(Some(is), Some(is), false, false),
            Test::Above(least) => between(Some(least), None, true, false),
            Test::AtLeast(least) => between(Some(least), None, false, false),
            Test::Below(most) => between(None, Some(most), false, true),
            Test::AtMost(most) => between(None, Some(most), false, false),
            Test::Between(least, most) => between(Some(least), Some(most), false, false),
        },
    };
    store::WidgetTerm { class: term.class.clone(), input: term.input.clone(), test }
}
