//! What the artist sets up becomes values with labels, or is refused with a sentence.

use crate::support::{at, json, made, plan, refused, value};
use workflow::sweep::{AxisKind, AxisPlan, KnobValues};

fn row(label: &str, sets: &[&str]) -> (String, Vec<String>) {
    (label.to_owned(), sets.iter().map(|set| (*set).to_owned()).collect())
}

fn values(knobs: &[(&str, &[&str])]) -> AxisKind {
    let knob = |(address, values): &(&str, &[&str])| KnobValues {
        at: at(address),
        values: values.iter().map(|value| json(value)).collect(),
    };
    AxisKind::Values { knobs: knobs.iter().map(knob).collect() }
}

fn range(knobs: &[&str], text: &str) -> AxisKind {
    AxisKind::Range { knobs: knobs.iter().map(|knob| at(knob)).collect(), text: text.to_owned() }
}

fn replace(knobs: &[&str], needle: &str, with: &[&str]) -> AxisKind {
    AxisKind::Replace {
        knobs: knobs.iter().map(|knob| at(knob)).collect(),
        needle: needle.to_owned(),
        with: with.iter().map(|word| (*word).to_owned()).collect(),
    }
}

#[test]
fn lists_of_values() {
    assert_eq!(
        made(values(&[("3.seed", &["18446744073709551615", "0.10", "0.10", "true"])])),
        [
            row("18446744073709551615", &["3.seed=18446744073709551615"]),
            row("0.10", &["3.seed=0.10"]),
            row("on", &["3.seed=true"]),
        ]
    );
    // Models are named without folder and ending, unless that makes two the same.
    assert_eq!(
        made(values(&[("4.ckpt", &["\"xl/a.safetensors\"", "\"sd/b.ckpt\"", "\"xl/b.ckpt\""])])),
        [
            row("a", &["4.ckpt=\"xl/a.safetensors\""]),
            row("sd/b.ckpt", &["4.ckpt=\"sd/b.ckpt\""]),
            row("xl/b.ckpt", &["4.ckpt=\"xl/b.ckpt\""]),
        ]
    );
    assert_eq!(
        made(values(&[("4.w", &["512", "768"]), ("4.h", &["768", "512"])])),
        [row("512, 768", &["4.w=512", "4.h=768"]), row("768, 512", &["4.w=768", "4.h=512"]),]
    );
}

#[test]
fn ranges_of_numbers() {
    assert_eq!(
        made(range(&["9.model", "9.clip"], "0.5..1 step 0.25, 1.0")),
        [
            row("0.50", &["9.model=0.5", "9.clip=0.5"]),
            row("0.75", &["9.model=0.75", "9.clip=0.75"]),
            row("1.00", &["9.model=1", "9.clip=1"]),
        ]
    );
}

#[test]
fn search_and_replace() {
    assert_eq!(
        made(replace(&["6.text", "7.text"], "red", &["blue", "red", "", "\"x\""])),
        [
            row("red", &["6.text=\"a red coat on a red chair\"", "7.text=\"not red\""]),
            row("blue", &["6.text=\"a blue coat on a blue chair\"", "7.text=\"not blue\""]),
            row("empty", &["6.text=\"a  coat on a  chair\"", "7.text=\"not \""]),
            row(
                "\"x\"",
                &["6.text=\"a \\\"x\\\" coat on a \\\"x\\\" chair\"", "7.text=\"not \\\"x\\\"\""]
            ),
        ]
    );
}

#[test]
fn presets_and_long_texts() {
    let presets = vec![
        value("Soft", &[("3.cfg", "4"), ("3.steps", "30")]),
        value("As it is", &[]),
        value("Hard", &[("3.cfg", "9")]),
    ];
    assert_eq!(
        made(AxisKind::Presets { presets }),
        [row("Soft", &["3.cfg=4", "3.steps=30"]), row("As it is", &[]), row("Hard", &["3.cfg=9"]),]
    );
    let same = "a prompt that begins as the next one does, then ";
    let texts = ["a cat", &format!("{same}not"), &format!("{same}stays"), "a cat"];
    let texts = texts.map(|text| serde_json::to_string(text).unwrap());
    assert_eq!(
        made(values(&[("6.text", &texts.each_ref().map(String::as_str))])),
        [
            row("a cat", &["6.text=\"a cat\""]),
            row("a prompt that begins as the next one doe…", &[&format!("6.text=\"{same}not\"")]),
            row(
                "a prompt that begins as the next one doe… (2)",
                &[&format!("6.text=\"{same}stays\"")]
            ),
        ]
    );
}

#[test]
fn what_cannot_be_swept_is_said() {
    let one = &["1"][..];
    for (kind, said) in [
        (values(&[]), "The axis A changes no knob. Choose one."),
        (range(&[], "1..3"), "The axis A changes no knob. Choose one."),
        (
            AxisKind::Presets { presets: vec![value("x", &[])] },
            "The axis A changes no knob. Choose one.",
        ),
        (values(&[("3.cfg", &[])]), "The axis A has no values. Add one, or take the axis away."),
        (range(&["3.cfg"], " "), "The axis A has no values. Add one, or take the axis away."),
        (
            values(&[("3.cfg", &["1", "2"]), ("3.steps", one)]),
            "The knobs of the axis A move together, but one has 2 values and another 1. Give each as many.",
        ),
        (range(&["3.cfg"], "0.5..1"), "The axis A: 0.5..1 needs a step, such as 0.5..1 step 0.25."),
        (
            values(&[("3.cfg", one), ("3.cfg", one)]),
            "The value 1, 1 of the axis A sets cfg of node 3 twice.",
        ),
        (
            replace(&["6.text"], "", &["x"]),
            "The axis A searches for nothing. Say which words are to be replaced.",
        ),
        (
            replace(&["6.text", "7.text"], "coat", &["hat"]),
            "The axis A searches for \"coat\", which is not in text of node 7.",
        ),
        (
            replace(&["3.cfg"], "coat", &["hat"]),
            "The axis A searches in cfg of node 3, which is not a text.",
        ),
        (
            replace(&["8.text"], "a", &["x".repeat(1_000).as_str()]),
            "The values of the axis A take up more than 64 MB. Use fewer or shorter ones.",
        ),
    ] {
        assert_eq!(refused(kind).to_string(), said);
    }
}

#[test]
fn plans_are_stored() {
    for kind in [
        values(&[("3.seed", &["18446744073709551615"])]),
        range(&["3.cfg"], "1..3"),
        replace(&["6.text"], "red", &["blue"]),
        AxisKind::Presets { presets: vec![value("x", &[("3.cfg", "1")])] },
    ] {
        let plan = plan(kind);
        let stored = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<AxisPlan>(&stored).unwrap(), plan, "{stored}");
    }
    assert_eq!(
        serde_json::to_string(&plan(range(&["3.cfg"], "1..3"))).unwrap(),
        r#"{"title":"A","kind":"range","knobs":[{"node":"3","input":"cfg"}],"text":"1..3"}"#
    );
}
