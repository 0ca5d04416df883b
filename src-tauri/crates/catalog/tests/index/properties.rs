//! The index against the model: any library, any query, any changes.

use crate::{
    DAY, NOW,
    model::{Asset, Library, Recipe, add, asset, batch, change, found, job, recipe},
    rules::shape,
};
use catalog::{Facet, FacetList, Index, Kind, Marks, NamedKey, Places, Query, Shape, Sort};
use proptest::{collection::vec, prelude::*, sample::select};
use std::collections::{BTreeMap, HashSet};

const MODELS: &[&str] =
    &["flux1-dev-fp8.safetensors", "xl/sd_xl_base_1.0.safetensors", "old/flux.ckpt"];
const LORAS: &[&str] = &["film_grain", "impasto_v2.safetensors"];
const TAGS: &[&str] = &["for print", "WIP", "red"];
const WORDS: &[&str] = &["red", "rose pot", "a clay pot", "", "oil, red light"];
const NAMES: &[&str] = &[
    "ComfyUI_00001_.png",
    "rose_2.png\nold/Rose 2.png",
    "",
    "zebra.webp",
    "Ärger.png",
    "rose_10.png",
    "rose_002.png",
];
/// Tokens, and the facet they are a choice of.
const TOKENS: &[(&str, Option<Facet>)] = &[
    ("red", None),
    ("\"clay pot\"", None),
    ("po", None),
    ("xl", None),
    (".png", None),
    ("2", None),
    ("prompt:red", None),
    ("negative:oil", None),
    ("model:flux", Some(Facet::Models)),
    ("model=flux1-dev-fp8,sd_xl_base_1.0", Some(Facet::Models)),
    ("has:model", Some(Facet::Models)),
    ("lora:film", Some(Facet::Loras)),
    ("has:lora", Some(Facet::Loras)),
    ("tag:wip", Some(Facet::Tags)),
    ("tag=\"for print\"", Some(Facet::Tags)),
    ("has:tags", Some(Facet::Tags)),
    ("is:untagged", Some(Facet::Tags)),
    ("workflow=w1", Some(Facet::Workflows)),
    ("server:attic", Some(Facet::Servers)),
    ("kind:picture", Some(Facet::Kinds)),
    ("has:video,audio", Some(Facet::Kinds)),
    ("has:video,lora", None),
    ("shape:portrait,square", Some(Facet::Shapes)),
    ("rating:3+", Some(Facet::Ratings)),
    ("is:unrated", Some(Facet::Ratings)),
    ("flag:pick", Some(Facet::Flags)),
    ("fav:yes", Some(Facet::Flags)),
    ("is:picked,favourite", Some(Facet::Flags)),
    ("date:2026-10", Some(Facet::Months)),
    ("date:<today", Some(Facet::Months)),
    ("date:>=2026-09-20", Some(Facet::Months)),
    ("collection:best", None),
    ("sampler:euler", None),
    ("scheduler:karras", None),
    ("has:negative", None),
    ("has:prompt", None),
    ("has:workflow", None),
    ("has:seed", None),
    ("has:source", None),
    ("has:batch", None),
    ("has:rating", Some(Facet::Ratings)),
    ("is:binned", None),
    ("is:practice", None),
    ("is:preview", None),
    ("-is:preview", None),
    ("is:preview,away", None),
    ("is:imported", None),
    ("is:away", None),
    ("is:missing", None),
    ("is:duplicate", None),
    ("is:rejected,binned", None),
    ("seed:7", None),
    ("seed:>=18446744073709551615", None),
    ("steps:20..30", None),
    ("cfg:<5", None),
    ("denoise:0.6", None),
    ("size:>=1024", None),
    ("size:832x1216", None),
    ("size:<=1024x1024", None),
    ("size:1mp", None),
    ("size:0.9mp..2mp", None),
    ("size:>2mb", None),
    ("took:30s", None),
    ("took:>1m", None),
    ("name:rose", None),
    ("name=\"rose 2\"", None),
    ("job:00000001", None),
    ("batch:00000002", None),
    ("KSampler.steps>20", None),
    ("*.steps:20", None),
    ("KSampler.cfg>1", None),
    ("like:1", None),
    ("like:7,100", None),
    ("nonsense:1", None),
];
const SORTS: &[Sort] = &[
    Sort::Newest,
    Sort::Oldest,
    Sort::Rating,
    Sort::Name,
    Sort::Bytes,
    Sort::Pixels,
    Sort::Took,
    Sort::Random(3),
];

fn one_of(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(names).prop_map(str::to_owned)
}

fn some_of(names: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    vec(any::<bool>(), names.len()).prop_map(move |chosen| {
        let chosen = names.iter().zip(chosen).filter(|(_, chosen)| *chosen);
        chosen.map(|(name, _)| (*name).to_owned()).collect()
    })
}

fn recipes() -> impl Strategy<Value = Recipe> {
    let words = (one_of(WORDS), one_of(WORDS));
    let names = (some_of(MODELS), some_of(LORAS), proptest::option::of(one_of(&["w1", "w2"])));
    let numbers = (
        select(&[None, Some(7), Some(0), Some(u64::MAX)][..]),
        select(&[None, Some(20), Some(30), Some(31)][..]),
        select(&[None, Some(4.5), Some(5.0)][..]),
        select(&[None, Some(0.600_000_000_000_000_1), Some(1.0)][..]),
    );
    let samplers = (
        proptest::option::of(one_of(&["euler", "dpmpp_2m"])),
        proptest::option::of(one_of(&["karras"])),
    );
    (words, names, numbers, samplers, any::<(bool, bool)>()).prop_map(
        |((prompt, negative), (models, loras, workflow), numbers, samplers, flags)| Recipe {
            prompt,
            negative,
            models,
            loras,
            workflow,
            seed: numbers.0,
            steps: numbers.1,
            cfg: numbers.2,
            // As exact as the columns are.
            denoise: numbers.3.map(|denoise: f64| (denoise * 1e6).round() / 1e6),
            sampler: samplers.0,
            scheduler: samplers.1,
            rerunnable: flags.0,
            sources: flags.1,
        },
    )
}

prop_compose! {
    fn assets()(
        seq in 1_u32..60,
        kind in select(Kind::ALL),
        (width, height) in select(&[(0, 0), (1024, 1024), (832, 1216), (1216, 832), (512, 512)][..]),
        bytes in select(&[0, 2_000_000, 2_000_001, u64::MAX][..]),
        created in select(&[-40, -16, -1, 0, 0, 1][..]),
        took_ms in select(&[None, Some(29_500), Some(30_499), Some(30_500), Some(61_000)][..]),
        numbers in (proptest::option::of(0_u32..3), proptest::option::of(0_u32..3), proptest::option::of(0_usize..6)),
        phash in select(&[None, Some(0), Some(0xff), Some(0x1ff), Some(u64::MAX)][..]),
        names in one_of(NAMES),
        (server, tags, collections) in (proptest::option::of(one_of(&["attic", "cellar"])), some_of(TAGS), some_of(&["best"])),
        (practice, preview, several, away, missing) in any::<(bool, bool, bool, bool, bool)>(),
        (rating, favourite, flag, binned) in (0_u8..6, any::<bool>(), -1_i8..2, proptest::bool::weighted(0.2)),
    ) -> Asset {
        Asset {
            seq, kind, width, height, bytes, took_ms, practice, preview, server, names, tags, collections,
            created_at: NOW.ms + created * DAY,
            job: numbers.0.map(job),
            batch: numbers.1.map(batch),
            recipe: numbers.2,
            phash,
            places: Places { several, away, missing },
            marks: Marks { rating, favourite, flag, binned },
        }
    }
}

fn libraries() -> impl Strategy<Value = Library> {
    (vec(recipes(), 6), vec(assets(), 0..40)).prop_map(|(recipes, assets)| {
        let mut library = Library { recipes, assets: Vec::new() };
        for asset in assets {
            library.put(asset);
        }
        // What a value is like is always there, so that nothing is guessed: guessing has its own tests.
        for (seq, (model, tag)) in (100..).zip(MODELS.iter().zip(TAGS)) {
            let made = Recipe {
                sampler: Some("euler".to_owned()),
                scheduler: Some("karras".to_owned()),
                workflow: Some("w1".to_owned()),
                ..recipe("a clay pot", &[model], LORAS)
            };
            library.recipes.push(made);
            library.put(Asset {
                recipe: Some(library.recipes.len() - 1),
                tags: vec![(*tag).to_owned()],
                server: Some("attic".to_owned()),
                collections: vec!["best".to_owned()],
                names: "rose 2.png".to_owned(),
                created_at: NOW.ms,
                ..asset(seq)
            });
        }
        library
    })
}

fn queries() -> impl Strategy<Value = Vec<(bool, &'static (&'static str, Option<Facet>))>> {
    vec(
        (
            proptest::bool::weighted(0.25),
            select(TOKENS)
                .prop_map(|token| TOKENS.iter().find(|known| known.0 == token.0).unwrap()),
        ),
        0..4,
    )
}

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<Asset>),
    Change(Asset),
    Remove(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        vec(assets(), 1..4).prop_map(Step::Add),
        assets().prop_map(Step::Change),
        (1_u32..60).prop_map(Step::Remove),
    ];
    vec(step, 0..8)
}

fn text_of(tokens: &[(bool, &(&str, Option<Facet>))]) -> String {
    let texts: Vec<String> = tokens
        .iter()
        .map(|(negated, (token, _))| format!("{}{token}", if *negated { "-" } else { "" }))
        .collect();
    texts.join(" ")
}

/// What the index says is what the model says.
fn same(
    index: &Index,
    library: &Library,
    tokens: &[(bool, &(&'static str, Option<Facet>))],
    sort: Sort,
) -> Result<(), TestCaseError> {
    let text = text_of(tokens);
    let query = Query::parse(&text, &NOW);
    let matches = index.search(&query, &library.disk(&query));
    let wanted = library.matching(&query);
    let sorted = |mut seqs: Vec<u32>| {
        seqs.sort_unstable();
        seqs
    };
    prop_assert_eq!(found(index, library, &text), sorted(wanted.clone()), "{}", text);
    prop_assert_eq!(matches.count(), wanted.len());

    let results = index.found(&matches, sort, true);
    let seqs: Vec<u32> = results.rows.iter().map(|row| index.seq(*row)).collect();
    if matches!(sort, Sort::Random(_)) {
        prop_assert_eq!(sorted(seqs.clone()), sorted(wanted.clone()));
        // What is left out leaves the order of the others as it was.
        let everything =
            index.found(&index.search(&Query::default(), &library.disk(&query)), sort, false);
        let mut order = everything.rows.iter().map(|row| index.seq(*row));
        // What is in the bin and previews are only there where they are asked for.
        let apart =
            |seq: &u32| library.by_seq(*seq).marks.binned || library.by_seq(*seq).is_apart();
        for seq in seqs.iter().filter(|seq| !apart(seq)) {
            prop_assert!(order.any(|other| other == *seq), "{} is in its place", seq);
        }
    } else {
        prop_assert_eq!(&seqs, &library.ordered(&wanted, sort), "{:?} of {}", sort, text);
    }

    let mut stacks: Vec<Vec<u32>> = Vec::new();
    for seq in &seqs {
        let batch = |seq: u32| library.by_seq(seq).batch;
        match stacks.last_mut() {
            Some(stack) if batch(*seq).is_some() && batch(stack[0]) == batch(*seq) => {
                stack.push(*seq)
            }
            _ => stacks.push(vec![*seq]),
        }
    }
    prop_assert_eq!(results.len(), stacks.len());
    for (entry, stack) in stacks.iter().enumerate() {
        let rows: Vec<u32> = results.entry(entry).iter().map(|row| index.seq(*row)).collect();
        prop_assert_eq!(&rows, stack);
        for seq in stack {
            prop_assert_eq!(results.entry_of(index.row(*seq).unwrap()), Some(entry));
        }
    }
    let some: HashSet<u32> = seqs.iter().step_by(3).map(|seq| index.row(*seq).unwrap()).collect();
    let with_stacks = results.with_their_stacks(&some);
    let is_in = |seq: &u32| some.contains(&index.row(*seq).unwrap());
    let of_them = stacks.iter().filter(|stack| stack.iter().any(is_in)).flatten().copied();
    let wanted: Vec<u32> = of_them.collect();
    prop_assert_eq!(with_stacks.iter().map(|row| index.seq(*row)).collect::<Vec<_>>(), wanted);

    for list in index.facets(&matches, usize::MAX).lists {
        let others: Vec<_> =
            tokens.iter().filter(|(_, (_, facet))| *facet != Some(list.facet)).copied().collect();
        // The last of the words is a beginning in both.
        let rest = Query::parse(&text_of(&others), &NOW);
        let rest: Vec<&Asset> =
            library.matching(&rest).into_iter().map(|seq| library.by_seq(seq)).collect();
        same_facet(library, &list, &rest)?;
    }
    Ok(())
}

fn same_facet(library: &Library, list: &FacetList, assets: &[&Asset]) -> Result<(), TestCaseError> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut count = |token: String| *counts.entry(token).or_default() += 1;
    for asset in assets {
        let mut names = |key: NamedKey| {
            for name in library.names(asset, key) {
                let file = name.rsplit('/').next().unwrap();
                let stem = file.trim_end_matches(".safetensors").trim_end_matches(".ckpt");
                let quote = if stem.contains(' ') { "\"" } else { "" };
                count(format!("{}={quote}{stem}{quote}", key.word()));
            }
        };
        match list.facet {
            Facet::Models => names(NamedKey::Model),
            Facet::Loras => names(NamedKey::Lora),
            Facet::Tags => names(NamedKey::Tag),
            Facet::Workflows => names(NamedKey::Workflow),
            Facet::Servers => names(NamedKey::Server),
            Facet::Kinds => count(format!("kind:{}", asset.kind.word())),
            Facet::Shapes => {
                let word = shape(asset).map(Shape::word);
                word.into_iter().for_each(|word| count(format!("shape:{word}")));
            }
            Facet::Ratings => count(format!("rating:{}", asset.marks.rating)),
            Facet::Flags => {
                if asset.marks.favourite {
                    count("fav:yes".to_owned());
                }
                match asset.marks.flag {
                    1 => count("flag:pick".to_owned()),
                    -1 => count("flag:reject".to_owned()),
                    _ => {}
                }
            }
            Facet::Months => {
                // The days of the strategy, in the artist's time.
                let month = match (asset.created_at - NOW.ms) / DAY {
                    -40 => "2026-08",
                    -16 => "2026-09",
                    _ => "2026-10",
                };
                count(format!("date:{month}"));
            }
        }
    }
    let told: BTreeMap<String, u32> = list
        .values
        .iter()
        .filter(|value| value.count > 0)
        .map(|value| (value.token.clone(), value.count))
        .collect();
    prop_assert_eq!(told, counts, "{:?}", list.facet);
    prop_assert_eq!((list.more, list.more_count), (0, 0));
    let without = |key| assets.iter().filter(|asset| library.names(asset, key).is_empty()).count();
    let wanted = match list.facet {
        Facet::Loras => Some(without(NamedKey::Lora)),
        Facet::Tags => Some(without(NamedKey::Tag)),
        _ => None,
    };
    let told = list.without.as_ref().map(|without| without.count as usize);
    prop_assert_eq!(told, wanted, "{:?}", list.facet);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..Default::default() })]

    #[test]
    fn any_query_finds_what_walking_finds(
        library in libraries(),
        queries in vec((queries(), select(SORTS)), 1..12),
    ) {
        let index = library.index();
        for (tokens, sort) in queries {
            same(&index, &library, &tokens, sort)?;
        }
    }

    #[test]
    fn changes_leave_what_building_anew_gives(
        mut library in libraries(),
        prepared in vec(select(SORTS), 0..4),
        steps in steps(),
        queries in vec((queries(), select(SORTS)), 1..4),
    ) {
        let mut index = library.index();
        for sort in prepared {
            index.prepare(sort);
        }
        for step in steps {
            // What is kept from an answer must not outlive a change.
            same(&index, &library, &[], Sort::Newest)?;
            match step {
                Step::Add(assets) => {
                    add(&mut index, &assets);
                    assets.into_iter().for_each(|asset| library.put(asset));
                }
                Step::Change(new) => {
                    change(&mut index, std::slice::from_ref(&new));
                    if let Some(old) = library.assets.iter_mut().find(|old| old.seq == new.seq) {
                        old.marks = new.marks;
                        old.places = new.places;
                        old.names = new.names;
                        old.phash = new.phash.or(old.phash);
                        old.tags = new.tags;
                        old.collections = new.collections;
                    }
                }
                Step::Remove(seq) => {
                    index.remove([seq]);
                    library.assets.retain(|asset| asset.seq != seq);
                }
            }
        }
        for sort in SORTS {
            same(&index, &library, &[], *sort)?;
        }
        for (tokens, sort) in queries {
            same(&index, &library, &tokens, sort)?;
        }
    }

    #[test]
    fn a_facets_token_finds_as_many_as_it_says(library in libraries(), tokens in queries()) {
        let index = library.index();
        let text = text_of(&tokens);
        let query = Query::parse(&text, &NOW);
        let facets = index.facets(&index.search(&query, &library.disk(&query)), usize::MAX);
        for list in facets.lists {
            let own: Vec<&str> = tokens.iter().filter(|(_, (_, facet))| *facet == Some(list.facet)).map(|(_, (token, _))| *token).collect();
            if !own.is_empty() {
                continue;
            }
            for value in list.values.iter().chain(&list.without) {
                let chosen = format!("{text} {}", value.token);
                prop_assert_eq!(found(&index, &library, &chosen).len(), value.count as usize, "{}", chosen);
                prop_assert!(!value.chosen);
            }
        }
    }

    #[test]
    fn parts_of_names_are_found_wherever_they_stand(
        names in vec("[ab01_.\n]{0,7}|[ -~é]{0,7}", 1..12),
        new in vec((0_u32..12, "[ab01_.]{0,7}"), 0..4),
        parts in vec("[ab01_.]{1,3}|[ -~é]{1,2}", 1..8),
    ) {
        let named = |(seq, names): (u32, String)| Asset { names, ..asset(seq) };
        let mut library = Library {
            recipes: Vec::new(),
            assets: (0..).zip(names).map(named).collect(),
        };
        let mut index = library.index();
        for (seq, names) in new {
            if let Some(asset) = library.assets.iter_mut().find(|asset| asset.seq == seq) {
                asset.names = names;
                change(&mut index, std::slice::from_ref(asset));
            }
        }
        for part in parts.iter().filter(|part| !part.trim().is_empty()) {
            let text = format!("name:\"{}\"", part.replace(['\\', '"'], "_"));
            let part = part.replace(['\\', '"'], "_").to_lowercase().replace('é', "e");
            let has = |asset: &&Asset| asset.names.to_lowercase().replace('é', "e").contains(&part);
            let wanted: Vec<u32> =
                library.assets.iter().filter(has).map(|asset| asset.seq).collect();
            prop_assert_eq!(found(&index, &library, &text), wanted, "{}", text);
        }
    }
}
