//! Questions and their answers.

use crate::{PICTURES, World};
use engine::view::{LibraryQuery, LibrarySort};

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

#[tokio::test]
async fn words_tokens_and_widgets_find_pictures() {
    let world = World::new().await;
    for (text, count) in [
        ("", 12),
        ("lake_00003", 1),
        ("seed:4", 1),
        ("KSampler.seed=4", 1),
        ("KSampler.seed>=10", 2),
        ("*.seed<3", 3),
        ("KSampler.steps>30", 0),
        ("KSampler.steps:20", 12),
        ("-seed:4", 11),
        ("rating:1+", 0),
        ("no-such-word", 0),
        ("is:imported", 12),
    ] {
        let answer = world.ask(text).await;
        assert_eq!(answer.shown, count, "{text}");
        assert_eq!(answer.total, 12, "{text}");
        assert_eq!(answer.first.len(), count as usize, "{text}");
    }
}

#[tokio::test]
async fn what_is_not_understood_is_said_at_its_place_and_the_rest_counts() {
    let world = World::new().await;
    let answer = world.ask("größe rating:many seed:4").await;
    let part = &answer.parts[1];
    assert_eq!((part.from, part.to), (6, 17));
    assert_eq!(part.key.as_deref(), Some("rating"));
    assert!(part.problem.as_ref().unwrap().contains("many"), "{part:?}");
    assert_eq!(part.without, "größe seed:4");
    assert_eq!(world.ask("rating:many seed:4").await.shown, 1);
}

#[tokio::test]
async fn columns_say_what_the_layout_needs() {
    let world = World::new().await;
    let answer = world.ask("*.seed<3").await;
    let bytes = world.engine.library_columns(answer.ticket).await.unwrap();
    assert_eq!(bytes.len(), 4 + 3 * 12);
    assert_eq!(u32_at(&bytes, 0), 3);
    let keys: Vec<u32> = (0..3).map(|at| u32_at(&bytes, 4 + at * 4)).collect();
    assert_eq!(keys, answer.first.iter().map(|cell| cell.key).collect::<Vec<_>>());
    for (at, cell) in answer.first.iter().enumerate() {
        assert_eq!(i64::from(u32_at(&bytes, 16 + at * 4)), cell.at / 1_000);
        let shape = u16::from_le_bytes(bytes[28 + at * 2..30 + at * 2].try_into().unwrap());
        assert_eq!(shape, 256, "a square");
    }
    let cells = world.engine.library_cells(vec![keys[2], u32::MAX, keys[0]]).await.unwrap();
    assert_eq!(cells.iter().map(|cell| cell.key).collect::<Vec<_>>(), [keys[2], keys[0]]);
}

#[tokio::test]
async fn a_ticket_that_is_too_old_is_an_error_to_ask_again() {
    let world = World::new().await;
    let first = world.ask("seed:1").await.ticket;
    for seed in 2..8 {
        world.ask(&format!("seed:{seed}")).await;
    }
    let error = world.engine.library_columns(first).await.unwrap_err();
    assert!(error.retry, "{error:?}");
}

#[tokio::test]
async fn facets_count_and_give_the_next_text() {
    let world = World::new().await;
    let answer = world.ask("seed:4").await;
    let facets = world.engine.library_facets(answer.ticket).await.unwrap();
    let kinds = facets.iter().find(|facet| facet.key == "kind").unwrap();
    let pictures = kinds.values.iter().find(|value| value.label == "Pictures").unwrap();
    assert_eq!((pictures.count, pictures.chosen), (1, false));
    let narrowed = world.ask(&pictures.text).await;
    assert_eq!(narrowed.shown, 1);
    let facets = world.engine.library_facets(narrowed.ticket).await.unwrap();
    let kinds = facets.iter().find(|facet| facet.key == "kind").unwrap();
    let pictures = kinds.values.iter().find(|value| value.label == "Pictures").unwrap();
    assert!(pictures.chosen);
    assert_eq!(pictures.text, "seed:4");
    let models = facets.iter().find(|facet| facet.key == "model").unwrap();
    assert_eq!(models.values[0].count, 1);
}

#[tokio::test]
async fn completions_count_what_they_would_find() {
    let world = World::new().await;
    let offers = world.engine.library_complete("kind:pic".into(), 8).await.unwrap();
    assert_eq!(offers[0].text, "kind:picture");
    assert_eq!(offers[0].caret, 12);
    assert_eq!(offers[0].count, Some(12));
    // In the middle of a text, and behind letters that JavaScript counts as two.
    let offers = world.engine.library_complete("🌅 mod seed:1".into(), 6).await.unwrap();
    assert!(offers.iter().any(|offer| offer.text.starts_with("🌅 model:")), "{offers:?}");
    // Classes of nodes, and then their inputs, as the library has them.
    let offers = world.engine.library_complete("KSa".into(), 3).await.unwrap();
    assert_eq!(offers[0].text, "KSampler.");
    let offers = world.engine.library_complete("ksampler.se".into(), 11).await.unwrap();
    assert_eq!((offers[0].text.as_str(), offers[0].caret), ("KSampler.seed:", 14));
    // And the values that they have, with how many would be found with the rest.
    let offers =
        world.engine.library_complete("KSampler.sampler_name:eu".into(), 24).await.unwrap();
    let told: Vec<_> = offers.iter().map(|offer| (offer.text.as_str(), offer.count)).collect();
    assert_eq!(told, [("KSampler.sampler_name:=euler", Some(12))]);
    let found = world.ask("KSampler.sampler_name:=euler").await;
    assert_eq!(found.shown, 12);
    let offers = world.engine.library_complete("seed:3 *.sampler_name:".into(), 22).await.unwrap();
    assert_eq!((offers.len(), offers[0].count), (1, Some(1)), "{offers:?}");
    // What is typed already is not typed twice.
    for (typed, wanted, count) in [
        ("KSampler.sampler_name:=eu", "KSampler.sampler_name:=euler", 12),
        ("KSampler.sampler_name=eu", "KSampler.sampler_name=euler", 12),
        ("-KSampler.sampler_name:eu", "-KSampler.sampler_name:=euler", 0),
        ("KSampler.sampler_name:dpm,eu", "KSampler.sampler_name:dpm,=euler", 12),
    ] {
        let offers = world.engine.library_complete(typed.into(), typed.len() as u32).await.unwrap();
        let told: Vec<_> = offers.iter().map(|offer| (offer.text.as_str(), offer.count)).collect();
        assert_eq!(told, [(wanted, Some(count))], "{typed}");
    }
    for typed in ["KSampler.steps>", "KSampler.steps>=2", "KSampler.steps<2"] {
        let offers = world.engine.library_complete(typed.into(), typed.len() as u32).await.unwrap();
        assert!(offers.is_empty(), "{typed}: {offers:?}");
    }
    let none = world.engine.library_complete("KSampler.sampler_name:x".into(), 23).await.unwrap();
    assert!(none.is_empty(), "{none:?}");
}

#[tokio::test]
async fn sorts_are_stable_and_chance_repeats_by_its_seed() {
    let world = World::new().await;
    let by = |sort, seed| {
        let query = LibraryQuery { sort, seed, ..LibraryQuery::default() };
        async {
            let answer = world.engine.library_query(query).await.unwrap();
            answer.first.into_iter().map(|cell| cell.key).collect::<Vec<_>>()
        }
    };
    let newest = by(LibrarySort::Newest, 0).await;
    let mut oldest = by(LibrarySort::Oldest, 0).await;
    oldest.reverse();
    assert_eq!(newest, oldest);
    let one = by(LibrarySort::Random, 7).await;
    assert_eq!(one, by(LibrarySort::Random, 7).await);
    assert_ne!(one, by(LibrarySort::Random, 8).await);
    for sort in [LibrarySort::Rating, LibrarySort::Bytes, LibrarySort::Pixels, LibrarySort::Took] {
        assert_eq!(by(sort, 0).await.len() as u64, PICTURES);
    }
}

#[tokio::test]
async fn a_detail_has_every_widget_and_what_is_alike() {
    let world = World::new().await;
    let key = world.keys("seed:4").await[0];
    let detail = world.engine.asset_detail(key).await.unwrap();
    assert_eq!(detail.asset.job_id, None);
    assert_eq!(detail.asset.facts.seed.as_deref(), Some("4"));
    assert!(detail.places[0].path.ends_with("pictures/day/lake_00004_.png"), "{detail:?}");
    let seed = detail
        .widgets
        .iter()
        .find(|widget| widget.class == "KSampler" && widget.input == "seed")
        .unwrap();
    assert_eq!(seed.value, "4");
    assert_eq!(world.ask(&seed.text).await.shown, 1);
    let alike = |by: &str| detail.alike.iter().find(|alike| alike.by == by);
    let prompt = alike("prompt").unwrap();
    assert_eq!(prompt.text, format!("same-prompt:{key}"));
    assert_eq!(prompt.count, 11);
    assert_eq!(world.ask(&prompt.text).await.shown, 12);
    assert_eq!(alike("seed"), None, "no other has this seed");
    assert_eq!(world.engine.asset_key(detail.asset.id).await.unwrap(), key);
}
