//! What cannot be understood is said where it stands, and the rest applies.

use crate::{only, parse};
use catalog::MAX_TOKENS;

#[test]
fn each_fault_says_what_is_expected() {
    let table: &[(&str, &str, bool)] = &[
        ("modle:flux", "“modle” is no token. Did you mean model:?", false),
        ("https://example.org", "“https” is no token. Put it into quotes", false),
        ("model:", "model: is followed by a name or part of one, such as model:flux", true),
        ("model:\"\"", "model: is followed by a name", true),
        ("model:\"", "model: is followed by a name", true),
        ("A.b:\"", "A.b: is followed by a text or a number", true),
        ("model:,", "model: is followed by a name", true),
        ("rating:6", "“6” does not fit: rating: takes a number of stars from 0 to 5", false),
        ("rating:x", "“x” does not fit: rating: takes a number of stars", false),
        ("rating:3,x", "“x” does not fit: rating:", false),
        ("seed:1.5", "“1.5” does not fit: seed: takes a whole number", false),
        ("seed:18446744073709551616", "does not fit: seed: takes a whole number", false),
        ("steps:many", "“many” does not fit: steps: takes a number", false),
        ("steps:inf", "“inf” does not fit", false),
        ("cfg:..", "“..” does not fit", false),
        ("size:big", "“big” does not fit: size: takes the longer side, both sides", false),
        ("size:512..2mp", "“512..2mp” does not fit", false),
        ("size:9x5..5x9", "“9x5..5x9” does not fit", false),
        ("took:5y", "“5y” does not fit: took: takes a time", false),
        ("date:2026-13", "“2026-13” does not fit: date: takes a day, month or year", false),
        ("date:2026-02-30", "“2026-02-30” does not fit", false),
        ("date:soon", "“soon” does not fit", false),
        ("has:cheese", "“cheese” does not fit: has: takes video, audio, lora", false),
        ("is:odd", "“odd” does not fit: is: takes favourite, picked", false),
        ("kind:film", "“film” does not fit: kind: takes picture, video", false),
        ("fav:maybe", "“maybe” does not fit: fav: takes yes or no", false),
        ("fav:yes,no", "“a list” does not fit: fav: takes yes or no", false),
        ("flag:2", "“2” does not fit: flag: takes pick, reject or none", false),
        ("model>flux", "model: cannot be more or less than something: it takes a name", false),
        ("tag:>=a", "tag: cannot be more or less", false),
        ("job:xyz", "“xyz” does not fit: job: takes a job's id", false),
        ("like:this", "“this” does not fit: like: takes the number of a picture", false),
        ("prompt:?", "“?” does not fit: prompt: takes a word", false),
        ("KSampler.steps:", "KSampler.steps: is followed by a text or a number", true),
        ("KSampler.steps>many", "“many” does not fit: KSampler.steps: takes", false),
        ("-", "A minus leaves out what stands right behind it", true),
        ("--,", "A minus leaves out what stands right behind it", true),
        ("\"\"", "Words belong between the quotes.", true),
    ];
    for (text, sentence, unfinished) in table {
        let fault = only(text).expect_err(text);
        assert!(fault.sentence.contains(sentence), "{text}: {}", fault.sentence);
        assert_eq!(fault.unfinished, *unfinished, "{text}");
        assert!(fault.sentence.ends_with(['.', '?']), "{text}: {}", fault.sentence);
    }
}

#[test]
fn the_rest_still_applies() {
    let text = "rose rating:9 tag:print modle:x -lora:film";
    let query = parse(text);
    let understood: Vec<bool> = query.tokens().iter().map(|token| token.meaning.is_ok()).collect();
    assert_eq!(understood, [true, false, true, false, true]);
    let at: Vec<&str> =
        query.faults().map(|(token, _)| &text[token.span.start..token.span.end]).collect();
    assert_eq!(at, ["rating:9", "modle:x"]);
    assert_eq!(query.terms().count(), 3);
}

#[test]
fn more_tokens_than_are_used_are_said() {
    let query = parse(&"a ".repeat(MAX_TOKENS + 2));
    let faults: Vec<String> = query.faults().map(|(_, fault)| fault.sentence.clone()).collect();
    assert_eq!(faults, vec!["Only the first 64 words and tokens are used."; 2]);
    assert_eq!(query.terms().count(), MAX_TOKENS);
}
