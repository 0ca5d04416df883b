//! Cuts the text of a query into pieces. Nothing fails in here: every text is some list of pieces.

/// A piece between spaces; quotes keep spaces together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece<'a> {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// All of it, with the minus.
    pub text: &'a str,
    pub negated: bool,
    pub shape: PieceShape<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PieceShape<'a> {
    Word(&'a str),
    /// What stands between quotes.
    Phrase {
        text: String,
        open: bool,
    },
    /// `key:values`, `Class.input>value`
    Field {
        key: FieldKey,
        values: Vec<Value>,
        /// Where the values begin in the text, in bytes.
        values_start: usize,
        /// The last value's closing quote is missing.
        open: bool,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FieldKey {
    Plain(String),
    /// Node class and input, as typed.
    Widget(String, String),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Value {
    /// An operator of its own, or that of the key.
    pub operator: Operator,
    pub text: String,
    /// Some of it was in quotes.
    pub quoted: bool,
    /// Where it begins in the text, behind its operator, in bytes.
    pub start: usize,
    /// Where it ends in the text, in bytes.
    pub end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `:`
    Like,
    /// `=`
    Equal,
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Operator {
    /// An operator at the beginning of a text, and its length.
    fn at(text: &str) -> Option<(Self, usize)> {
        const ALL: &[(&str, Operator)] = &[
            (">=", Operator::AtLeast),
            ("≥", Operator::AtLeast),
            ("<=", Operator::AtMost),
            ("≤", Operator::AtMost),
            (">", Operator::Above),
            ("<", Operator::Below),
            ("=", Operator::Equal),
            (":", Operator::Like),
        ];
        let found = ALL.iter().find(|(sign, _)| text.starts_with(sign));
        found.map(|(sign, operator)| (*operator, sign.len()))
    }
}

/// Straight and typographic quotes: text is pasted from anywhere.
pub(crate) fn is_quote(sign: char) -> bool {
    matches!(sign, '"' | '“' | '”' | '„')
}

/// The pieces of a text, in order.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(gap) = text[at..].find(|sign: char| !sign.is_whitespace()) {
        let piece = piece(text, at + gap);
        at = piece.start + piece.text.len();
        pieces.push(piece);
    }
    pieces
}

/// The piece that begins at a place where no space is.
fn piece(text: &str, start: usize) -> Piece<'_> {
    let rest = &text[start..];
    let minus = rest.strip_prefix('-').filter(|next| !next.is_empty() && !begins_with_space(next));
    let body = minus.unwrap_or(rest);
    let negated = minus.is_some();
    let body_start = start + rest.len() - body.len();
    let (shape, length) = field(body, body_start).unwrap_or_else(|| plain(body));
    let text = &text[start..body_start + length];
    Piece { start, text, negated, shape }
}

fn begins_with_space(text: &str) -> bool {
    text.starts_with(char::is_whitespace)
}

/// A phrase or a word, and its length.
fn plain(text: &str) -> (PieceShape<'_>, usize) {
    if let Some((text, length, open)) = quoted(text) {
        return (PieceShape::Phrase { text, open }, length);
    }
    let length = text.find(char::is_whitespace).unwrap_or(text.len());
    (PieceShape::Word(&text[..length]), length)
}

/// A key with an operator and values, if that is what stands here.
fn field(text: &str, start: usize) -> Option<(PieceShape<'_>, usize)> {
    let (key, key_length) = field_key(text)?;
    let (operator, length) = Operator::at(&text[key_length..])?;
    let at = key_length + length;
    let values_start = start + at;
    let (values, length, open) = values(&text[at..], values_start, operator);
    Some((PieceShape::Field { key, values, values_start, open }, at + length))
}

fn field_key(text: &str) -> Option<(FieldKey, usize)> {
    let letters = text.find(|sign: char| !(sign.is_ascii_alphabetic() || sign == '-'));
    let plain = &text[..letters.unwrap_or(text.len())];
    if plain.starts_with(|first: char| first.is_ascii_alphabetic())
        && Operator::at(&text[plain.len()..]).is_some()
    {
        return Some((FieldKey::Plain(plain.to_owned()), plain.len()));
    }
    let (class, class_length) = name(text, true)?;
    let after = text[class_length..].strip_prefix('.')?;
    let (input, input_length) = name(after, false)?;
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    // `1.5:1` is a weight or a ratio.
    if is_number(&class) && !is_quoted(text) {
        return None;
    }
    let length = class_length + 1 + input_length;
    Some((FieldKey::Widget(class, input), length))
}

fn is_quoted(text: &str) -> bool {
    text.starts_with(is_quote)
}

/// The name of a class or an input at the beginning of a text, and its length. Inputs may have dots
/// in their names (`resize_type.width`), classes only in quotes.
fn name(text: &str, of_class: bool) -> Option<(String, usize)> {
    if let Some((name, length, open)) = quoted(text) {
        return (!open && !name.is_empty()).then_some((name, length));
    }
    let ends = |sign: char| {
        sign.is_whitespace()
            || matches!(sign, ':' | '=' | '<' | '>' | '≤' | '≥' | ',')
            || is_quote(sign)
            || (of_class && sign == '.')
    };
    let length = text.find(ends).unwrap_or(text.len());
    (length > 0).then(|| (text[..length].to_owned(), length))
}

/// What stands in quotes at the beginning of a text, its length with the quotes, and whether the
/// closing one is missing. A backslash takes the next quote or backslash as it is.
fn quoted(text: &str) -> Option<(String, usize, bool)> {
    let mut signs = text.char_indices().peekable();
    signs.next().filter(|(_, first)| is_quote(*first))?;
    let mut content = String::new();
    while let Some((at, sign)) = signs.next() {
        if is_quote(sign) {
            return Some((content, at + sign.len_utf8(), false));
        }
        let escaped = sign == '\\' && signs.peek().is_some_and(|(_, next)| escapes(*next));
        let kept = if escaped { signs.next().map_or(sign, |(_, next)| next) } else { sign };
        content.push(kept);
    }
    Some((content, text.len(), true))
}

/// Whether a backslash before this sign is no sign of its own.
pub(crate) fn escapes(sign: char) -> bool {
    is_quote(sign) || sign == '\\'
}

/// Values between commas up to the next space, their length, and whether a closing quote is missing.
/// What is empty is left out, but for a quote that
/// has just been opened. They begin at a place of the whole text.
fn values(text: &str, place: usize, operator: Operator) -> (Vec<Value>, usize, bool) {
    let mut values = Vec::new();
    let mut at = 0;
    loop {
        let mut operator = operator;
        if let Some((own, length)) = Operator::at(&text[at..]) {
            operator = own;
            at += length;
        }
        let start = place + at;
        let mut value = Value { operator, text: String::new(), quoted: false, start, end: start };
        if let Some((content, length, open)) = quoted(&text[at..]) {
            value.text = content;
            value.quoted = true;
            at += length;
            value.end = place + at;
            if open {
                values.push(value);
                return (values, at, true);
            }
        }
        let rest = &text[at..];
        let length = rest.find(|sign: char| sign.is_whitespace() || sign == ',');
        let length = length.unwrap_or(rest.len());
        value.text.push_str(&rest[..length]);
        at += length;
        value.end = place + at;
        if !value.text.is_empty() {
            values.push(value);
        }
        if !text[at..].starts_with(',') {
            return (values, at, false);
        }
        at += 1;
    }
}
