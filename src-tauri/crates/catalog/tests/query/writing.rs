//! Writing queries, and adding and removing tokens in what was typed.

use crate::parse;
use catalog::{
    NamedKey, has_token, named_token, widget_token, with_only_token, with_token, without_token,
};

#[test]
fn tokens_are_written_plainly() {
    for (typed, written) in [
        ("  rose   pot ", "rose pot"),
        ("MODEL:flux,,sdxl", "model:flux,sdxl"),
        ("checkpoint=\"a b\",c", "model=\"a b\",c"),
        ("model:=a,=b", "model=a,b"),
        ("model:a,=b", "model:a,=b"),
        ("model:\"=a\"", "model:\"=a\""),
        ("tag:“for print”", "tag:\"for print\""),
        ("tag:\"wip\"", "tag:wip"),
        ("tag:\"a\\\"b c", "tag:\"a\\\"b c\""),
        ("rating>=3", "rating:3+"),
        ("stars:3", "rating:3"),
        ("steps:30+", "steps:>=30"),
        ("steps:30..20", "steps:20..30"),
        ("steps:1e3", "steps:1000"),
        ("size:1024X1536", "size:1024x1536"),
        ("size:>2MP", "size:>2mp"),
        ("took:2min", "took:2m"),
        ("took:>90", "took:>90s"),
        ("date:\"This month\"", "date:this-month"),
        ("date:2026-1-5", "date:2026-01-05"),
        ("has:loras,input", "has:lora,source"),
        ("pick:no", "flag:none"),
        ("job:0199-AB", "job:0199ab"),
        ("prompt:\"rose\"", "prompt:\"rose\""),
        ("prompt:rose", "prompt:rose"),
        ("prompt:a,::b", "prompt:a,::b"),
        ("KSampler.steps:>30", "KSampler.steps>30"),
        ("KSampler.steps:>30,<3", "KSampler.steps:>30,<3"),
        ("KSampler.steps:\"30\"", "KSampler.steps:\"30\""),
        ("KSampler.steps=30", "KSampler.steps=30"),
        ("\"A.b\".c:d", "\"A.b\".c:d"),
        ("-\"a  b\"", "-\"a  b\""),
        ("\"a b", "\"a b"),
        ("rating:9", "rating:9"),
        ("-modle:X", "-modle:X"),
    ] {
        assert_eq!(parse(typed).to_string(), written, "{typed}");
    }
}

#[test]
fn tokens_are_added() {
    for (text, token, wanted) in [
        ("", "model=flux", "model=flux"),
        ("rose ", "model=flux", "rose model=flux"),
        // The rest is left as it was typed.
        ("MODEL:x   ,rose", "tag=a", "MODEL:x   ,rose tag=a"),
        ("model=a rose", "model=b", "model=a,b rose"),
        ("model:a rose", "model=b", "model:a,=b rose"),
        ("model=a,b", "model=b", "model=a,b"),
        ("-model=a rose", "model=a", "rose model=a"),
        ("-model=a,b rose", "model=a", "-model=b rose model=a"),
        ("model=a", "-model=b", "model=a -model=b"),
        ("model=a", "-model=a", "-model=a"),
        ("tag=x", "tag=\"for print\"", "tag=x,\"for print\""),
        ("date:2026-10", "date:2026-09", "date:2026-10,2026-09"),
        ("fav:yes", "fav:yes", "fav:yes"),
        ("fav:no", "fav:yes", "fav:yes"),
        ("\"loose bou", "tag=x", "\"loose bou\" tag=x"),
        ("\"a\\", "tag=x", "\"a\\\\\" tag=x"),
        ("tag:\"for pr", "has:video", "tag:\"for pr\" has:video"),
        ("rating:9", "rating:3+", "rating:9 rating:3+"),
        ("KSampler.steps>30", "KSampler.steps<3", "KSampler.steps:>30,<3"),
        ("rose", "pot", "rose pot"),
    ] {
        assert_eq!(with_token(text, token), wanted, "{text} with {token}");
    }
}

#[test]
fn tokens_are_removed() {
    for (text, token, wanted) in [
        ("rose model=a pot", "model=a", "rose pot"),
        ("model=a  pot", "model=a", "pot"),
        ("rose model=a", "model=a", "rose"),
        ("model=a,b pot", "model=a", "model=b pot"),
        ("model=a pot model=a,b", "model=a", "pot model=b"),
        ("-model=a", "model=a", "-model=a"),
        ("-has:lora rose", "-has:lora", "rose"),
        ("model:a", "model=a", "model:a"),
        ("rating:>=3", "rating:3+", ""),
        ("date:2026-10,2026-09", "date:2026-10", "date:2026-09"),
        ("rose", "rose", "rose"),
    ] {
        assert_eq!(without_token(text, token), wanted, "{text} without {token}");
    }
}

#[test]
fn tokens_take_the_place_of_others() {
    for (text, token, wanted) in [
        ("rating:3+ rose rating:5", "rating:4+", "rose rating:4+"),
        ("-rating:1 rose", "rating:4+", "rose rating:4+"),
        ("rose", "rating:4+", "rose rating:4+"),
        ("rating:9", "rating:4+", "rating:9 rating:4+"),
    ] {
        assert_eq!(with_only_token(text, token), wanted, "{text} with only {token}");
    }
}

#[test]
fn tokens_are_known_again() {
    for (text, token, wanted) in [
        ("rose model=a,b", "model=b", true),
        ("model:a", "model=a", false),
        ("-model=a", "model=a", false),
        ("-has:lora", "-has:lora", true),
        ("stars:3+", "rating:>=3", true),
        ("rose", "rose", false),
    ] {
        assert_eq!(has_token(text, token), wanted, "{token} in {text}");
    }
}

#[test]
fn tokens_are_made_for_anything() {
    for (token, wanted) in [
        (named_token(NamedKey::Tag, "wip"), "tag=wip"),
        (named_token(NamedKey::Collection, "a \"b\", c"), "collection=\"a \\\"b\\\", c\""),
        (widget_token("KSampler", "steps", "30"), "KSampler.steps=30"),
        (widget_token("KSampler", "cfg", "0.10"), "KSampler.cfg=0.1"),
        (widget_token("A.b (c)", "x", "clay pot"), "\"A.b (c)\".x:\"clay pot\""),
        (widget_token("A", "x y", "20..30"), "A.\"x y\":\"20..30\""),
    ] {
        assert_eq!(token, wanted);
        assert_eq!(parse(&token).faults().count(), 0, "{token}");
        assert_eq!(parse(&token).to_string(), token);
    }
}
