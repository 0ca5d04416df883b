//! Reading a text into a tree.

use super::{DynamicError, MAX_DEPTH, MAX_TEXT_BYTES, Place, Problem};

/// A weight of 1. Weights are counted in millionths, so that sums are exact.
const WEIGHT: u64 = 1_000_000;
/// How many digits a weight has behind the point.
const WEIGHT_DIGITS: usize = 6;
/// The longest name of a wildcard, in bytes.
const MAX_NAME: usize = 200;

/// A part of a text.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// Plain text.
    Text(String),
    /// `{a|b}`.
    Choice(Choice),
    /// `__name__`.
    Wildcard(Wildcard),
}

/// Options of which some are picked.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub place: usize,
    /// Nothing for one, as in `{a|b}`.
    pub picks: Option<Picks>,
    pub options: Vec<Weighed>,
}

/// How many options are picked, and what is put between them: `2-3$$ and $$`.
#[derive(Clone, Debug)]
pub(super) struct Picks {
    pub least: usize,
    pub most: usize,
    pub separator: String,
}

/// An option, or a line of a wildcard file.
#[derive(Clone, Debug)]
pub(super) struct Weighed {
    pub weight: u64,
    pub parts: Vec<Part>,
}

/// A wildcard.
#[derive(Clone, Debug)]
pub(super) struct Wildcard {
    pub place: usize,
    /// Its name as files are called: with `/`, and none at the ends.
    pub name: String,
    /// As it was written, with its underscores.
    pub written: String,
}

/// Reads a text.
pub(super) fn text(text: &str) -> Result<Vec<Part>, DynamicError> {
    Reader::new(text, None)?.read()
}

/// Reads a line of a wildcard file, which may have a weight.
pub(super) fn line(text: &str, file: &str, number: usize) -> Result<Weighed, DynamicError> {
    let mut reader = Reader::new(text, Some((file, number)))?;
    let weight = reader.weight()?;
    Ok(Weighed { weight: weight.map_or(WEIGHT, |(weight, _)| weight), parts: reader.read()? })
}

/// The names of wildcards, in the order of the text.
pub(super) fn names<'a>(parts: &'a [Part], into: &mut Vec<&'a str>) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Choice(choice) => {
                choice.options.iter().for_each(|option| names(&option.parts, into));
            }
            Part::Wildcard(wildcard) => into.push(&wildcard.name),
        }
    }
}

/// A brace that is open.
struct Open<'a> {
    /// Where it stands: the byte, and the character.
    at: usize,
    place: usize,
    /// What stands before the first option.
    head: &'a str,
    picks: Option<Picks>,
    /// The options that are complete.
    options: Vec<Weighed>,
    /// The weight of the option that is read.
    weight: u64,
    /// What belongs outside of the brace.
    outside: Vec<Part>,
}

impl Open<'_> {
    fn is_choice(&self) -> bool {
        self.picks.is_some() || !self.options.is_empty()
    }
}

struct Reader<'a> {
    text: &'a str,
    file: Option<(&'a str, usize)>,
    at: usize,
    open: Vec<Open<'a>>,
    /// What was read of the innermost option.
    parts: Vec<Part>,
    /// How many characters are before a byte: the last that was asked for.
    counted: (usize, usize),
    /// There is no more `*/`.
    comments_end: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, file: Option<(&'a str, usize)>) -> Result<Self, DynamicError> {
        let reader = Self {
            text,
            file,
            at: 0,
            open: Vec::new(),
            parts: Vec::new(),
            counted: (0, 0),
            comments_end: false,
        };
        if text.len() > MAX_TEXT_BYTES {
            return Err(reader.error(0, Problem::TooLong { most: MAX_TEXT_BYTES }));
        }
        Ok(reader)
    }

    fn error(&self, at: usize, problem: Problem) -> DynamicError {
        let character = self.text.get(..at).map_or(0, |before| before.chars().count());
        let file = self.file.map(|(name, line)| (name.to_owned(), line));
        DynamicError { place: Place { file, character }, problem }
    }

    /// Which character is read now.
    fn place(&mut self) -> usize {
        let (byte, characters) = self.counted;
        let between = self.text.get(byte..self.at).unwrap_or_default();
        self.counted = (self.at, characters + between.chars().count());
        self.counted.1
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn read(mut self) -> Result<Vec<Part>, DynamicError> {
        while let Some(char) = self.rest().chars().next() {
            match char {
                '/' if self.comment() => {}
                '\\' => self.escaped(),
                '$' => self.dollar()?,
                '{' => self.begin()?,
                '|' if !self.open.is_empty() => self.next_option()?,
                '}' if !self.open.is_empty() => self.end()?,
                '_' => self.underscore()?,
                char => {
                    self.at += char.len_utf8();
                    self.push(char);
                }
            }
        }
        while let Some(open) = self.open.pop() {
            if open.is_choice() {
                return Err(self.error(open.at, Problem::Unclosed));
            }
            self.keep_brace(open);
        }
        Ok(self.parts)
    }

    fn push(&mut self, char: char) {
        self.push_str(char.encode_utf8(&mut [0; 4]));
    }

    fn push_str(&mut self, text: &str) {
        if let Some(Part::Text(last)) = self.parts.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            self.parts.push(Part::Text(text.to_owned()));
        }
    }

    /// Passes over a comment: `//` to the end of the line, `/* */`. The address of a page is none.
    fn comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if rest.starts_with("//") {
            let before = self.text.get(..self.at).unwrap_or_default();
            let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
            (!before.ends_with(':')).then_some(end)
        } else if rest.starts_with("/*") && !self.comments_end {
            let end = rest.get(2..).and_then(|inside| inside.find("*/"));
            self.comments_end = end.is_none();
            end.map(|end| end + 4)
        } else {
            None
        };
        self.at += length.unwrap_or(0);
        length.is_some()
    }

    /// A backslash: it goes where it stands before what has a meaning here, and stays elsewhere.
    fn escaped(&mut self) {
        let next = self.rest().chars().nth(1);
        self.at += 1 + next.map_or(0, char::len_utf8);
        match next {
            Some(next) if is_special(next) => self.push(next),
            next => {
                self.push('\\');
                if let Some(next) = next {
                    self.push(next);
                }
            }
        }
    }

    /// `$`, which begins a variable in sd-dynamic-prompts.
    fn dollar(&mut self) -> Result<(), DynamicError> {
        if let Some(inside) = self.rest().strip_prefix("${") {
            let inside = inside.trim_start();
            let is_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
            let name = inside.split(|char| !is_name(char)).next().unwrap_or_default();
            let behind = inside.get(name.len()..).unwrap_or_default().trim_start();
            let starts = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
            if starts && behind.starts_with(['}', '=', ':', '?']) {
                return Err(self.error(self.at, Problem::Variable { name: name.to_owned() }));
            }
        }
        self.at += 1;
        self.push('$');
        Ok(())
    }

    fn begin(&mut self) -> Result<(), DynamicError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(self.at, Problem::TooDeep { most: MAX_DEPTH }));
        }
        let (at, place) = (self.at, self.place());
        self.at += 1;
        let picks = self.picks();
        let weight = self.weight()?;
        let head = weight.map_or("", |(_, written)| written);
        let weight = weight.map_or(WEIGHT, |(weight, _)| weight);
        let outside = std::mem::take(&mut self.parts);
        self.open.push(Open { at, place, head, picks, options: Vec::new(), weight, outside });
        Ok(())
    }

    fn next_option(&mut self) -> Result<(), DynamicError> {
        self.at += 1;
        let next = self.weight()?.map_or(WEIGHT, |(weight, _)| weight);
        let parts = std::mem::take(&mut self.parts);
        if let Some(open) = self.open.last_mut() {
            open.options.push(Weighed { weight: open.weight, parts });
            open.weight = next;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), DynamicError> {
        self.at += 1;
        let Some(mut open) = self.open.pop() else { return Ok(()) };
        // `{__name__}` is written by habit, and is nothing else.
        let is_wildcard = open.head.is_empty() && matches!(self.parts[..], [Part::Wildcard(_)]);
        if !open.is_choice() && !is_wildcard {
            self.keep_brace(open);
            self.push('}');
            return Ok(());
        }
        let parts = std::mem::replace(&mut self.parts, open.outside);
        open.options.push(Weighed { weight: open.weight, parts });
        if open.options.iter().all(|option| option.weight == 0) {
            return Err(self.error(open.at, Problem::NoWeight));
        }
        let choice = Choice { place: open.place, picks: open.picks, options: open.options };
        self.parts.push(Part::Choice(choice));
        Ok(())
    }

    /// A brace that begins no choice stays as it is, with what stands in it.
    fn keep_brace(&mut self, open: Open<'a>) {
        let inside = std::mem::replace(&mut self.parts, open.outside);
        self.push('{');
        self.push_str(open.head);
        for part in inside {
            match part {
                Part::Text(text) => self.push_str(&text),
                part => self.parts.push(part),
            }
        }
    }

    /// `2$$`, `1-3$$`, `-3$$`, `1-$$`, and what is put between: `2$$ and $$`.
    fn picks(&mut self) -> Option<Picks> {
        let rest = self.rest();
        let is_count = |char: char| char.is_ascii_digit() || char == '-' || char.is_whitespace();
        let (count, behind) = rest.split_at(rest.find(|char| !is_count(char))?);
        let (count, behind) = (count.trim(), behind.strip_prefix("$$")?);
        let (least, most) = count.split_once('-').unwrap_or((count, count));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(least) || !is_number(most) || (least.is_empty() && most.is_empty()) {
            return None;
        }
        // What is beyond any number of options stands for all of them.
        let number = |text: &str, none| {
            if text.is_empty() { none } else { text.parse().unwrap_or(usize::MAX) }
        };
        let (least, most) = (number(least, 1), number(most, usize::MAX));
        let end = behind.find(['{', '}', '$']).unwrap_or(behind.len());
        let (separator, behind) = match behind.split_at(end) {
            (separator, end) if end.starts_with("$$") => (unescaped(separator), &end[2..]),
            _ => (", ".to_owned(), behind),
        };
        self.at = self.text.len() - behind.len();
        Some(Picks { least: least.min(most), most: least.max(most), separator })
    }

    /// The weight at the beginning of an option, `0.5::`, and how it was written.
    fn weight(&mut self) -> Result<Option<(u64, &'a str)>, DynamicError> {
        let rest = self.rest();
        let number = rest.trim_start();
        let is_digit = |char: char| char.is_ascii_digit() || char == '.';
        let end = number.find(|char| !is_digit(char)).unwrap_or(number.len());
        let (number, behind) = number.split_at(end);
        let Some(behind) = behind.strip_prefix("::") else { return Ok(None) };
        if !number.contains(|char: char| char.is_ascii_digit()) {
            return Ok(None);
        }
        let Some(weight) = millionths(number) else {
            return Err(self.error(self.at, Problem::Weight { weight: number.to_owned() }));
        };
        let written = rest.get(..rest.len() - behind.len()).unwrap_or_default();
        self.at += written.len();
        Ok(Some((weight, written)))
    }

    fn underscore(&mut self) -> Result<(), DynamicError> {
        let before = self.text.get(..self.at).and_then(|before| before.chars().next_back());
        // Names of models and tags have underscores too: `my__style__v2`.
        let begins = !before.is_some_and(|before| before.is_ascii_alphanumeric());
        match begins.then(|| wildcard(self.rest())).flatten() {
            Some(written) => {
                let inside = written.trim_matches('_').replace('\\', "/");
                let name: Vec<&str> = inside.split('/').filter(|part| !part.is_empty()).collect();
                if name.contains(&"..") {
                    let name = written.trim_matches('_').to_owned();
                    return Err(self.error(self.at, Problem::Outside { name }));
                }
                let place = self.place();
                let (name, written) = (name.join("/"), written.to_owned());
                self.at += written.len();
                self.parts.push(Part::Wildcard(Wildcard { place, name, written }));
            }
            None => {
                self.at += 1;
                self.push('_');
            }
        }
        Ok(())
    }
}

/// What a backslash makes plain text of.
fn is_special(char: char) -> bool {
    matches!(char, '{' | '}' | '|' | '_' | '$' | '#' | '/')
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(char) = rest.next() {
        if !(char == '\\' && rest.peek().is_some_and(|next| is_special(*next))) {
            out.push(char);
        }
    }
    out
}

/// The wildcard that a text begins with, with its underscores.
fn wildcard(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("__")?;
    let mut end = MAX_NAME.min(inside.len());
    while !inside.is_char_boundary(end) {
        end -= 1;
    }
    // The underscores behind the name may lie beyond the longest name.
    let name = inside.get(..end)?.split("__").next()?;
    inside.get(name.len()..)?.strip_prefix("__")?;
    let is_name = |char: char| char.is_alphanumeric() || "_-./\\*+ &'".contains(char);
    let is_end = |char: char| matches!(char, ' ' | '_' | '\\');
    let fits = name.chars().all(is_name) && !name.starts_with(is_end) && !name.ends_with(is_end);
    let names_a_file = name.contains(|char| !matches!(char, '/' | '\\'));
    if fits && names_a_file { text.get(..name.len() + 4) } else { None }
}

/// A weight in millionths, from 0 to a million.
fn millionths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.contains('.') || part.len() > WEIGHT_DIGITS || whole.len() > 7 {
        return None;
    }
    let number: u64 = format!("{whole:0>1}{part:0<WEIGHT_DIGITS$}").parse().ok()?;
    (number <= 1_000_000 * WEIGHT).then_some(number)
}
