//! The few habits of Python that show on the wire: how ComfyUI writes values into
//! its messages, turns widget values into numbers, and dumps JSON.

use serde_json::Value;

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
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

/// `repr(value)`: `'text'`, `True`, `None`, `['a', 1]`.
pub fn repr(value: &Value) -> String {
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
    match value {
        Value::Bool(flag) => Ok(f64::from(u8::from(*flag))),
        Value::Number(number) => Ok(number.as_f64().unwrap_or_default()),
        // JSON has no NaN or infinity, so a text that means one is refused as well.
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
