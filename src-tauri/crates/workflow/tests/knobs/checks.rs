//! Whether a value is fine for a knob.

use crate::support::{class, prompt, read_info};
use serde_json::{Value, json};
use workflow::{check, knobs};

/// What is said of a value for an input.
fn said(spec: &Value, value: &str) -> String {
    let info = read_info(&json!({"A": class(&json!({"amount": spec}), &[])}));
    let nodes = prompt(&json!({"1": {"class_type": "A", "inputs": {"amount": 1}}}));
    let knobs = knobs(&nodes, &info);
    let said = check(knobs.get("1", "amount").unwrap(), value);
    said.map_or_else(|misfit| misfit.to_string(), |()| "fine".to_owned())
}

#[test]
fn values_are_checked_by_kind_range_and_list() {
    let whole = json!(["INT", {"min": 1, "max": u64::MAX, "step": 64}]);
    let part = json!(["FLOAT", {"min": 0.0, "max": 1.0, "step": 0.5}]);
    let words = json!(["STRING", {"multiline": true}]);
    let list = json!([["euler", "\"", 2, true]]);
    let several = json!(["COMBO", {"options": ["a", "b"], "multiselect": true}]);
    let branches = json!(["COMFY_DYNAMICCOMBO_V3", {"options": [{"key": "a"}]}]);
    let file = json!([["a.png"], {"image_upload": true}]);
    let models = json!([["a.safetensors"]]);
    for (spec, value, wanted) in [
        (&whole, "18446744073709551615", "fine"),
        (&whole, " 7 ", "fine"),
        (
            &whole,
            "18446744073709551616",
            "Amount is 18446744073709551616: it must be 18446744073709551615 or less.",
        ),
        (&whole, "0", "Amount is 0: it must be 1 or more."),
        (&whole, "1.5", "Amount is 1.5: a whole number is needed."),
        (&whole, "\"7\"", "Amount is \"7\": a whole number is needed."),
        (&whole, "null", "Amount is empty: a whole number is needed."),
        (&whole, "\"\"", "Amount is empty: a whole number is needed."),
        (&whole, "", "The value of Amount is not JSON."),
        (&whole, "7 8", "The value of Amount is not JSON."),
        (&part, "0.37", "fine"),
        (&part, "1", "fine"),
        (&part, "1.01", "Amount is 1.01: it must be 1.0 or less."),
        (&part, "-0.1", "Amount is -0.1: it must be 0.0 or more."),
        (&part, "true", "Amount is true: a number is needed."),
        (&json!(["FLOAT"]), "1e300", "fine"),
        (&json!(["BOOLEAN"]), "false", "fine"),
        (&json!(["BOOLEAN"]), "0", "Amount is 0: yes or no is needed."),
        (&words, "\"\"", "fine"),
        (&words, "\"a\\nb\"", "fine"),
        (&words, "null", "Amount is empty: a text is needed."),
        (&words, "{}", "Amount is {}: a text is needed."),
        (&list, "\"euler\"", "fine"),
        (&list, "\"\\u0065uler\"", "fine"),
        (&list, "\"\\\"\"", "fine"),
        (&list, "2.0", "fine"),
        (&list, "1", "fine"),
        (&list, "\"heun\"", "Amount is \"heun\", which is not in the server's list."),
        (&list, "\"\"", "Amount is empty: one of the list is needed."),
        (&json!([[""]]), "\"\"", "fine"),
        (&json!([[]]), "\"x\"", "fine"),
        (
            &json!([[]]),
            "\"x.safetensors\"",
            "Amount is \"x.safetensors\", which is not in the server's list.",
        ),
        (&json!(["COMBO", {"remote": {}}]), "\"x\"", "fine"),
        (
            &models,
            "\"b.safetensors\"",
            "Amount is \"b.safetensors\", which is not in the server's list.",
        ),
        (&several, "[\"a\",\"b\"]", "fine"),
        (&several, "[]", "fine"),
        (&several, "[\"c\"]", "Amount is \"c\", which is not in the server's list."),
        (&several, "\"a\"", "Amount is \"a\": a list of values is needed."),
        (&branches, "\"a\"", "fine"),
        (&branches, "\"b\"", "Amount is \"b\", which is not in the server's list."),
        (&branches, "null", "Amount is empty: one of the list is needed."),
        (&file, "\"not/listed.png\"", "fine"),
        (&file, "\"\"", "Picture is empty: a file is needed."),
        (&file, "3", "Picture is 3: a file is needed."),
        (&json!(["INT,BOOLEAN"]), "3", "fine"),
        (&json!(["INT,BOOLEAN"]), "true", "fine"),
        (&json!(["INT,BOOLEAN"]), "\"a\"", "Amount is \"a\": a value of another type is needed."),
        (&json!(["*"]), "\"a\"", "fine"),
        (&json!(["CURVE"]), "{\"points\":[]}", "fine"),
        (&json!(["CURVE"]), "[\"4\",0]", "The value of Amount would be read as a link to node 4."),
    ] {
        assert_eq!(said(spec, value), wanted, "{value} for {spec}");
    }
}

#[test]
fn long_and_deep_values_are_refused_in_short_sentences() {
    let words = json!(["STRING"]);
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    assert_eq!(said(&words, &deep), "The value of Amount is larger than a workflow may be.");
    let long = format!("[{}1]", "1,".repeat(100_000));
    assert!(said(&words, &long).len() < 200);
    assert_eq!(said(&words, &format!("\"{}\"", "x".repeat(100_000))), "fine");
}
