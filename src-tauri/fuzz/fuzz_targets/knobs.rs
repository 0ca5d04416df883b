#![no_main]

use std::sync::LazyLock;
use workflow::{Change, ObjectInfo, Patcher, apply, check, knobs, read_prompt};

/// The classes of the conversion's own tests.
static CLASSES: LazyLock<ObjectInfo> = LazyLock::new(|| {
    let json = include_bytes!("../../crates/workflow/tests/convert/classes.json");
    ObjectInfo::read(json).expect("the fixture is JSON")
});

// Up to a zero byte a prompt, behind it changes as JSON. Knobs are found and set to their own values, which
// changes nothing; the changes together are those one by one, and a prompt again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let (text, changes) = match data.iter().position(|byte| *byte == 0) {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[][..]),
    };
    let Ok(prompt) = read_prompt(text) else { return };
    let found = knobs(&prompt, &CLASSES);
    let own: Vec<Change> = found
        .all()
        .filter_map(|knob| {
            let value = knob.value.clone()?;
            Some(Change { node: knob.node.id.clone(), input: knob.input.clone(), value })
        })
        .collect();
    assert_eq!(apply(&prompt, &own).expect("they are its own").text(), prompt.text());
    for knob in found.all_possible() {
        if let Some(json) = knob.initial() {
            let _ = check(knob, &json);
        }
    }
    let Ok(changes) = serde_json::from_slice::<Vec<Change>>(changes) else { return };
    let together = apply(&prompt, &changes);
    let one_by_one = changes
        .iter()
        .try_fold(prompt.clone(), |prompt, change| apply(&prompt, std::slice::from_ref(change)));
    match (together, one_by_one) {
        (Ok(together), Ok(one_by_one)) => {
            assert_eq!(together.text(), one_by_one.text());
            let read = read_prompt(together.text().as_bytes()).expect("it is a prompt");
            assert_eq!(format!("{:?}", read.nodes()), format!("{:?}", together.nodes()));
            assert_eq!(Patcher::new(&prompt).text(&changes).as_deref(), Ok(together.text()));
        }
        // The size of what is added is reckoned by its most.
        (Err(_), _) | (_, Err(_)) => {}
    }
});
