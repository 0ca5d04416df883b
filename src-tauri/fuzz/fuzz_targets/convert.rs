#![no_main]

use std::sync::LazyLock;
use workflow::{Moment, ObjectInfo};

/// The classes of the conversion's own tests.
static CLASSES: LazyLock<ObjectInfo> = LazyLock::new(|| {
    let json = include_bytes!("../../crates/workflow/tests/convert/classes.json");
    ObjectInfo::read(json).expect("the fixture is JSON")
});
const NOON: Moment = Moment { year: 2026, month: 11, day: 25, hour: 12, minute: 0, second: 0 };

// A graph is converted, filled in and checked; twice is the same.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(converted) = workflow::convert(text, &CLASSES) else { return };
    let again = workflow::convert(text, &CLASSES).expect("it was converted once");
    assert_eq!(converted.prompt.text(), again.prompt.text());
    let filled = workflow::resolve(&converted.prompt, &CLASSES, NOON, 7);
    let filled = filled.expect("what was converted can be filled in");
    let _ = workflow::preflight::preflight(&filled.prompt, &CLASSES);
    let order = workflow::run_order(&filled.prompt);
    assert_eq!(workflow::lay_out(&filled.prompt, &order).len(), order.len());
});
