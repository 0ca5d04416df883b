//! Taking a JSON object apart by its brackets, without judging what is in it: Python writes `NaN`,
//! which a JSON reader refuses, and whoever gets the text reads it properly.

use std::borrow::Cow;

/// The entries of an object: names, and values as they stand in the text. Ends at the first thing
/// that does not look like an entry; of a text that is no object there are none.
pub fn entries(text: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    let mut rest = text.trim_start().strip_prefix('{').unwrap_or_default();
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',']);
        let key = value(rest).filter(|key| key.starts_with('"'))?;
        let after = rest[key.len()..].trim_start().strip_prefix(':')?.trim_start();
        let value = value(after)?;
        rest = &after[value.len()..];
        let plain = &key[1..key.len() - 1];
        let name = if plain.contains('\\') { string(key)?.into() } else { plain.into() };
        Some((name, value))
    })
}

/// An entry's value; of several with the same name the last.
pub fn entry<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    entries(text).filter(|(key, _)| key == name).last().map(|(_, value)| value)
}

/// The text of a JSON string.
pub fn string(value: &str) -> Option<String> {
    value.starts_with('"').then(|| serde_json::from_str(value).ok()).flatten()
}

/// The object that a text is, also one that was written as a JSON string (or as a string within a
/// string: some savers call `json.dumps` once too often). Words may begin with a brace as well:
/// NovelAI and others weigh them so, `{{night}}`.
pub fn object(text: &str) -> Option<String> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..4 {
        let inner = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}');
        if let Some(entries) = inner.strip_prefix('{') {
            // One that is cut off is damaged, and said to be.
            let object = matches!(entries.trim_start().bytes().next(), None | Some(b'"' | b'}'));
            return object.then(|| inner.to_owned());
        }
        text = Cow::Owned(string(inner)?);
    }
    None
}

/// The value at the beginning of a text: up to its closing bracket or quote, or up to what ends a
/// number or a word. Nothing where it does not end.
pub fn value(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let (mut depth, mut in_string, mut at) = (0_usize, false, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if in_string => at += 1,
            b'"' => {
                in_string = !in_string;
                if !in_string && depth == 0 {
                    return text.get(..=at);
                }
            }
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' if depth == 1 => return text.get(..=at),
            b',' | b'}' | b']' if depth == 0 => {
                return text.get(..at).map(str::trim_end).filter(|word| !word.is_empty());
            }
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_taken_apart() {
        let text = r#" {"a": {"b": [1, "}"]}, "c\"d": "x\\", "e": NaN , "f": -1.5e3}"#;
        let found: Vec<_> = entries(text).collect();
        let expected =
            [("a", r#"{"b": [1, "}"]}"#), ("c\"d", r#""x\\""#), ("e", "NaN"), ("f", "-1.5e3")];
        assert_eq!(found.len(), expected.len());
        for ((key, value), (wanted_key, wanted)) in found.iter().zip(expected) {
            assert_eq!((key.as_ref(), *value), (wanted_key, wanted));
        }
        assert_eq!(entry(r#"{"a":1,"a":2}"#, "a"), Some("2"));
    }

    #[test]
    fn what_is_no_object_has_no_entries() {
        for text in ["", "[1]", "{", "{\"a\"", "{\"a\":", "{\"a\":\"", "{a:1}", "{\"a\" 1}", "{}"] {
            assert_eq!(entries(text).count(), 0, "{text}");
        }
    }

    #[test]
    fn objects_are_unwrapped() {
        let cases = [
            ("{}", Some("{}")),
            (" {\"a\": NaN}\0", Some("{\"a\": NaN}")),
            (r#""{\"a\":1}""#, Some("{\"a\":1}")),
            (r#""\"{}\"""#, Some("{}")),
            ("a cat", None),
            ("\"a cat\"", None),
            ("[1]", None),
            ("{{night}}, rain", None),
            (r#""{red|blue} boat""#, None),
            ("{\n \"1\"", Some("{\n \"1\"")),
        ];
        for (text, expected) in cases {
            assert_eq!(object(text).as_deref(), expected, "{text}");
        }
    }
}
