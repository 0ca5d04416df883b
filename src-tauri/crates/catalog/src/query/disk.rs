//! What a query needs to know that is not in memory.

use super::term::{Column, Term, TextTest, WidgetTest};

/// What must be asked from the disk. Nothing in here is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskTerms {
    /// Each is answered with the ids of the texts it is in.
    pub texts: Vec<TextTerm>,
    /// Each is answered with the ids of the recipes that have it.
    pub widgets: Vec<WidgetTerm>,
}

/// Words to look for in the texts of recipes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextTerm {
    /// Where to look.
    pub column: Column,
    /// One word, or words that stand next to one another. It has at least one letter or digit.
    pub words: String,
    /// The last word may go on.
    pub beginning: bool,
}

/// A value to look for in the widgets of recipes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WidgetTerm {
    /// The node's class, to be compared whatever the case; any if it is absent.
    pub class: Option<String>,
    /// The input's name, to be compared whatever the case; any if it is absent.
    pub input: Option<String>,
    /// What the value must be.
    pub test: WidgetTest,
}

impl TextTerm {
    fn new(column: Column, words: &str, beginning: bool) -> Option<Self> {
        // What has no letter and no digit is in no index of words.
        words.contains(char::is_alphanumeric).then(|| Self {
            column,
            words: words.to_owned(),
            beginning,
        })
    }

    /// What a word or a phrase asks from the disk.
    pub(crate) fn of_words(term: &Term) -> Option<Self> {
        match term {
            Term::Word { text, beginning } => Self::new(Column::Any, text, *beginning),
            Term::Phrase { text, open } => Self::new(Column::Any, text, *open),
            _ => None,
        }
    }

    /// What `prompt:` and `negative:` ask from the disk.
    pub(crate) fn of_test(column: Column, test: &TextTest) -> Option<Self> {
        match test {
            TextTest::Beginning(words) => Self::new(column, words, true),
            TextTest::Phrase(words) => Self::new(column, words, false),
        }
    }
}

impl DiskTerms {
    pub(super) fn of<'a>(terms: impl Iterator<Item = &'a Term>) -> Self {
        let mut all = Self::default();
        for term in terms {
            match term {
                Term::Word { .. } | Term::Phrase { .. } => {
                    all.texts.extend(TextTerm::of_words(term));
                }
                Term::Text { column, any } => {
                    all.texts
                        .extend(any.iter().filter_map(|test| TextTerm::of_test(*column, test)));
                }
                Term::Widget { class, input, any } => {
                    all.widgets.extend(any.iter().map(|test| WidgetTerm {
                        class: class.clone(),
                        input: input.clone(),
                        test: test.clone(),
                    }));
                }
                _ => {}
            }
        }
        keep_first(&mut all.texts);
        keep_first(&mut all.widgets);
        all
    }

    /// Whether the disk need not be asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.widgets.is_empty()
    }
}

fn keep_first<T: PartialEq>(list: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::with_capacity(list.len());
    for item in list.drain(..) {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}
