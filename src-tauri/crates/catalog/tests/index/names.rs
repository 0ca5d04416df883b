//! Finding names by what was typed.

use crate::{
    NOW,
    model::{Asset, Library, asset, found, recipe},
};
use catalog::{Disk, Facet, Index, NameKind, Query};

/// One asset a model; its key is the model's place in the list.
fn library(models: &[&str]) -> Library {
    let recipes = models.iter().map(|model| recipe("", &[model], &[])).collect();
    let made = |number: usize| Asset {
        recipe: Some(number),
        names: "x.png".to_owned(),
        ..asset(u32::try_from(number).unwrap())
    };
    Library { recipes, assets: (0..models.len()).map(made).collect() }
}

#[test]
fn models_are_found_whatever_stands_between_and_with_few_wrong_letters() {
    let library = library(&[
        "flux1-dev-fp8.safetensors",
        "xl/sd_xl_base_1.0.safetensors",
        "xl\\painterly.ckpt",
        "Flux.Krea-Größe.safetensors",
    ]);
    let index = library.index();
    let table: &[(&str, &[u32])] = &[
        ("model:flux1dev", &[0]),
        ("model:FLUX", &[0, 3]),
        ("model:sdxl", &[1]),
        ("model:\"sd xl base\"", &[1]),
        ("model:1.0", &[1]),
        ("model:grosse", &[]),
        ("model:große", &[3]),
        ("model:größe", &[3]),
        // Nothing contains these: what is nearest is taken.
        ("model:flxu1", &[0]),
        ("model:flux1dve", &[0]),
        ("model:paintrely", &[2]),
        ("model:paintrly", &[2]),
        ("model:krae", &[3]),
        ("model:zebra", &[]),
        // Short words are not guessed at.
        ("model:fxl", &[]),
        // Whole names, with or without folder and ending.
        ("model=sd_xl_base_1.0", &[1]),
        ("model=XL/SD_XL_base_1.0.safetensors", &[1]),
        ("model=painterly", &[2]),
        ("model=sd_xl", &[]),
        ("model=sd_xl_base_1", &[]),
        // A word by itself finds models as well, and guesses if it is nowhere else.
        ("sdxl", &[1]),
        ("paintrely", &[2]),
        // What is left out is never guessed.
        ("-paintrely", &[0, 1, 2, 3]),
        ("-model:paintrely", &[0, 1, 2, 3]),
        ("-model:painterly", &[0, 1, 3]),
        ("x.png", &[0, 1, 2, 3]),
    ];
    for (text, wanted) in table {
        assert_eq!(&found(&index, &library, text), wanted, "{text}");
    }
}

#[test]
fn tags_are_guessed_only_where_nothing_contains_the_word() {
    let tagged = |seq, tag: &str| Asset { tags: vec![tag.to_owned()], ..asset(seq) };
    let assets = vec![tagged(1, "bouquet"), tagged(2, "series: Bouquets"), tagged(3, "for print")];
    let library = Library { recipes: Vec::new(), assets };
    let index = library.index();
    for (text, wanted) in [
        ("tag:bouquet", vec![1, 2]),
        ("tag=bouquet", vec![1]),
        ("tag:boquet", vec![1, 2]),
        ("tag:forprint", vec![3]),
        ("tag:print,bouquets", vec![2, 3]),
        ("-tag:bouquet", vec![3]),
        ("boquets", vec![2]),
    ] {
        assert_eq!(found(&index, &library, text), wanted, "{text}");
    }
}

#[test]
fn labels_are_short_where_that_is_clear() {
    let library = library(&[
        "xl/a.safetensors",
        "b.safetensors",
        "old/b.ckpt",
        "c_1.0",
        "d",
        "D",
        "old/d.pt",
    ]);
    let index = library.index();
    let query = Query::default();
    let matches = index.search(&query, &Disk::new());
    let list = index.facet(&matches, Facet::Models, 10);
    let told: Vec<(&str, &str)> =
        list.values.iter().map(|value| (value.label.as_str(), value.token.as_str())).collect();
    assert_eq!(
        told,
        [
            ("D", "model=D"),
            ("a", "model=a"),
            ("b.safetensors", "model=b.safetensors"),
            ("c_1.0", "model=c_1.0"),
            ("d", "model=d"),
            ("old/b.ckpt", "model=old/b.ckpt"),
            ("old/d.pt", "model=old/d.pt"),
        ]
    );
    for value in &list.values {
        assert_eq!(found(&index, &library, &value.token).len(), 1, "{}", value.token);
    }
}

#[test]
fn workflows_are_called_what_the_artist_calls_them() {
    let mut library = library(&["a", "b", "c"]);
    for (recipe, hash) in library.recipes.iter_mut().zip(["0a", "0b", "0c"]) {
        recipe.workflow = Some(hash.to_owned());
    }
    let mut index = library.index();
    for (hash, title) in [("0a", "Bouquet study"), ("0b", "Portrait"), ("0c", "Portrait")] {
        let id = index.name_id(NameKind::Workflow, hash);
        index.rename(NameKind::Workflow, id, title);
        assert_eq!(index.name(NameKind::Workflow, id), title);
    }
    let rows = |text: &str| {
        let query = Query::parse(text, &NOW);
        index.search(&query, &Disk::new()).rows.ones().collect::<Vec<usize>>()
    };
    assert_eq!(rows("workflow:bouquet"), [0]);
    assert_eq!(rows("workflow:portrait"), [1, 2]);
    assert_eq!(rows("workflow=0b"), [1]);
    assert_eq!(index.workflow_token(0).as_deref(), Some("workflow=\"Bouquet study\""));
    // Two have the same title: the token still chooses one.
    assert_eq!(index.workflow_token(1).as_deref(), Some("workflow=0b"));
    let facets = index.facets(&index.search(&Query::default(), &Disk::new()), 10);
    let labels: Vec<&str> = facets
        .get(Facet::Workflows)
        .unwrap()
        .values
        .iter()
        .map(|value| value.label.as_str())
        .collect();
    assert_eq!(labels, ["Bouquet study", "Portrait", "Portrait"]);
}

#[test]
fn a_tag_that_is_renamed_is_found_by_its_new_name_alone() {
    let library = Library {
        recipes: Vec::new(),
        assets: vec![Asset { tags: vec!["wip".to_owned()], ..asset(1) }],
    };
    let mut index: Index = library.index();
    let id = index.name_id(NameKind::Tag, "wip");
    index.rename(NameKind::Tag, id, "done");
    assert_eq!(index.name_id(NameKind::Tag, "done"), id);
    assert_ne!(index.name_id(NameKind::Tag, "wip"), id, "the old name is free again");
    let count = |text: &str| index.search(&Query::parse(text, &NOW), &Disk::new()).count();
    assert_eq!((count("tag:done"), count("tag:wip")), (1, 0));
}
