//! Completion, with counts.

use crate::{
    NOW,
    model::{Asset, Library, asset, recipe},
};
use catalog::{Completing, Completion, Index, MAX_COMPLETIONS, Marks, Widgets};

fn library() -> Library {
    let recipes = vec![
        recipe("a clay pot", &["flux1-dev-fp8.safetensors"], &["film_grain"]),
        recipe("roses", &["xl/sd_xl_base_1.0.safetensors"], &[]),
        recipe("roses", &["old-flux.ckpt"], &[]),
    ];
    let rated = |rating| Marks { rating, ..Marks::default() };
    let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    let assets = vec![
        Asset { recipe: Some(0), tags: tags(&["for print"]), marks: rated(5), ..asset(1) },
        Asset { recipe: Some(0), tags: tags(&["wip"]), marks: rated(3), ..asset(2) },
        Asset { recipe: Some(1), tags: tags(&["wip"]), ..asset(3) },
        Asset { recipe: Some(2), ..asset(4) },
        Asset { recipe: Some(2), ..asset(30) },
        Asset { recipe: Some(2), ..asset(41) },
    ];
    Library { recipes, assets }
}

fn completions(index: &Index, library: &Library, text: &str) -> Vec<Completion> {
    let completing = Completing::at(text, text.len(), &NOW);
    index.complete(&completing, &library.disk(&completing.rest), &widgets(), &NOW)
}

fn widgets() -> Widgets {
    let pairs = [
        ("KSampler", "steps"),
        ("KSampler", "start_at_step"),
        ("KSampler", "seed"),
        ("KSamplerAdvanced", "steps"),
        ("Power Lora Loader (rgthree)", "lora_1"),
        ("Power Lora Loader (rgthree)", "a b"),
        ("film", "x"),
    ];
    Widgets::of(pairs.map(|(class, input)| (class.to_owned(), input.to_owned())))
}

#[test]
fn values_are_counted_in_the_rest_of_the_query_and_the_best_come_first() {
    let library = library();
    let index = library.index();
    let told = |text: &str| -> Vec<(String, Option<u32>)> {
        completions(&index, &library, text).into_iter().map(|one| (one.text, one.count)).collect()
    };
    let table: &[(&str, &[(&str, u32)])] = &[
        ("model:", &[("old-flux", 3), ("flux1-dev-fp8", 2), ("sd_xl_base_1.0", 1)]),
        // What begins so comes first.
        ("model:flu", &[("flux1-dev-fp8", 2), ("old-flux", 3)]),
        ("clay model:flu", &[("flux1-dev-fp8", 2), ("old-flux", 0)]),
        ("model:flxu1", &[("flux1-dev-fp8", 2)]),
        ("model:x,sdxl", &[("sd_xl_base_1.0", 1)]),
        ("-tag:", &[("wip", 2), ("\"for print\"", 1)]),
        ("tag:\"for p", &[("\"for print\"", 1)]),
        ("rating:", &[("5", 1), ("4+", 1), ("3+", 2), ("2+", 2), ("1+", 2), ("0", 4)]),
        ("rating:3", &[("3+", 2)]),
        ("has:lo", &[("lora", 2)]),
        ("kind:im", &[("picture", 6)]),
        ("fav:", &[("yes", 0), ("no", 6)]),
        ("date:2026-0", &[("2026-09", 1), ("2026-08", 1)]),
        ("date:yes", &[("yesterday", 1)]),
        ("seed:1", &[]),
        ("nonsense:x", &[]),
        ("\"clay", &[]),
    ];
    for (text, wanted) in table {
        let wanted: Vec<(String, Option<u32>)> =
            wanted.iter().map(|(text, count)| ((*text).to_owned(), Some(*count))).collect();
        assert_eq!(told(text), wanted, "{text}");
    }
}

#[test]
fn keys_and_whole_tokens_are_offered_for_a_word() {
    let library = library();
    let index = library.index();
    let texts = |text: &str| -> Vec<String> {
        completions(&index, &library, text).into_iter().map(|one| one.text).collect()
    };
    assert_eq!(texts("mo"), ["model:"]);
    let film = ["name:", "lora=film_grain", "film."];
    assert_eq!(texts("fil"), film, "a file is found by its name");
    assert_eq!(texts("flux"), ["model=flux1-dev-fp8", "model=old-flux"]);
    assert_eq!(texts("clay pri"), ["tag=\"for print\""]);
    assert_eq!(texts("roses pri"), [""; 0], "nothing would match");
    let keys = texts("roses ");
    assert_eq!(keys.len(), MAX_COMPLETIONS);
    assert_eq!(keys[..3], ["model:", "lora:", "tag:"]);
}

#[test]
fn classes_of_nodes_and_their_inputs_are_offered() {
    let library = library();
    let index = library.index();
    let texts = |text: &str| -> Vec<String> {
        completions(&index, &library, text).into_iter().map(|one| one.text).collect()
    };
    for (typed, offered) in [
        ("KSa", vec!["KSampler.", "KSamplerAdvanced."]),
        ("clay -ksamplera", vec!["KSamplerAdvanced."]),
        ("KSampler.", vec!["KSampler.seed:", "KSampler.start_at_step:", "KSampler.steps:"]),
        ("ksampler.st", vec!["KSampler.start_at_step:", "KSampler.steps:"]),
        // What begins so comes before what contains it.
        ("KSampler.step", vec!["KSampler.steps:", "KSampler.start_at_step:"]),
        ("*.steps", vec!["*.steps:"]),
        ("pow", vec!["\"Power Lora Loader (rgthree)\"."]),
        (
            "\"Power Lora Loader (rgthree)\".",
            vec![
                "\"Power Lora Loader (rgthree)\".\"a b\":",
                "\"Power Lora Loader (rgthree)\".lora_1:",
            ],
        ),
        (
            "clay -\"power lora loader (rgthree)\".lo",
            vec!["\"Power Lora Loader (rgthree)\".lora_1:"],
        ),
        ("KSampler.steps:", vec![]),
        ("none.", vec![]),
        ("1.5", vec![]),
    ] {
        assert_eq!(texts(typed), offered, "{typed}");
    }
    let offers = completions(&index, &library, "KSampler.steps");
    assert_eq!((offers[0].label.as_str(), offers[0].count), ("KSampler.steps", None));
}

#[test]
fn no_more_are_offered_than_can_be_looked_at() {
    let assets = (0..50).map(|seq| Asset { tags: vec![format!("tag {seq}")], ..asset(seq) });
    let library = Library { recipes: Vec::new(), assets: assets.collect() };
    let index = library.index();
    assert_eq!(completions(&index, &library, "tag:").len(), MAX_COMPLETIONS);
}
