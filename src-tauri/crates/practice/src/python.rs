//! The few habits of Python that show on the wire: how ComfyUI writes values into
//! its messages, turns widget values into numbers, and dumps JSON.

use serde_json::Value;

/// Stands before `NaN`, `Infinity` and `-Infinity` in a text that means the number: JSON
/// has none of them, and Python reads and writes them bare.
const BARE: char = '\0';
const BARE_WORDS: [(&str, f64, &str); 3] = [
    ("-Infinity", f64::NEG_INFINITY, "-inf"),
    ("Infinity", f64::INFINITY, "inf"),
    ("NaN", f64::NAN, "nan"),
];

/// The number and `str` of it, if this stands for one that JSON has not.
fn bare(value: &Value) -> Option<(f64, &'static str)> {
    let word = value.as_str()?.strip_prefix(BARE)?;
    BARE_WORDS.iter().find(|(known, ..)| *known == word).map(|(_, number, text)| (*number, *text))
}

/// NaN or an infinity, if the value is one.
pub fn not_finite(value: &Value) -> Option<f64> {
    bare(value).map(|(number, _)| number)
}

/// `json.loads(text)`: JSON that may hold bare `NaN` and `Infinity`.
pub fn loads(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(bytes).or_else(|error| {
        let text = std::str::from_utf8(bytes).map_err(|_| error)?;
        serde_json::from_str(&quoted(text))
    })
}

/// The text with bare words outside strings turned into texts that stand for them.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = BARE_WORDS.iter().find(|(word, ..)| !in_string && rest.starts_with(word));
        if let Some((word, ..)) = word {
            out.push_str("\"\\u0000");
            out.push_str(word);
            out.push('"');
            rest = &rest[word.len()..];
            continue;
        }
        in_string ^= c == '"' && !escaped;
        escaped = in_string && c == '\\' && !escaped;
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// `json.dumps(value)`: a space after `,` and `:`, everything outside ASCII escaped.
pub fn dumps(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_ascii(key, out);
                out.push_str(": ");
                write_json(item, out);
            }
            out.push('}');
        }
        Value::String(text) if bare(value).is_some() => out.push_str(&text[BARE.len_utf8()..]),
        Value::String(text) => write_ascii(text, out),
        other => out.push_str(&other.to_string()),
    }
}

fn write_ascii(text: &str, out: &mut String) {
    // serde_json escapes quotes and control characters; what is left is beyond ASCII.
    for c in Value::from(text).to_string().chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
}

/// `str(value)`: text as it is, everything else as [`repr`].
pub fn text(value: &Value) -> String {
    if let Some((_, text)) = bare(value) {
        return text.into();
    }
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

/// `repr(value)`: `'text'`, `True`, `None`, `['a', 1]`.
pub fn repr(value: &Value) -> String {
    if let Some((_, text)) = bare(value) {
        return text.into();
    }
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => {
            let escaped = text.replace('\\', "\\\\").replace('\n', "\\n");
            if escaped.contains('\'') && !escaped.contains('"') {
                format!("\"{escaped}\"")
            } else {
                format!("'{}'", escaped.replace('\'', "\\'"))
            }
        }
        Value::Array(items) => {
            let inner: Vec<String> = items.iter().map(repr).collect();
            format!("[{}]", inner.join(", "))
        }
        Value::Object(map) => {
            let inner: Vec<String> = map
                .iter()
                .map(|(key, item)| format!("{}: {}", repr(&Value::from(key.as_str())), repr(item)))
                .collect();
            format!("{{{}}}", inner.join(", "))
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// `int(value)`, or the words of Python's exception.
pub fn int(value: &Value) -> Result<i128, String> {
    if let Some((number, _)) = bare(value) {
        let name = if number.is_nan() { "NaN" } else { "infinity" };
        return Err(format!("cannot convert float {name} to integer"));
    }
    match value {
        Value::Bool(flag) => Ok(i128::from(*flag)),
        Value::Number(number) => {
            Ok(number.as_i128().unwrap_or_else(|| number.as_f64().unwrap_or_default() as i128))
        }
        Value::String(text) => text.trim().replace('_', "").parse().map_err(|_| {
            format!("invalid literal for int() with base 10: {}", repr(&Value::from(text.as_str())))
        }),
        other => Err(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            kind(other)
        )),
    }
}

/// `float(value)`, or the words of Python's exception.
pub fn float(value: &Value) -> Result<f64, String> {
    if let Some((number, _)) = bare(value) {
        return Ok(number);
    }
    match value {
        Value::Bool(flag) => Ok(f64::from(u8::from(*flag))),
        Value::Number(number) => Ok(number.as_f64().unwrap_or_default()),
        // A text that means NaN or infinity is refused, though Python takes it: the
        // converted value would have to be written as a number.
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(format!(
                "could not convert string to float: {}",
                repr(&Value::from(text.as_str()))
            )),
        },
        other => Err(format!(
            "float() argument must be a string or a real number, not '{}'",
            kind(other)
        )),
    }
}

/// `bool(value)`: empty and zero are false, also the text `"false"` is true.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_ascii_with_spaces() {
        assert_eq!(
            dumps(&json!({"a": [1, "ü", "𝄞"], "b": "line\n\"q\""})),
            r#"{"a": [1, "\u00fc", "\ud834\udd1e"], "b": "line\n\"q\""}"#
        );
    }

    #[test]
    fn numbers_that_json_has_not_are_read_and_written_bare() {
        let text = r#"{"a": [NaN, -Infinity, "NaN", "\"Infinity"], "b": Infinity}"#;
        let value = loads(text.as_bytes()).unwrap_or_default();
        assert_eq!(dumps(&value), text);
        assert_eq!(self::text(&value["a"]), r#"[nan, -inf, 'NaN', '"Infinity']"#);
        assert_eq!(int(&value["a"][0]), Err("cannot convert float NaN to integer".into()));
        assert_eq!(float(&value["b"]), Ok(f64::INFINITY));
        assert!(loads(b"{\"a\": nan}").is_err());
    }

    #[test]
    fn values_read_like_python() {
        assert_eq!(repr(&json!(["a", 1, null, true, "it's"])), r#"['a', 1, None, True, "it's"]"#);
        assert_eq!(text(&json!("plain")), "plain");
        assert_eq!(int(&json!("64")), Ok(64));
        assert_eq!(int(&json!(63.9)), Ok(63));
        assert_eq!(int(&json!(18_446_744_073_709_551_615_u64)), Ok(18_446_744_073_709_551_615));
        assert_eq!(int(&json!("abc")), Err("invalid literal for int() with base 10: 'abc'".into()));
        assert_eq!(float(&json!("x")), Err("could not convert string to float: 'x'".into()));
        assert!(truthy(&json!("false")) && !truthy(&json!(0)));
    }
}
