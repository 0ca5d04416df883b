//! Each key and what it takes.

use crate::{parse, term};
use catalog::{
    Column, FlagValue, Has, IdKey, Is, Key, Kind, NameTest, NamedKey, Number, NumberKey, Shape,
    SizeValue, Term, Test, TextTest, WidgetTest,
};

fn number(value: f64) -> Number {
    Number::new(value).unwrap()
}

fn like(name: &str) -> NameTest {
    NameTest::Like(name.to_owned())
}

fn is(name: &str) -> NameTest {
    NameTest::Is(name.to_owned())
}

#[test]
fn names_are_parts_or_with_an_equals_sign_whole() {
    let table: &[(&str, NamedKey, Vec<NameTest>)] = &[
        ("model:flux", NamedKey::Model, vec![like("flux")]),
        ("checkpoint:flux", NamedKey::Model, vec![like("flux")]),
        ("MODEL:flux,sdxl", NamedKey::Model, vec![like("flux"), like("sdxl")]),
        ("model:flux,", NamedKey::Model, vec![like("flux")]),
        ("model=a,b", NamedKey::Model, vec![is("a"), is("b")]),
        ("model:a,=b", NamedKey::Model, vec![like("a"), is("b")]),
        ("model:xl/a_1.0.safetensors", NamedKey::Model, vec![like("xl/a_1.0.safetensors")]),
        ("lora:film", NamedKey::Lora, vec![like("film")]),
        ("tag:\"for print\",wip", NamedKey::Tag, vec![like("for print"), like("wip")]),
        ("tag:\"for print", NamedKey::Tag, vec![like("for print")]),
        ("workflow:\"Bouquet\"", NamedKey::Workflow, vec![like("Bouquet")]),
        ("server:attic", NamedKey::Server, vec![like("attic")]),
        ("collection:best", NamedKey::Collection, vec![like("best")]),
        ("sampler:euler", NamedKey::Sampler, vec![like("euler")]),
        ("scheduler:karras", NamedKey::Scheduler, vec![like("karras")]),
    ];
    for (text, key, any) in table {
        assert_eq!(term(text), Term::Named { key: *key, any: any.clone() }, "{text}");
    }
    assert_eq!(term("name:img_2"), Term::Called { any: vec![like("img_2")] });
    assert_eq!(term("title=\"Bouquet 3\""), Term::Called { any: vec![is("Bouquet 3")] });
}

#[test]
fn numbers_compare() {
    let table: &[(&str, Test<f64>)] = &[
        ("steps:30", Test::Is(30.0)),
        ("steps=30", Test::Is(30.0)),
        ("steps>30", Test::Above(30.0)),
        ("steps:>30", Test::Above(30.0)),
        ("steps>=30", Test::AtLeast(30.0)),
        ("steps:≥30", Test::AtLeast(30.0)),
        ("steps:30+", Test::AtLeast(30.0)),
        ("steps:30..", Test::AtLeast(30.0)),
        ("steps<30", Test::Below(30.0)),
        ("steps:<=30", Test::AtMost(30.0)),
        ("steps:..30", Test::AtMost(30.0)),
        ("steps:20..30", Test::Between(20.0, 30.0)),
        ("steps:30..20", Test::Between(20.0, 30.0)),
        ("steps:0.5...75", Test::Between(0.5, 0.75)),
    ];
    for (text, test) in table {
        let any = vec![test.map(number)];
        assert_eq!(term(text), Term::Number { key: NumberKey::Steps, any }, "{text}");
    }
    let rating = |any: Vec<Test<f64>>| Term::Number {
        key: NumberKey::Rating,
        any: any.into_iter().map(|test| test.map(number)).collect(),
    };
    assert_eq!(term("rating:3+"), rating(vec![Test::AtLeast(3.0)]));
    assert_eq!(term("stars:0,5"), rating(vec![Test::Is(0.0), Test::Is(5.0)]));
    // A comparison is of its value alone, unless it stands for the colon.
    assert_eq!(term("rating:>4,1"), rating(vec![Test::Above(4.0), Test::Is(1.0)]));
    for (text, key, test) in [
        ("cfg:<4", NumberKey::Cfg, Test::Below(4.0)),
        ("denoise:0.3..0.6", NumberKey::Denoise, Test::Between(0.3, 0.6)),
        ("denoise:-1", NumberKey::Denoise, Test::Is(-1.0)),
    ] {
        assert_eq!(term(text), Term::Number { key, any: vec![test.map(number)] }, "{text}");
    }
    assert_eq!(
        term("seed:18446744073709551615"),
        Term::Seed { any: vec![Test::Is(u64::MAX)] },
        "seeds keep all of their digits"
    );
    assert_eq!(term("seed:10..20"), Term::Seed { any: vec![Test::Between(10, 20)] });
}

#[test]
fn sizes_are_sides_pixels_or_bytes() {
    let size = |text: &str| match term(text) {
        Term::Size { any } => any[0],
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(size("size:1024"), Test::Is(SizeValue::Longer(1024)));
    assert_eq!(size("size:>=1024"), Test::AtLeast(SizeValue::Longer(1024)));
    assert_eq!(size("size:1024x1536"), Test::Is(SizeValue::Sides(1024, 1536)));
    assert_eq!(size("size:1024×1536"), Test::Is(SizeValue::Sides(1024, 1536)));
    assert_eq!(
        size("size:512x512..1024x1024"),
        Test::Between(SizeValue::Sides(512, 512), SizeValue::Sides(1024, 1024))
    );
    let Test::Above(SizeValue::Pixels(pixels)) = size("size:>2mp") else { panic!("no pixels") };
    assert!((pixels.value() - 2e6).abs() < 1e-9);
    let Test::Is(SizeValue::Pixels(pixels)) = size("size:2.1MP") else { panic!("no pixels") };
    let (low, high) = pixels.rounded();
    assert!((low - 2.05e6).abs() < 1e-3 && (high - 2.15e6).abs() < 1e-3, "{low} to {high}");
    let Test::AtMost(SizeValue::Bytes(bytes)) = size("size:<=3mb") else { panic!("no bytes") };
    assert!((bytes.value() - 3e6).abs() < 1e-9);
}

#[test]
fn times_have_units() {
    for (text, from, until) in [
        ("took:30", 29_500.0, 30_500.0),
        ("took:30s", 29_500.0, 30_500.0),
        ("took:2m", 90_000.0, 150_000.0),
        ("took:2min", 90_000.0, 150_000.0),
        ("took:1.5h", 5_220_000.0, 5_580_000.0),
        ("took:800ms", 799.5, 800.5),
    ] {
        let Term::Took { any } = term(text) else { panic!("{text}") };
        let [Test::Is(measure)] = any.as_slice() else { panic!("{text}") };
        let (low, high) = measure.rounded();
        assert!(
            (low - from).abs() < 1e-3 && (high - until).abs() < 1e-3,
            "{text}: {low} to {high}"
        );
    }
    let Term::Took { any } = term("took:>30s") else { panic!("no time") };
    assert!(!any[0].holds_for(30_000) && any[0].holds_for(30_001));
}

#[test]
fn words_of_a_key() {
    let table: &[(&str, Term)] = &[
        ("kind:video", Term::Kind { any: vec![Kind::Video] }),
        ("kind:image,sound", Term::Kind { any: vec![Kind::Picture, Kind::Audio] }),
        ("kind:3D", Term::Kind { any: vec![Kind::Model] }),
        ("shape:portrait", Term::Shape { any: vec![Shape::Portrait] }),
        ("has:lora,source", Term::Has { any: vec![Has::Lora, Has::Source] }),
        ("is:binned", Term::Is { any: vec![Is::Binned] }),
        ("is:practice,away", Term::Is { any: vec![Is::Practice, Is::Away] }),
        ("like:4711", Term::Alike { any: vec![4711] }),
        ("same-prompt:4711,8", Term::SamePrompt { any: vec![4711, 8] }),
        ("fav:yes", Term::Favourite(true)),
        ("favorite:no", Term::Favourite(false)),
        ("flag:reject", Term::Flag { any: vec![FlagValue::Reject] }),
        ("pick:yes", Term::Flag { any: vec![FlagValue::Pick] }),
        ("flag:none,pick", Term::Flag { any: vec![FlagValue::None, FlagValue::Pick] }),
    ];
    for (text, wanted) in table {
        assert_eq!(&term(text), wanted, "{text}");
    }
    // Every word of every list is taken.
    for has in Has::ALL {
        assert_eq!(term(&format!("has:{}", has.word())), Term::Has { any: vec![*has] });
    }
    for is in Is::ALL {
        assert_eq!(term(&format!("is:{}", is.word())), Term::Is { any: vec![*is] });
    }
}

#[test]
fn ids_go_by_their_beginning() {
    let any = |id: &str| vec![id.to_owned()];
    assert_eq!(term("job:0199D2C4-ab"), Term::Id { key: IdKey::Job, any: any("0199d2c4ab") });
    assert_eq!(term("batch:0199"), Term::Id { key: IdKey::Batch, any: any("0199") });
}

#[test]
fn prompts_are_searched_by_words_and_phrases() {
    let text = |column, test| Term::Text { column, any: vec![test] };
    let beginning = |words: &str| TextTest::Beginning(words.to_owned());
    let phrase = |words: &str| TextTest::Phrase(words.to_owned());
    assert_eq!(term("prompt:flow"), text(Column::Prompt, beginning("flow")));
    assert_eq!(term("prompt:\"window light\""), text(Column::Prompt, phrase("window light")));
    assert_eq!(term("negative=blurry"), text(Column::Negative, phrase("blurry")));
}

#[test]
fn any_widget_of_any_node() {
    let widget = |class: Option<&str>, input: Option<&str>, test: WidgetTest| Term::Widget {
        class: class.map(str::to_owned),
        input: input.map(str::to_owned),
        any: vec![test],
    };
    let numbers = |test: Test<f64>| WidgetTest::Number(test.map(number));
    let like = |text: &str, value: Option<f64>| WidgetTest::Like {
        text: text.to_owned(),
        number: value.map(number),
    };
    let table: &[(&str, Term)] = &[
        ("KSampler.steps>30", widget(Some("KSampler"), Some("steps"), numbers(Test::Above(30.0)))),
        ("*.denoise<0.5", widget(None, Some("denoise"), numbers(Test::Below(0.5)))),
        ("KSampler.*:euler", widget(Some("KSampler"), None, like("euler", None))),
        (
            "CLIPTextEncode.text:flowers",
            widget(Some("CLIPTextEncode"), Some("text"), like("flowers", None)),
        ),
        (
            "KSampler.cfg:20..30",
            widget(Some("KSampler"), Some("cfg"), numbers(Test::Between(20.0, 30.0))),
        ),
        ("KSampler.steps:30", widget(Some("KSampler"), Some("steps"), like("30", Some(30.0)))),
        ("KSampler.steps:\"30\"", widget(Some("KSampler"), Some("steps"), like("30", None))),
        (
            "KSampler.sampler_name=euler",
            widget(
                Some("KSampler"),
                Some("sampler_name"),
                WidgetTest::Equal { text: "euler".to_owned(), number: None },
            ),
        ),
        // Inputs may have dots in their names, and classes in quotes may have anything.
        (
            "Resize.resize_type.width>5",
            widget(Some("Resize"), Some("resize_type.width"), numbers(Test::Above(5.0))),
        ),
        (
            "\"Power Lora Loader (rgthree)\".lora_1:film",
            widget(Some("Power Lora Loader (rgthree)"), Some("lora_1"), like("film", None)),
        ),
        ("A.\"b c\":x", widget(Some("A"), Some("b c"), like("x", None))),
    ];
    for (text, wanted) in table {
        assert_eq!(&term(text), wanted, "{text}");
    }
}

#[test]
fn a_token_tells_its_key() {
    let keys: Vec<Option<Key>> =
        parse("a model:x KSampler.y:z nonsense:x").tokens().iter().map(|token| token.key).collect();
    assert_eq!(keys, [None, Some(Key::Model), None, None]);
}
