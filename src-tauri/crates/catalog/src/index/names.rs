//! Names of models, tags and the like, each once, and finding them by what was typed.

use super::row::{Bits, NameId, NameKind};
use crate::{
    query::NameTest,
    text::{folded, squeezed, stem},
};
use std::{collections::HashMap, ops::RangeInclusive};

/// All names of one kind.
#[derive(Debug)]
pub(crate) struct Names {
    kind: NameKind,
    all: Vec<Name>,
    by_key: HashMap<String, u32>,
    /// How many names have this label, to tell whether it is clear.
    by_label: HashMap<String, u32>,
}

#[derive(Debug)]
struct Name {
    /// What the store knows it by.
    key: String,
    /// What people know it by.
    shown: String,
    folded: String,
    squeezed: String,
}

impl Name {
    fn new(key: &str, shown: &str) -> Self {
        let folded = folded(shown);
        let squeezed = squeezed(&folded);
        Self { key: key.to_owned(), shown: shown.to_owned(), folded, squeezed }
    }
}

impl Names {
    pub fn new(kind: NameKind) -> Self {
        Self { kind, all: Vec::new(), by_key: HashMap::new(), by_label: HashMap::new() }
    }

    pub fn id(&mut self, key: &str) -> NameId {
        if let Some(id) = self.by_key.get(key) {
            return NameId(*id);
        }
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.by_key.insert(key.to_owned(), id);
        self.all.push(Name::new(key, key));
        *self.by_label.entry(self.label_of(key)).or_default() += 1;
        NameId(id)
    }

    /// Names it anew. A workflow keeps its key, all else is known by its name alone.
    pub fn rename(&mut self, id: NameId, name: &str) {
        let Some(old) = self.all.get(id.0 as usize) else { return };
        let (old_key, old_label) = (old.key.clone(), self.label_of(&old.shown));
        let key = if self.kind == NameKind::Workflow { old_key.clone() } else { name.to_owned() };
        if let Some(count) = self.by_label.get_mut(&old_label) {
            *count -= 1;
        }
        *self.by_label.entry(self.label_of(name)).or_default() += 1;
        if self.by_key.get(&old_key) == Some(&id.0) {
            self.by_key.remove(&old_key);
        }
        self.by_key.entry(key.clone()).or_insert(id.0);
        self.all[id.0 as usize] = Name::new(&key, name);
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The whole name; empty if there is no such id.
    pub fn shown(&self, id: u32) -> &str {
        self.all.get(id as usize).map_or("", |name| &name.shown)
    }

    /// What people call it: a model without folder and ending, if that is clear.
    pub fn label(&self, id: u32) -> &str {
        let shown = self.shown(id);
        let short = self.short(shown);
        if self.is_clear(short) { short } else { shown }
    }

    /// What finds it and no other in a query.
    pub fn value(&self, id: u32) -> &str {
        let label = self.label(id);
        match self.all.get(id as usize) {
            Some(name) if !self.is_clear(self.short(label)) => &name.key,
            _ => label,
        }
    }

    fn is_clear(&self, label: &str) -> bool {
        self.by_label.get(&folded(label)).is_none_or(|count| *count <= 1)
    }

    fn short<'a>(&self, shown: &'a str) -> &'a str {
        if matches!(self.kind, NameKind::Model | NameKind::Lora) { stem(shown) } else { shown }
    }

    fn label_of(&self, shown: &str) -> String {
        folded(self.short(shown))
    }

    /// The names that pass one of these tests. If wished, a part that is in none stands for the nearest
    /// one.
    pub fn passing(&self, any: &[NameTest], guesses: bool) -> Bits {
        let mut passing = Bits::with_capacity(self.all.len());
        for test in any {
            match test {
                NameTest::Is(text) => passing.union_with(&self.called(text)),
                NameTest::Like(text) => {
                    let found = self.containing(text);
                    let found =
                        if found.is_clear() && guesses { self.nearest(text) } else { found };
                    passing.union_with(&found);
                }
            }
        }
        passing
    }

    /// The name that is exactly this one, else those that are but for case, folder and ending.
    fn called(&self, text: &str) -> Bits {
        if let Some(id) = self.by_key.get(text) {
            let mut exact = Bits::with_capacity(self.all.len());
            exact.insert(*id as usize);
            return exact;
        }
        let wanted = folded(text);
        self.filtered(|name| name.folded == wanted || self.label_of(&name.shown) == wanted)
    }

    /// The names that contain a text, whatever stands between its letters and digits.
    pub fn containing(&self, text: &str) -> Bits {
        let wanted = folded(text);
        let bare = squeezed(&wanted);
        if bare.is_empty() {
            return self.filtered(|name| name.folded.contains(&wanted));
        }
        self.filtered(|name| name.squeezed.contains(&bare))
    }

    /// The names that contain a text as it is, whatever the case.
    pub fn with_part(&self, folded: &str) -> Bits {
        self.filtered(|name| name.folded.contains(folded))
    }

    /// The names that a text was probably meant to be in: those with the fewest wrong letters.
    pub fn nearest(&self, text: &str) -> Bits {
        let wanted: Vec<char> = squeezed(&folded(text)).chars().collect();
        let most = wrong_letters(wanted.len());
        let wanted: String = wanted.into_iter().collect();
        let wrong: Vec<usize> =
            self.all.iter().map(|name| distance(&wanted, &name.folded, most)).collect();
        let least = wrong.iter().copied().min().unwrap_or(usize::MAX);
        let mut nearest = Bits::with_capacity(self.all.len());
        if least <= most && most > 0 {
            nearest.extend((0..wrong.len()).filter(|id| wrong[*id] == least));
        }
        nearest
    }

    fn filtered(&self, mut passes: impl FnMut(&Name) -> bool) -> Bits {
        let mut found = Bits::with_capacity(self.all.len());
        found.extend((0..self.all.len()).filter(|id| passes(&self.all[*id])));
        found
    }

    /// Bytes on the heap, about.
    pub fn memory(&self) -> usize {
        let of_name = |name: &Name| {
            size_of::<Name>() + 3 * name.key.len() + 2 * name.shown.len() + name.squeezed.len()
        };
        self.all.iter().map(of_name).sum()
    }
}

/// How many letters of a word may be wrong.
fn wrong_letters(length: usize) -> usize {
    match length {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// The fewest wrong letters if a text was meant to be a part of a name that begins where one of its
/// words does. What is beyond `most` counts as never.
fn distance(wanted: &str, name: &str, most: usize) -> usize {
    let length = wanted.chars().count();
    let lengths: RangeInclusive<usize> = length.saturating_sub(most).max(1)..=length + most;
    let mut least = usize::MAX;
    let mut before = None;
    for (at, sign) in name.char_indices() {
        let begins = sign.is_alphanumeric()
            && before.is_none_or(|before: char| {
                !before.is_alphanumeric() || before.is_numeric() != sign.is_numeric()
            });
        before = Some(sign);
        if !begins {
            continue;
        }
        let rest: Vec<char> =
            name[at..].chars().filter(|sign| sign.is_alphanumeric()).take(length + most).collect();
        for length in lengths.clone().take_while(|length| *length <= rest.len()) {
            let part: String = rest[..length].iter().collect();
            least = least.min(strsim::osa_distance(wanted, &part));
        }
    }
    if least > most { usize::MAX } else { least }
}
