//! Completion while typing.

use crate::{
    index::{Disk, Filter, Index, Matches, NameKind, month_counts, name_counts},
    query::{
        FieldKey, FlagValue, Has, Is, Key, Kind, NameTest, NamedKey, Now, PERIODS, PieceShape,
        Query, Shape, Span, pieces, widget_name, written_value,
    },
    text::folded,
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Most completions that are offered.
pub const MAX_COMPLETIONS: usize = 20;
/// How ratings are offered.
const RATINGS: &[&str] = &["5", "4+", "3+", "2+", "1+", "0"];

/// The token that is being typed, and the rest of the query, in which completions are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completing {
    /// The query without the token at the caret. Ask the disk about this one.
    pub rest: Query,
    /// What a completion replaces.
    pub replace: Span,
    /// What is typed of it, up to the caret.
    typed: String,
    subject: Subject,
    /// The class of nodes in front of a dot, if what is typed may be an input of it.
    class: Option<String>,
    /// Of a value: the input it is of.
    input: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// A word, or a key that is not finished.
    Word,
    /// A value of a key.
    Value(Key),
    /// An input of a class of nodes.
    Input,
    /// A value of an input, and what stands in front of it in the rest of the query. The disk has them.
    WidgetValue(Front),
    /// Something that cannot be completed.
    Unknown,
}

/// What stands in front of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Front {
    /// Its token is negated.
    negated: bool,
    /// `=` is there already.
    equal: bool,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What takes the place of [`Completing::replace`].
    pub text: String,
    /// What to show.
    pub label: String,
    /// How many would match; nothing for keys.
    pub count: Option<u32>,
}

impl Completing {
    /// What is being typed at a caret, given in bytes of the text. A caret outside of the text or in
    /// the middle of a character is moved back to the next place where one can be.
    #[must_use]
    pub fn at(text: &str, caret: usize, now: &Now) -> Self {
        let caret = text.floor_char_boundary(caret);
        let query = Query::parse(text, now);
        let pieces = pieces(text);
        let place = pieces
            .iter()
            .position(|piece| piece.start <= caret && caret <= piece.start + piece.text.len());
        let Some((place, piece)) = place.and_then(|place| Some((place, pieces.get(place)?))) else {
            let replace = Span::of(text, caret, caret);
            return Self {
                rest: query,
                replace,
                typed: String::new(),
                subject: Subject::Word,
                class: None,
                input: None,
            };
        };
        if let Some(input) = Self::behind_quotes(text, caret, &query, place) {
            return input;
        }
        let begin = piece.start + usize::from(piece.negated);
        let end = piece.start + piece.text.len();
        let (start, end, subject) = match &piece.shape {
            PieceShape::Word(_) => (begin, end, Subject::Word),
            PieceShape::Field { key: FieldKey::Plain(key), values, values_start, .. } => {
                let key = Key::of_word(key);
                let value = values.iter().find(|value| value.start <= caret && caret <= value.end);
                match (key, value) {
                    (_, None) if caret < *values_start => (begin, caret, Subject::Unknown),
                    (Some(key), Some(value)) => (value.start, value.end, Subject::Value(key)),
                    (Some(key), None) => (caret, caret, Subject::Value(key)),
                    (None, _) => (begin, end, Subject::Unknown),
                }
            }
            PieceShape::Field { key: FieldKey::Widget(..), values, values_start, .. }
                if caret >= *values_start =>
            {
                let value = values.iter().find(|value| value.start <= caret && caret <= value.end);
                let (start, end) = value.map_or((caret, caret), |value| (value.start, value.end));
                match operator_of(text, piece.negated, start) {
                    Some(operator) => (start, end, Subject::WidgetValue(operator)),
                    // Numbers from or to somewhere are no names.
                    None => (start, end, Subject::Unknown),
                }
            }
            _ => (begin, end, Subject::Unknown),
        };
        let start = start.min(caret);
        let typed = text[start..caret].trim_start_matches(crate::query::is_quote).to_owned();
        let replace = Span::of(text, start, end.max(caret));
        let (class, input) = match (&subject, &piece.shape) {
            (Subject::Word, _) => (class_of(&typed), None),
            (
                Subject::WidgetValue(_),
                PieceShape::Field { key: FieldKey::Widget(class, input), .. },
            ) => (Some(class.clone()), Some(input.clone())),
            _ => (None, None),
        };
        Self { rest: query.without(place), replace, typed, subject, class, input }
    }

    /// An input behind a class of nodes in quotes, `"Power Lora Loader (rgthree)".lo`: without an
    /// operator these are two pieces.
    fn behind_quotes(text: &str, caret: usize, query: &Query, place: usize) -> Option<Self> {
        let pieces = pieces(text);
        let [class, input] = pieces.get(place.checked_sub(1)?..=place)? else { return None };
        let PieceShape::Phrase { text: name, open: false } = &class.shape else { return None };
        let typed = text.get(input.start..caret)?.strip_prefix('.')?;
        if class.start + class.text.len() != input.start {
            return None;
        }
        let begin = class.start + usize::from(class.negated);
        Some(Self {
            rest: query.without(place).without(place - 1),
            replace: Span::of(text, begin, input.start + input.text.len()),
            typed: typed.to_owned(),
            subject: Subject::Input,
            class: Some(name.clone()),
            input: None,
        })
    }

    /// The value of an input that is being typed: the class (any if it is absent), the input (any if it
    /// is absent), and what is typed of it.
    #[must_use]
    pub fn widget_value(&self) -> Option<(Option<&str>, Option<&str>, &str)> {
        let (class, input) = (named(self.class.as_deref()), named(self.input.as_deref()));
        matches!(self.subject, Subject::WidgetValue(_)).then_some((
            class,
            input,
            self.typed.as_str(),
        ))
    }

    /// A value of an input as what could be typed.
    #[must_use]
    pub fn value(&self, value: String, count: usize) -> Completion {
        let count = Some(u32::try_from(count).unwrap_or(u32::MAX));
        let equal = matches!(self.subject, Subject::WidgetValue(Front { equal: true, .. }));
        let equal = if equal { "" } else { "=" };
        Completion { text: format!("{equal}{}", written_value(&value)), label: value, count }
    }

    /// The rest of the query with a value of the input that is being typed.
    #[must_use]
    pub fn with_value(&self, value: &str, now: &Now) -> Query {
        let class = widget_name(named(self.class.as_deref()), true);
        let input = widget_name(named(self.input.as_deref()), false);
        let negated = matches!(self.subject, Subject::WidgetValue(Front { negated: true, .. }));
        let (not, value) = (if negated { "-" } else { "" }, written_value(value));
        Query::parse(&format!("{} {not}{class}.{input}:={value}", self.rest), now)
    }

    /// The same for a caret in UTF-16 code units, as a page has it.
    #[must_use]
    pub fn at_utf16(text: &str, caret: usize, now: &Now) -> Self {
        let mut passed = 0;
        let before = text.char_indices().find(|(_, sign)| {
            passed += sign.len_utf16();
            passed > caret
        });
        Self::at(text, before.map_or(text.len(), |(at, _)| at), now)
    }
}

/// What stands in front of a value that begins there; nothing where it is a comparison of numbers.
fn operator_of(text: &str, negated: bool, start: usize) -> Option<Front> {
    let before = text.get(..start)?;
    if before.ends_with([':', ',']) {
        return Some(Front { negated, equal: false });
    }
    let compares = before.ends_with("<=") || before.ends_with(">=");
    (before.ends_with('=') && !compares).then_some(Front { negated, equal: true })
}

/// A name; nothing where any will do.
fn named(name: Option<&str>) -> Option<&str> {
    name.filter(|name| *name != "*")
}

/// What stands before the dot of a word, if that may be a class of nodes.
fn class_of(word: &str) -> Option<String> {
    let (class, _) = word.split_once('.')?;
    let is_number = class.bytes().all(|byte| byte.is_ascii_digit());
    (!is_number).then(|| class.to_owned())
}

/// The inputs of classes of nodes that recipes have values of. The disk has them.
#[derive(Clone, Debug, Default)]
pub struct Widgets(BTreeMap<String, BTreeSet<String>>);

impl Widgets {
    /// Those of these classes and inputs.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut classes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (class, input) in pairs {
            classes.entry(class).or_default().insert(input);
        }
        Self(classes)
    }

    /// Classes that begin so, whatever the case.
    fn classes(&self, typed: &str) -> Vec<Completion> {
        let of = |class: &String| Completion {
            text: format!("{}.", widget_name(Some(class), true)),
            label: format!("{class}."),
            count: None,
        };
        self.0.keys().filter(|class| begins_with(class, typed)).map(of).collect()
    }

    /// Inputs of a class, whatever its case, or of any: first those that begin so, then those that
    /// contain it.
    fn inputs(&self, class: &str, typed: &str) -> Vec<Completion> {
        let typed = typed.to_ascii_lowercase();
        let any = class == "*";
        let classes = self.0.iter().filter(|(name, _)| any || name.eq_ignore_ascii_case(class));
        let mut found: BTreeMap<(bool, &str), String> = BTreeMap::new();
        for (name, inputs) in classes {
            for input in inputs {
                let lower = input.to_ascii_lowercase();
                if lower.contains(&typed) {
                    let name = if any { class } else { name };
                    found.entry((!lower.starts_with(&typed), input)).or_insert(name.to_owned());
                }
            }
        }
        let of = |((_, input), class): ((bool, &str), String)| {
            let written = widget_name(Some(&class).filter(|_| !any).map(String::as_str), true);
            Completion {
                text: format!("{written}.{}:", widget_name(Some(input), false)),
                label: format!("{class}.{input}"),
                count: None,
            }
        };
        found.into_iter().map(of).collect()
    }
}

fn begins_with(name: &str, typed: &str) -> bool {
    name.get(..typed.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(typed))
}

impl Index {
    /// What the token at the caret could become, best first, at most [`MAX_COMPLETIONS`]. Values are
    /// counted among what the rest of the query matches; `disk` has the answers to that rest, and
    /// `widgets` are what nodes can be asked for.
    #[must_use]
    pub fn complete(
        &self,
        completing: &Completing,
        disk: &Disk,
        widgets: &Widgets,
        now: &Now,
    ) -> Vec<Completion> {
        let typed = completing.typed.as_str();
        let offer = Offer { index: self, disk, now, typed };
        let matches = || self.search(&completing.rest, disk);
        let mut all = match completing.subject {
            // The disk has the values.
            Subject::Unknown | Subject::WidgetValue(_) => Vec::new(),
            Subject::Input => widgets.inputs(completing.class.as_deref().unwrap_or("*"), typed),
            Subject::Word if completing.typed.is_empty() => offer.keys(),
            Subject::Word => {
                let mut all = offer.keys();
                all.extend(offer.tokens(&matches()));
                match typed.split_once('.').zip(completing.class.as_deref()) {
                    Some(((_, input), class)) => all.extend(widgets.inputs(class, input)),
                    None => all.extend(widgets.classes(typed)),
                }
                all
            }
            Subject::Value(key) => offer.values(key, &matches()),
        };
        all.truncate(MAX_COMPLETIONS);
        all
    }
}

/// Makes completions of what is typed.
struct Offer<'a> {
    index: &'a Index,
    disk: &'a Disk,
    now: &'a Now,
    typed: &'a str,
}

impl Offer<'_> {
    fn keys(&self) -> Vec<Completion> {
        let typed = self.typed.to_ascii_lowercase();
        let begins = |key: &&Key| key.words().iter().any(|word| word.starts_with(&typed));
        let of = |key: &Key| {
            let text = format!("{}:", key.word());
            Completion { label: text.clone(), text, count: None }
        };
        Key::ALL.iter().filter(begins).map(of).collect()
    }

    /// Names of all kinds as whole tokens.
    fn tokens(&self, matches: &Matches) -> Vec<Completion> {
        let mut all: Vec<(bool, Completion)> = Vec::new();
        for key in NamedKey::ALL {
            let as_token = |(begins, named): (bool, Completion)| {
                let text = format!("{}={}", key.word(), named.text);
                (
                    begins,
                    Completion { label: format!("{}: {}", key.word(), named.label), text, ..named },
                )
            };
            let found = self.names(*key, matches, false);
            all.extend(found.into_iter().map(as_token).filter(|(_, named)| named.count != Some(0)));
        }
        best_first(all)
    }

    fn values(&self, key: Key, matches: &Matches) -> Vec<Completion> {
        match key {
            Key::Model => best_first(self.names(NamedKey::Model, matches, true)),
            Key::Lora => best_first(self.names(NamedKey::Lora, matches, true)),
            Key::Tag => best_first(self.names(NamedKey::Tag, matches, true)),
            Key::Collection => best_first(self.names(NamedKey::Collection, matches, true)),
            Key::Workflow => best_first(self.names(NamedKey::Workflow, matches, true)),
            Key::Server => best_first(self.names(NamedKey::Server, matches, true)),
            Key::Sampler => best_first(self.names(NamedKey::Sampler, matches, true)),
            Key::Scheduler => best_first(self.names(NamedKey::Scheduler, matches, true)),
            Key::Kind => self.words(key, matches, Kind::ALL.iter().map(|kind| kind.words())),
            Key::Shape => self.words(key, matches, Shape::ALL.iter().map(|shape| shape.words())),
            Key::Has => self.words(key, matches, Has::ALL.iter().map(|has| has.words())),
            Key::Is => self.words(key, matches, Is::ALL.iter().map(|is| is.words())),
            Key::Flag => self.words(key, matches, FlagValue::ALL.iter().map(|flag| flag.words())),
            Key::Favourite => self.words(key, matches, [["yes"].as_slice(), &["no"]].into_iter()),
            Key::Rating => self.words(key, matches, RATINGS.iter().map(std::slice::from_ref)),
            Key::Date => {
                let mut all = self.words(key, matches, PERIODS.iter().map(std::slice::from_ref));
                all.extend(self.months(matches));
                all
            }
            Key::Seed | Key::Size | Key::Steps | Key::Cfg | Key::Denoise | Key::Took => Vec::new(),
            Key::Prompt
            | Key::Negative
            | Key::Name
            | Key::Job
            | Key::Batch
            | Key::Like
            | Key::SamePrompt => Vec::new(),
        }
    }

    /// Names that contain what is typed, or are near to it, and whether they begin with it.
    fn names(&self, key: NamedKey, matches: &Matches, near: bool) -> Vec<(bool, Completion)> {
        let kind = NameKind::of(key);
        let names = self.index.names(kind);
        let fitting = if near {
            names.passing(&[NameTest::Like(self.typed.to_owned())], true)
        } else {
            names.containing(self.typed)
        };
        let begin = folded(self.typed);
        let counts = name_counts(self.index, &matches.rows, kind);
        let fitting = (0_u32..).zip(counts).filter(|(id, _)| fitting.contains(*id as usize));
        let of = |(id, count)| {
            let label = names.label(id).to_owned();
            let text = written_value(names.value(id));
            (folded(&label).starts_with(&begin), Completion { text, label, count: Some(count) })
        };
        fitting.map(of).collect()
    }

    /// Words of which one begins with what is typed, in their own order.
    fn words<'w>(
        &self,
        key: Key,
        matches: &Matches,
        words: impl Iterator<Item = &'w [&'w str]>,
    ) -> Vec<Completion> {
        let typed = self.typed.to_ascii_lowercase();
        let fitting = words.filter(|words| words.iter().any(|word| word.starts_with(&typed)));
        let filter = Filter { index: self.index, disk: self.disk, guesses: true };
        let of = |words: &[&str]| {
            let word = *words.first()?;
            let query = Query::parse(&format!("{}:{word}", key.word()), self.now);
            let (_, term) = query.terms().next()?;
            let count = filter.rows(term).intersection_count(&matches.rows);
            let count = Some(u32::try_from(count).unwrap_or(u32::MAX));
            Some(Completion { text: word.to_owned(), label: word.to_owned(), count })
        };
        fitting.filter_map(of).collect()
    }

    /// Months in which something was made, newest first.
    fn months(&self, matches: &Matches) -> Vec<Completion> {
        let of = |(label, count): (String, u32)| Completion {
            text: label.clone(),
            label,
            count: Some(count),
        };
        let months = month_counts(self.index, &matches.rows).into_iter().rev();
        months.filter(|(label, _)| label.starts_with(self.typed)).map(of).collect()
    }
}

/// What begins as typed before what contains it, then what matches most.
fn best_first(mut all: Vec<(bool, Completion)>) -> Vec<Completion> {
    all.sort_by(|(begins, a), (other_begins, b)| {
        let key =
            |begins: bool, one: &Completion| (one.count == Some(0), !begins, Reverse(one.count));
        key(*begins, a).cmp(&key(*other_begins, b)).then_with(|| a.label.cmp(&b.label))
    });
    all.into_iter().map(|(_, completion)| completion).collect()
}
