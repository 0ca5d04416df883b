//! What is read, and what comes of it.

use crate::support::{Files, all, error, prompts};
use std::collections::BTreeMap;
use workflow::dynamic::{NoWildcards, parse};

fn files() -> Files {
    Files::new(&[
        ("colour", "# colours\nred\nblue\n"),
        ("colours/warm", "orange\nyellow"),
        ("colours/cold", "teal\n"),
        ("coat", "__colour__ coat\n{long|short} cape"),
        ("weighed", "3::often\n1::rarely\n0::never"),
        ("hair colour", "black"),
        ("r\u{f6}te", "rot"),
        ("loop/a", "plain\nsee __loop/b__"),
        ("loop/b", "{x|__loop/*__}"),
        ("empty", "# nothing\n\n"),
        ("nothing", "0::a\n0::b"),
        ("broken", "fine\nnot {a|b"),
    ])
}

#[test]
fn texts_stand_for_these() {
    let files = files();
    for (text, results) in [
        // Choices.
        ("a {red|blue} coat", &["a red coat", "a blue coat"][..]),
        ("{a|b}{c|d}", &["ac", "ad", "bc", "bd"]),
        ("{a|{b|c} d|}", &["a", "b d", "c d", ""]),
        ("{ a | b }", &[" a ", " b "]),
        ("{|}", &["", ""]),
        ("{3::red|1::blue|0::green}", &["red", "blue", "green"]),
        ("{ .5::red| 0.25::blue}", &["red", "blue"]),
        ("{::a|1:b|1.5:::c|2 ::d}", &["::a", "1:b", ":c", "2 ::d"]),
        ("{r\u{e9}d|\u{1f98a}}", &["r\u{e9}d", "\u{1f98a}"]),
        // Picks.
        ("{2$$a|b|c}", &["a, b", "a, c", "b, a", "b, c", "c, a", "c, b"]),
        ("{2$$ and $$a|b}", &["a and b", "b and a"]),
        ("{2$$|$$a|b}", &["a|b", "b|a"]),
        ("{2$$$$a|b}", &["ab", "ba"]),
        ("{1-2$$a|b}", &["a", "b", "a, b", "b, a"]),
        ("{2-1$$a|b}", &["a", "b", "a, b", "b, a"]),
        ("{-1$$a|b}", &["a", "b"]),
        ("{2-$$a|b}", &["a, b", "b, a"]),
        ("{0-1$$a|b}", &["", "a", "b"]),
        ("{9$$a|b}", &["a, b", "b, a"]),
        ("{ 99999999999999999999 $$a|b}", &["a, b", "b, a"]),
        ("{2$$+$${a|b}|c}", &["a+c", "b+c", "c+a", "c+b"]),
        ("{1$$a}", &["a"]),
        // Wildcards.
        ("a __colour__ coat", &["a red coat", "a blue coat"]),
        ("__colours/warm__", &["orange", "yellow"]),
        (r"__colours\warm__", &["orange", "yellow"]),
        ("__/colours//warm/__", &["orange", "yellow"]),
        ("__colour*__", &["red", "blue", "teal", "orange", "yellow"]),
        ("__*/warm__", &["orange", "yellow"]),
        ("__coat__", &["red coat", "blue coat", "long cape", "short cape"]),
        ("{x|__colour__}", &["x", "red", "blue"]),
        ("{__colour__}", &["red", "blue"]),
        ("{ __colour__}", &["{ red}", "{ blue}"]),
        ("{2$$__colour__}", &["red, blue", "blue, red"]),
        (
            "{2$$/$$__colours/*__}",
            &[
                "teal/orange",
                "teal/yellow",
                "orange/teal",
                "orange/yellow",
                "yellow/teal",
                "yellow/orange",
            ],
        ),
        ("__colour____colours/cold__", &["redteal", "blueteal"]),
        ("__weighed__", &["often", "rarely", "never"]),
        ("__hair colour__", &["black"]),
        ("__r\u{f6}te__", &["rot"]),
        ("___colour__", &["_red", "_blue"]),
        // Comments.
        ("a // note {x|\nb /* {y|z} */c", &["a \nb c"]),
        ("{a/*|b*/|c}", &["a", "c"]),
        ("see https://example.org/x", &["see https://example.org/x"]),
        ("never /* ending", &["never /* ending"]),
        // Escapes.
        (r"\{a\|b\} \__colour\__", &["{a|b} __colour__"]),
        (r"{a\|b|c\}}", &["a|b", "c}"]),
        (r"\\{a|b}", &[r"\\a", r"\\b"]),
        (r"a\/\/b #c \#d \$\$", &["a//b #c #d $$"]),
        (r"{1\::x|y}", &[r"1\::x", "y"]),
    ] {
        assert_eq!(all(text, &files), results, "{text}");
    }
}

#[test]
fn plain_texts_stay_as_they_are() {
    for text in [
        "",
        "a woman in a red jumper, three-quarter view",
        "(word:1.2), [word], ((word)), [from:to:0.5], [large::0.1]",
        r"a \(film\) still, C:\models\x",
        "embedding:EasyNegative, embedding:my__old__style:1.1",
        "<lora:painterly_v7:0.8> <lora:my__old__style:1:0.5>",
        "score_9, score_8_up, __, ____, a __ b __ c",
        "100% #ff0000 $5 a|b a||b",
        "{ lone, } lone, {pair}, {}, {{pair}}, {3::x}",
        r#"{"scene": {"light": "soft", "camera": ["35mm"]}}"#,
        "{$$} {a$$b} $ {x} ${1} ${a b}",
        "BREAK AND a:1.2 AND b",
        "line\r\nline\n",
        "__what is this__",
        "\u{feff}\u{0}\u{202e}",
    ] {
        let template = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let prompts = template.fill(&NoWildcards).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(prompts.all().collect::<Vec<_>>(), [text]);
        assert_eq!((prompts.count(), prompts.sample(1, 2)), (1, text.to_owned()));
    }
    assert!(parse("{a} b_c").unwrap().is_plain());
    assert!(!parse("{a|b}").unwrap().is_plain());
    assert!(!parse("__a__").unwrap().is_plain());
}

#[test]
fn the_wildcards_of_a_text_are_named_once() {
    let template = parse(r"__a__ {__b\c__|__a__|{1$$__d*__}}").unwrap();
    assert_eq!(template.wildcards(), ["a", "b/c", "d*"]);
}

#[test]
fn errors_name_the_place() {
    let files = files();
    for (text, said) in [
        (
            "a \u{1f98a} {b|c",
            "At character 5, this { begins a choice that has no }. Add the }, or write \\{ for a plain brace.",
        ),
        (
            "{ok|fine} {2$$a",
            "At character 11, this { begins a choice that has no }. Add the }, or write \\{ for a plain brace.",
        ),
        (
            "{a|1.2.3::b}",
            "At character 4, the weight 1.2.3 cannot be used. Weights go from 0 to 1000000, with up to six digits behind the point.",
        ),
        (
            "{1000000.1::a|b}",
            "At character 2, the weight 1000000.1 cannot be used. Weights go from 0 to 1000000, with up to six digits behind the point.",
        ),
        (
            "x {0::a|0::b}",
            "At character 3, all options of this choice have the weight 0, so none can be chosen.",
        ),
        (
            "a ${colour=red} b",
            "At character 3, variables such as ${colour} are not known here. Write \\$ before the brace for plain text.",
        ),
        (
            "a __colr__ b",
            "At character 3, there is no wildcard colr. Add a file colr.txt, or write \\__ for plain text.",
        ),
        (
            "__x*__",
            "At character 1, there is no wildcard x*. Add a file x*.txt, or write \\__ for plain text.",
        ),
        (
            "__a/../../b__",
            "At character 1, the wildcard a/../../b leads out of the wildcard folder. Leave out the .. in its name.",
        ),
        ("__empty__", "At character 1, the wildcard empty has no lines to choose from."),
        (
            "__nothing__",
            "At character 1, all lines of the wildcard nothing have the weight 0, so none can be chosen.",
        ),
        ("__locked__", "At character 1, the wildcard locked cannot be read: Its folder is locked."),
        (
            "__broken__",
            "In the wildcard broken, line 2: at character 5, this { begins a choice that has no }. Add the }, or write \\{ for a plain brace.",
        ),
        (
            "__loop/a__",
            "In the wildcard loop/b, line 1: at character 4, wildcards include themselves: loop/a, then loop/b, then loop/a. Take one of them out.",
        ),
        (
            "__loop/b__",
            "In the wildcard loop/a, line 2: at character 5, wildcards include themselves: loop/b, then loop/a, then loop/b. Take one of them out.",
        ),
    ] {
        assert_eq!(error(text, &files), said, "{text}");
    }
}

#[test]
fn samples_honour_weights() {
    let files = files();
    let counts = |text: &str| {
        let prompts = prompts(text, &files).unwrap();
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for index in 0..8_000 {
            *counts.entry(prompts.sample(42, index)).or_default() += 1;
        }
        counts
    };
    let near = |counts: &BTreeMap<String, u32>, text: &str, expected: u32| {
        let count = counts.get(text).copied().unwrap_or(0);
        assert!(count.abs_diff(expected) < 250, "{text}: {count} and not about {expected}");
    };
    for text in ["{3::often|1::rarely|0::never}", "__weighed__"] {
        let counts = counts(text);
        near(&counts, "often", 6_000);
        near(&counts, "rarely", 2_000);
        assert_eq!(counts.len(), 2);
    }
    // The first by weight, the second by the weights of what is left: 2/4 · 1/2.
    let pairs = counts("{2$$2::a|1::b|1::c}");
    near(&pairs, "a, b", 2_000);
    near(&pairs, "b, a", 1_333);
    near(&pairs, "b, c", 667);
    // As many options are as likely for each number, and what weighs nothing comes last.
    let some = counts("{1-2$$1::a|0::b}");
    near(&some, "a", 4_000);
    near(&some, "a, b", 4_000);
}

#[test]
fn samples_stay_the_same() {
    // These are stored with jobs: they may never change.
    let files = files();
    let text = "{a|b|c} {2$$1::x|2::y|3::z} __colour*__ {0-3$$+$$1|2|3}";
    let prompts = prompts(text, &files).unwrap();
    let samples: Vec<String> = (0..4).map(|index| prompts.sample(771_204, index)).collect();
    assert_eq!(
        samples,
        ["b z, y blue 2+1", "c y, x teal 1+3+2", "b z, y orange 2+3", "c z, y blue 3+1+2"]
    );
    assert_eq!(prompts.sample(u64::MAX, u64::MAX), "a z, x orange 2");
}
