//! What the pieces of a text mean.

use super::{
    MAX_TOKENS, Query, Span, Token,
    fault::Fault,
    measure::{Measure, SIZES, TIMES, Unit},
    number::Number,
    period::{Now, Period},
    scan::{FieldKey, Operator, Piece, PieceShape, Value, pieces},
    term::{
        Column, FlagValue, Has, IdKey, Is, Key, Kind, NameTest, NamedKey, NumberKey, Shape,
        SizeValue, Term, Test, TextTest, WidgetTest,
    },
};
use std::cmp::Ordering;

/// Most stars.
const MAX_RATING: f64 = 5.0;
/// Hexadecimal digits of an id.
const MAX_ID_DIGITS: usize = 32;

pub(super) fn query(text: &str, now: &Now) -> Query {
    let pieces = pieces(text);
    let last_word = pieces.iter().rposition(|piece| {
        !piece.negated
            && matches!(piece.shape, PieceShape::Word(word) if without_commas(word) != "-")
    });
    let mut places = Places { text, byte: 0, utf16: 0 };
    let tokens = pieces.iter().enumerate().map(|(place, piece)| {
        let body = piece.start + usize::from(piece.negated);
        let (value_start, key) = match &piece.shape {
            PieceShape::Field { values_start, key, .. } => (*values_start, known_key(key)),
            _ => (body, None),
        };
        let end = piece.start + piece.text.len();
        let [start16, value16, end16] = [piece.start, value_start, end].map(|at| places.utf16(at));
        let (start_utf16, end_utf16) = (start16, end16);
        Token {
            span: Span { start: piece.start, end, start_utf16, end_utf16 },
            value: Span { start: value_start, end, start_utf16: value16, end_utf16 },
            text: piece.text.to_owned(),
            negated: piece.negated,
            key,
            meaning: if place < MAX_TOKENS {
                meaning(piece, Some(place) == last_word, now)
            } else {
                Err(Fault::too_many(MAX_TOKENS))
            },
        }
    });
    Query { tokens: tokens.collect() }
}

/// Counts UTF-16 code units along a text; asked for places that never go back.
struct Places<'a> {
    text: &'a str,
    byte: usize,
    utf16: usize,
}

impl Places<'_> {
    fn utf16(&mut self, byte: usize) -> usize {
        let passed = &self.text[self.byte..byte];
        self.utf16 += passed.chars().map(char::len_utf16).sum::<usize>();
        self.byte = byte;
        self.utf16
    }
}

fn known_key(key: &FieldKey) -> Option<Key> {
    match key {
        FieldKey::Plain(word) => Key::of_word(word),
        FieldKey::Widget(..) => None,
    }
}

fn meaning(piece: &Piece<'_>, is_last_word: bool, now: &Now) -> Result<Term, Fault> {
    match &piece.shape {
        PieceShape::Word(word) if without_commas(word) == "-" => Err(Fault::lone_minus()),
        PieceShape::Word(word) => {
            Ok(Term::Word { text: without_commas(word).to_owned(), beginning: is_last_word })
        }
        PieceShape::Phrase { text, .. } if text.trim().is_empty() => {
            Err(Fault { sentence: "Words belong between the quotes.".to_owned(), unfinished: true })
        }
        PieceShape::Phrase { text, open } => Ok(Term::Phrase { text: text.clone(), open: *open }),
        PieceShape::Field { key: FieldKey::Plain(word), values, .. } => {
            let key = Key::of_word(word).ok_or_else(|| Fault::unknown_key(word))?;
            let values = given(values);
            if values.is_empty() {
                return Err(Fault::no_value(key.word(), expected(key)));
            }
            field(key, &values, now)
        }
        PieceShape::Field { key: FieldKey::Widget(class, input), values, .. } => {
            widget(class, input, &given(values))
        }
    }
}

/// A quote that has just been opened is no value yet.
fn given(values: &[Value]) -> Vec<Value> {
    values.iter().filter(|value| !value.text.is_empty()).cloned().collect()
}

/// Prompts are pasted with the commas between their words.
fn without_commas(word: &str) -> &str {
    let bare = word.trim_end_matches([',', ';']);
    if bare.is_empty() { word } else { bare }
}

/// What a key takes, to be read behind "takes" and "is followed by".
pub(super) fn expected(key: Key) -> &'static str {
    match key {
        Key::Model => "a name or part of one, such as model:flux",
        Key::Lora => "a name or part of one, such as lora:film",
        Key::Tag => "a tag or part of one, such as tag:\"for print\"",
        Key::Collection => "a collection's name, such as collection:portfolio",
        Key::Workflow => "a workflow's name or part of it, such as workflow:\"Bouquet study\"",
        Key::Server => "a server's name, such as server:attic",
        Key::Sampler => "a sampler, such as sampler:euler",
        Key::Scheduler => "a scheduler, such as scheduler:karras",
        Key::Name => "a part of the file name or title, such as name:bouquet",
        Key::Job => "a job's id or its beginning, such as job:0199d2c4",
        Key::Batch => "a batch's id or its beginning, such as batch:0199d2c4",
        Key::Prompt => "a word or a phrase in quotes, such as prompt:\"window light\"",
        Key::Negative => "a word or a phrase in quotes, such as negative:blurry",
        Key::Seed => "a whole number, such as seed:408815",
        Key::Size => {
            "the longer side, both sides, megapixels or bytes, such as size:>=1024, \
             size:1024x1536, size:>2mp or size:>5mb"
        }
        Key::Shape => "portrait, landscape or square",
        Key::Rating => "a number of stars from 0 to 5, such as rating:3+",
        Key::Steps => "a number, such as steps:20..30",
        Key::Cfg => "a number, such as cfg:<4",
        Key::Denoise => "a number, such as denoise:0.3..0.6",
        Key::Took => "a time, such as took:>30s or took:2m",
        Key::Date => {
            "a day, month or year or a word for one, such as date:2026-10-03, date:>=2026-01, \
             date:today or date:last-week"
        }
        Key::Kind => "picture, video, audio, 3d, text or other",
        Key::Has => {
            "video, audio, lora, model, workflow, prompt, negative, seed, tags, source, rating or \
             batch"
        }
        Key::Is => {
            "favourite, picked, rejected, unrated, untagged, binned, practice, preview, imported, \
             away, missing or duplicate"
        }
        Key::Favourite => "yes or no",
        Key::Like => "the number of a picture, such as like:4711",
        Key::SamePrompt => "the number of a picture, such as same-prompt:4711",
        Key::Flag => "pick, reject or none",
    }
}

fn field(key: Key, values: &[Value], now: &Now) -> Result<Term, Fault> {
    let read = Reader { key, values };
    Ok(match key {
        Key::Model => read.named(NamedKey::Model)?,
        Key::Lora => read.named(NamedKey::Lora)?,
        Key::Tag => read.named(NamedKey::Tag)?,
        Key::Collection => read.named(NamedKey::Collection)?,
        Key::Workflow => read.named(NamedKey::Workflow)?,
        Key::Server => read.named(NamedKey::Server)?,
        Key::Sampler => read.named(NamedKey::Sampler)?,
        Key::Scheduler => read.named(NamedKey::Scheduler)?,
        Key::Name => Term::Called { any: read.names()? },
        Key::Job => Term::Id { key: IdKey::Job, any: read.words(id)? },
        Key::Batch => Term::Id { key: IdKey::Batch, any: read.words(id)? },
        Key::Prompt => Term::Text { column: Column::Prompt, any: read.texts()? },
        Key::Negative => Term::Text { column: Column::Negative, any: read.texts()? },
        Key::Rating => {
            let stars = |text: &str| {
                Number::read(text).filter(|stars| (0.0..=MAX_RATING).contains(&stars.value()))
            };
            Term::Number { key: NumberKey::Rating, any: read.tests(stars)? }
        }
        Key::Steps => Term::Number { key: NumberKey::Steps, any: read.tests(Number::read)? },
        Key::Cfg => Term::Number { key: NumberKey::Cfg, any: read.tests(Number::read)? },
        Key::Denoise => Term::Number { key: NumberKey::Denoise, any: read.tests(Number::read)? },
        Key::Seed => Term::Seed { any: read.tests(|text| text.parse().ok())? },
        Key::Size => Term::Size { any: read.tests(size)? },
        Key::Took => {
            let time = |text: &str| Measure::read(text, TIMES, Some(Unit::Second));
            Term::Took { any: read.tests(time)? }
        }
        Key::Date => Term::Date { any: read.tests(|text| Period::read(text, now))? },
        Key::Like => Term::Alike { any: read.words(|text| text.parse().ok())? },
        Key::SamePrompt => Term::SamePrompt { any: read.words(|text| text.parse().ok())? },
        Key::Shape => Term::Shape { any: read.words(Shape::of_word)? },
        Key::Kind => Term::Kind { any: read.words(Kind::of_word)? },
        Key::Has => Term::Has { any: read.words(Has::of_word)? },
        Key::Is => Term::Is { any: read.words(Is::of_word)? },
        Key::Flag => Term::Flag { any: read.words(FlagValue::of_word)? },
        Key::Favourite => match read.words(truth)?.as_slice() {
            [one] => Term::Favourite(*one),
            _ => return Err(Fault::wrong_value(key.word(), "a list", expected(key))),
        },
    })
}

/// Reads the values of one key.
struct Reader<'a> {
    key: Key,
    values: &'a [Value],
}

impl Reader<'_> {
    fn wrong(&self, value: &Value) -> Fault {
        Fault::wrong_value(self.key.word(), &value.text, expected(self.key))
    }

    /// Values that are equal or not.
    fn each<T>(&self, read: impl Fn(&Value, bool) -> Option<T>) -> Result<Vec<T>, Fault> {
        let one = |value: &Value| match value.operator {
            Operator::Like => read(value, false).ok_or_else(|| self.wrong(value)),
            Operator::Equal => read(value, true).ok_or_else(|| self.wrong(value)),
            _ => Err(Fault::no_order(self.key.word(), expected(self.key))),
        };
        self.values.iter().map(one).collect()
    }

    fn words<T>(&self, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Fault> {
        self.each(|value, _| read(value.text.trim()))
    }

    fn names(&self) -> Result<Vec<NameTest>, Fault> {
        self.each(|value, equal| {
            let text = Some(value.text.clone()).filter(|text| !text.trim().is_empty())?;
            Some(if equal { NameTest::Is(text) } else { NameTest::Like(text) })
        })
    }

    fn named(&self, key: NamedKey) -> Result<Term, Fault> {
        Ok(Term::Named { key, any: self.names()? })
    }

    fn texts(&self) -> Result<Vec<TextTest>, Fault> {
        self.each(|value, equal| {
            let text = value.text.clone();
            // Without a letter or a digit there is no word to look for.
            text.contains(char::is_alphanumeric).then_some(())?;
            let exact = equal || value.quoted;
            Some(if exact { TextTest::Phrase(text) } else { TextTest::Beginning(text) })
        })
    }

    fn tests<T: Copy + InOrder>(
        &self,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<Test<T>>, Fault> {
        let one = |value: &Value| test(value, &read).ok_or_else(|| self.wrong(value));
        self.values.iter().map(one).collect()
    }
}

/// Values of which ranges are made.
trait InOrder {
    /// Whether a range from this to the other has something in it; nothing if there is no such range.
    fn comes_before(&self, other: &Self) -> Option<bool>;
}

impl InOrder for Number {
    fn comes_before(&self, other: &Self) -> Option<bool> {
        Some(self <= other)
    }
}

impl InOrder for u64 {
    fn comes_before(&self, other: &Self) -> Option<bool> {
        Some(self <= other)
    }
}

impl InOrder for Measure {
    fn comes_before(&self, other: &Self) -> Option<bool> {
        Some(self.value() <= other.value())
    }
}

impl InOrder for Period {
    fn comes_before(&self, other: &Self) -> Option<bool> {
        Some(self.from <= other.from)
    }
}

impl InOrder for SizeValue {
    fn comes_before(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Longer(low), Self::Longer(high)) => Some(low <= high),
            (Self::Pixels(low), Self::Pixels(high)) | (Self::Bytes(low), Self::Bytes(high)) => {
                low.comes_before(high)
            }
            (Self::Sides(width, height), Self::Sides(other_width, other_height)) => {
                match (width.cmp(other_width), height.cmp(other_height)) {
                    (Ordering::Greater, Ordering::Less) | (Ordering::Less, Ordering::Greater) => {
                        None
                    }
                    (widths, heights) => Some(widths.then(heights).is_le()),
                }
            }
            _ => None,
        }
    }
}

/// A comparison of one value.
fn test<T: Copy + InOrder>(value: &Value, read: &impl Fn(&str) -> Option<T>) -> Option<Test<T>> {
    let text = value.text.trim();
    match value.operator {
        Operator::Above => read(text).map(Test::Above),
        Operator::AtLeast => read(text).map(Test::AtLeast),
        Operator::Below => read(text).map(Test::Below),
        Operator::AtMost => read(text).map(Test::AtMost),
        Operator::Like | Operator::Equal => is_or_range(text, read),
    }
}

fn is_or_range<T: Copy + InOrder>(
    text: &str,
    read: &impl Fn(&str) -> Option<T>,
) -> Option<Test<T>> {
    if let Some((low, high)) = text.split_once("..") {
        return match (low.trim(), high.trim()) {
            ("", high) => read(high).map(Test::AtMost),
            (low, "") => read(low).map(Test::AtLeast),
            (low, high) => {
                let (low, high) = (read(low)?, read(high)?);
                let in_order = low.comes_before(&high)?;
                let (low, high) = if in_order { (low, high) } else { (high, low) };
                Some(Test::Between(low, high))
            }
        };
    }
    match text.strip_suffix('+') {
        Some(low) => read(low).map(Test::AtLeast),
        None => read(text).map(Test::Is),
    }
}

/// Whether a value of a widget would be read as a number.
pub(super) fn is_number_or_range(text: &str) -> bool {
    is_or_range(text, &Number::read).is_some()
}

fn size(text: &str) -> Option<SizeValue> {
    if let Some(measure) = Measure::read(text, SIZES, None) {
        return Some(if measure.is_of_pixels() {
            SizeValue::Pixels(measure)
        } else {
            SizeValue::Bytes(measure)
        });
    }
    let side = |text: &str| {
        let text = text.trim();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok())?
    };
    match text.split_once(['x', 'X', '×', '*']) {
        Some((width, height)) => Some(SizeValue::Sides(side(width)?, side(height)?)),
        None => side(text).map(SizeValue::Longer),
    }
}

fn id(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|sign| *sign != '-').collect();
    let fits = !digits.is_empty()
        && digits.len() <= MAX_ID_DIGITS
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| digits.to_ascii_lowercase())
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn widget(class: &str, input: &str, values: &[Value]) -> Result<Term, Fault> {
    let name = format!("{class}.{input}");
    let expected = "a text or a number, such as KSampler.steps>30 or \
                    CLIPTextEncode.text:flowers";
    if values.is_empty() {
        return Err(Fault::no_value(&name, expected));
    }
    let one = |value: &Value| {
        let wrong = || Fault::wrong_value(&name, &value.text, expected);
        let number = || if value.quoted { None } else { Number::read(value.text.trim()) };
        let test = match value.operator {
            Operator::Like | Operator::Equal => {
                let range =
                    if value.quoted { None } else { is_or_range(&value.text, &Number::read) };
                match range {
                    Some(Test::Is(_)) | None if value.operator == Operator::Like => {
                        WidgetTest::Like { text: value.text.clone(), number: number() }
                    }
                    Some(Test::Is(_)) | None => {
                        WidgetTest::Equal { text: value.text.clone(), number: number() }
                    }
                    Some(range) => WidgetTest::Number(range),
                }
            }
            _ => WidgetTest::Number(test(value, &Number::read).ok_or_else(wrong)?),
        };
        Ok(test)
    };
    let any: Result<Vec<WidgetTest>, Fault> = values.iter().map(one).collect();
    let named = |name: &str| (name != "*").then(|| name.to_owned());
    Ok(Term::Widget { class: named(class), input: named(input), any: any? })
}
