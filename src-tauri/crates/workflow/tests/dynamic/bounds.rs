//! What nobody means: too deep, too long, too many.

use crate::support::{Files, all, error, prompts};
use std::fmt::Write;
use workflow::dynamic::{MAX_DEPTH, MAX_LINES, MAX_TEXT_BYTES, parse};

#[test]
fn depth_is_bounded() {
    let none = Files::default();
    let nested = |depth: usize| format!("{}x{}", "{a|".repeat(depth), "}".repeat(depth));
    assert_eq!(all(&nested(MAX_DEPTH), &none).len(), MAX_DEPTH + 1);
    assert_eq!(
        error(&nested(MAX_DEPTH + 1), &none),
        "At character 193, choices are more than 64 deep within one another. Make it flatter."
    );
    assert!(parse(&"{".repeat(MAX_TEXT_BYTES)).is_err());
    // Files within files, with braces in each.
    let chain = |files: usize| {
        let text = |file| format!("{}__w{}__{}", "{a|".repeat(30), file + 1, "}".repeat(30));
        let mut chain: Files = Files::default();
        for file in 0..files {
            chain.0.insert(format!("w{file}"), text(file));
        }
        chain.0.insert(format!("w{files}"), "end".to_owned());
        chain
    };
    assert_eq!(all("__w0__", &chain(2)).len(), 61);
    assert!(error("__w0__", &chain(3)).contains("more than 64 deep"));
    assert!(error("__w0__", &chain(5_000)).contains("more than 64 deep"));
    // What was looked up before is not any flatter.
    assert_eq!(all("__w0__ {x|__w0__}", &chain(2)).len(), 61 * 62);
    assert!(error("__w0__ {x|{x|__w0__}}", &chain(2)).contains("more than 64 deep"));
}

#[test]
fn long_texts_are_refused() {
    let long = "a".repeat(MAX_TEXT_BYTES);
    assert!(parse(&long).is_ok());
    let error_of = |text: &str, files: &Files| error(text, files);
    let none = Files::default();
    assert_eq!(
        error_of(&format!("{long}b"), &none),
        "At character 1, this text has more than 100000 bytes."
    );
    let files = Files::new(&[("long", &"a".repeat(MAX_TEXT_BYTES / 2 + 1))]);
    assert!(prompts("__long__", &files).is_ok());
    assert_eq!(
        error_of("__long__ __long__", &files),
        "At character 1, a result could have more than 100000 bytes. Use shorter lines, or fewer picks."
    );
    assert!(error_of("{2$$__long__|__long__}", &files).contains("more than 100000 bytes"));
    assert!(prompts("{__long__|__long__}", &files).is_ok());
}

#[test]
fn wildcards_that_double_each_other_are_refused() {
    for line in ["x", ""] {
        let mut files = Files::new(&[("w30", &format!("{{{line}|{line}}}"))]);
        for file in 0..30 {
            files.0.insert(format!("w{file}"), format!("__w{0}__ __w{0}__", file + 1));
        }
        assert!(error("__w0__", &files).contains("a result could"));
        let prompts = prompts("__w25__", &files).unwrap();
        assert_eq!(prompts.count(), 1 << 32);
        assert_eq!(prompts.all().take(3).count(), 3);
    }
}

#[test]
fn counts_stop_at_the_largest() {
    let none = Files::default();
    let text = "{a|b|c|d}".repeat(200);
    let prompts_of_text = prompts(&text, &none).unwrap();
    assert_eq!(prompts_of_text.count(), u64::MAX);
    assert_eq!(prompts_of_text.sample(1, 1).len(), 200);
    assert_eq!(prompts_of_text.all().nth(5).unwrap(), format!("{}bb", "a".repeat(198)));
    let mut text = String::from("{1-100$$");
    for option in 0..300 {
        let _ = write!(text, "{option}|");
    }
    text.push('}');
    assert_eq!(prompts(&text, &none).unwrap().count(), u64::MAX);
    assert_eq!(
        error(&text.replace("1-100", "1-"), &none),
        "At character 1, this choice picks 301 options. 100 are the most."
    );
}

#[test]
fn many_lines_are_refused() {
    let half = "x\n".repeat(MAX_LINES / 2);
    let files = Files::new(&[("a", &half), ("b", &half), ("c", "x")]);
    assert_eq!(prompts("__a__ __b__ __a__", &files).unwrap().count(), 1_000_000_000_000_000);
    let said = "the wildcards of this text have more than 200000 lines together.";
    assert_eq!(error("__a__ __b__ __c__", &files), format!("At character 13, {said}"));
    assert!(error("__*__", &files).ends_with(said));
    let wide = format!("{}\n", "x".repeat(90_000)).repeat(120);
    let files = Files::new(&[("a", &wide), ("b", &wide)]);
    assert!(prompts("__a__", &files).is_ok());
    assert!(error("{__a__|__b__}", &files).contains("more than 20 MB together"));
}
