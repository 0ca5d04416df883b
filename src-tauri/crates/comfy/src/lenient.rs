//! Python writes `NaN`, `Infinity` and `-Infinity` bare into its JSON, and JSON has none of them.

use std::borrow::Cow;

/// The text with bare `NaN`, `Infinity` and `-Infinity` outside strings replaced by `null`. Text
/// without them is not copied.
pub fn strict_json(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut copied = 0;
    let mut at = 0;
    let mut in_string = false;
    while let Some(&byte) = text.get(at) {
        if in_string {
            match byte {
                b'\\' => at += 1,
                b'"' => in_string = false,
                _ => {}
            }
            at += 1;
            continue;
        }
        let word: &[u8] = match byte {
            b'"' => {
                in_string = true;
                at += 1;
                continue;
            }
            b'N' => b"NaN",
            b'I' => b"Infinity",
            b'-' => b"-Infinity",
            _ => {
                at += 1;
                continue;
            }
        };
        if text[at..].starts_with(word) {
            let out = out.get_or_insert_with(|| Vec::with_capacity(text.len()));
            out.extend_from_slice(&text[copied..at]);
            out.extend_from_slice(b"null");
            at += word.len();
            copied = at;
        } else {
            at += 1;
        }
    }
    match out {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.extend_from_slice(&text[copied..]);
            Cow::Owned(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bare_words_become_null() {
        for (text, strict) in [
            (r#"{"a":NaN}"#, r#"{"a":null}"#),
            (r#"[NaN,-Infinity,Infinity]"#, "[null,null,null]"),
            (r#"{"a":"NaN \" NaN","b":NaN}"#, r#"{"a":"NaN \" NaN","b":null}"#),
            (r#"{"a\\":NaN}"#, r#"{"a\\":null}"#),
            ("[-1,1e5]", "[-1,1e5]"),
        ] {
            assert_eq!(strict_json(text.as_bytes()), strict.as_bytes(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn valid_json_is_left_alone(strings in proptest::collection::vec(".*", 0..8), number: f64) {
            let value = serde_json::json!({"strings": strings, "number": number});
            let text = serde_json::to_vec(&value).unwrap_or_default();
            prop_assert!(matches!(strict_json(&text), Cow::Borrowed(same) if same == text));
        }

        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = strict_json(&bytes);
        }
    }
}
