//! Asking the index at 100,000 and at 1,000,000 assets. Synthetic: the library is made here, by a
//! generator with a seed. What the disk would say about words is looked up here too, outside of what is
//! measured.
//!
//! `cargo bench -p catalog [-- ASSETS]`
#![allow(missing_docs, clippy::unwrap_used, clippy::cast_possible_truncation)]

use catalog::{
    ALIKE, AssetRow, Bits, Change, Column, Completing, Disk, Index, Kind, Marks, NameId, NameKind,
    Now, Places, Query, RecipeRow, Sort, TimeZone, Widgets,
};
use domain::{BatchId, JobId};
use jiff::tz;
use std::{hint::black_box, time::Instant};
use uuid::Uuid;

const SIZES: &[usize] = &[100_000, 1_000_000];
const MODELS: u64 = 40;
const LORAS: u64 = 200;
const TAGS: u64 = 300;
const WORKFLOWS: u64 = 500;
const SERVERS: u64 = 4;
const WORDS: u64 = 5_000;
const WORDS_OF_TEXT: u64 = 30;
/// Assets a text and a recipe, as in a million assets with 50,000 texts and 250,000 recipes.
const ASSETS_OF_TEXT: usize = 20;
const ASSETS_OF_RECIPE: usize = 4;
/// Assets of one batch, where there is one.
const BATCH: usize = 8;
/// Middle of 2026, and one asset every three minutes before.
const NOW: Now = Now { ms: 1_782_000_000_000, zone: TimeZone::fixed(tz::offset(2)) };
const MS_OF_ASSET: i64 = 180_000;
/// What is typed, key by key.
const TYPED: &[&str] = &[
    "bouquet in a clay pot",
    "comfyui_00",
    "w12 w345 model:flux",
    "model:flux,sdxl -lora:film rating:3+",
    "lora:style-1 date:2026 size:>=1024",
    "tag:series has:negative is:unrated",
    "date:this-month shape:portrait kind:picture",
    "KSampler.steps>30 w7",
    "seed:408815",
    "sampler:euler cfg:<5 w99",
];
const COMPLETED: &[&str] =
    &["mod", "model:", "model:fl", "lora:s", "tag:", "rating:", "w12 wor", "date:"];

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let bits = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Few are used often, and many seldom.
    fn uneven(&mut self, end: u64) -> u64 {
        let first = self.below(end) + 1;
        self.below(first)
    }
}

struct Library {
    index: Index,
    /// The words of each text.
    texts: Vec<Vec<u64>>,
    recipes: usize,
}

fn names(
    index: &mut Index,
    kind: NameKind,
    count: u64,
    name: impl Fn(u64) -> String,
) -> Vec<NameId> {
    (0..count).map(|number| index.name_id(kind, &name(number))).collect()
}

fn library(assets: usize) -> Library {
    let mut dice = Dice(1);
    let mut index = Index::new(NOW.zone);
    let families =
        ["flux1-dev-fp8", "sd_xl_base_1.0", "sdxl/painterly", "qwen_image", "wan2.2_i2v"];
    let models = names(&mut index, NameKind::Model, MODELS, |number| {
        format!("{}_{number}.safetensors", families[number as usize % families.len()])
    });
    let loras = names(&mut index, NameKind::Lora, LORAS, |number| {
        let kind = ["film_grain", "style", "impasto", "linocut"][number as usize % 4];
        format!("{kind}-{number}.safetensors")
    });
    let tags = names(&mut index, NameKind::Tag, TAGS, |number| format!("series: {number}"));
    let servers = names(&mut index, NameKind::Server, SERVERS, |number| format!("attic-{number}"));
    let samplers = names(&mut index, NameKind::Sampler, 20, |number| format!("euler_{number}"));
    let schedulers = names(&mut index, NameKind::Scheduler, 8, |number| format!("karras_{number}"));
    let workflows =
        names(&mut index, NameKind::Workflow, WORKFLOWS, |number| format!("{number:064x}"));
    for (number, workflow) in workflows.iter().enumerate() {
        index.rename(NameKind::Workflow, *workflow, &format!("Bouquet study {number}"));
    }
    let texts: Vec<Vec<u64>> = (0..assets / ASSETS_OF_TEXT)
        .map(|_| (0..WORDS_OF_TEXT).map(|_| dice.uneven(WORDS)).collect())
        .collect();
    let recipes = assets / ASSETS_OF_RECIPE;
    for id in 0..recipes {
        let count = dice.below(3) as usize;
        let loras: Vec<NameId> = (0..count).map(|_| loras[dice.uneven(LORAS) as usize]).collect();
        let row = RecipeRow {
            id: id as u32,
            text: dice.below(texts.len() as u64) as u32,
            models: &[models[dice.uneven(MODELS) as usize]],
            loras: &loras,
            workflow: Some(workflows[dice.uneven(WORKFLOWS) as usize]),
            seed: Some(dice.below(1_000_000)),
            sampler: Some(samplers[dice.uneven(20) as usize]),
            scheduler: Some(schedulers[dice.uneven(8) as usize]),
            steps: Some(10 + dice.below(40) as u32),
            cfg: Some(dice.below(80) as f64 / 10.0),
            denoise: Some(1.0),
            prompt: true,
            negative: dice.below(2) == 0,
            rerunnable: true,
            sources: dice.below(5) == 0,
        };
        index.add_recipe(&row).unwrap();
    }
    let sizes = [(1024, 1024), (832, 1216), (1216, 832), (1280, 960), (768, 768)];
    let prefixes = ["ComfyUI", "bouquet-study", "portrait", "landscape_upscaled"];
    let rows: Vec<(AssetRow<'_>, String, Vec<NameId>)> = (0..assets)
        .map(|number| {
            let (width, height) = sizes[dice.below(5) as usize];
            let tagged = if dice.below(4) == 0 { 1 + dice.below(2) } else { 0 };
            let of_tag: Vec<NameId> =
                (0..tagged).map(|_| tags[dice.uneven(TAGS) as usize]).collect();
            let prefix = prefixes[dice.uneven(4) as usize];
            let ours = dice.below(2) == 0;
            let id = |number: u64| Uuid::from_u128((u128::from(number) << 64) + 1);
            let row = AssetRow {
                seq: number as u32 + 1,
                kind: if dice.below(30) == 0 { Kind::Video } else { Kind::Picture },
                width,
                height,
                bytes: 500_000 + dice.below(4_000_000),
                created_at: NOW.ms - (assets - number) as i64 * MS_OF_ASSET
                    + dice.below(10 * MS_OF_ASSET as u64) as i64,
                took_ms: ours.then(|| 3_000 + dice.below(60_000) as u32),
                practice: false,
                preview: false,
                server: ours.then(|| servers[dice.uneven(SERVERS) as usize]),
                job: ours.then(|| JobId(id(number as u64))),
                batch: ours.then(|| BatchId(id((number / BATCH) as u64))),
                recipe: Some((number / ASSETS_OF_RECIPE) as u32),
                phash: Some(dice.next()),
                names: "",
                places: Places { several: dice.below(50) == 0, ..Places::default() },
                marks: Marks {
                    rating: if dice.below(5) == 0 { dice.below(6) as u8 } else { 0 },
                    favourite: dice.below(40) == 0,
                    flag: dice.below(30) as i8 % 3 - 1,
                    binned: dice.below(200) == 0,
                },
                tags: &[],
                collections: &[],
            };
            (row, format!("{prefix}_{:05}_.png", number % 100_000), of_tag)
        })
        .collect();
    let before = resident();
    let (began, used) = (Instant::now(), thread_time());
    let rows_of = rows.iter().map(|(row, names, tags)| AssetRow { names, tags, ..*row });
    index.add(rows_of).unwrap();
    let built = began.elapsed().as_secs_f64() * 1e3;
    let grown = resident().saturating_sub(before) as f64 / assets as f64;
    let used = (thread_time() - used) * 1e3;
    println!("  built in {built:.0} ms (processor {used:.0}); {grown:.0} bytes a row more in use");
    Library { index, texts, recipes }
}

/// Bytes of memory the process has now, or 0 where the system does not say so.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    kilobytes.and_then(|number| number.trim().parse::<usize>().ok()).unwrap_or(0) * 1024
}

impl Library {
    /// What the store would answer: words are `w12`; a widget's value has every third recipe.
    fn disk(&self, query: &Query) -> Disk {
        let mut disk = Disk::new();
        let terms = query.disk_terms();
        for term in terms.texts {
            let wanted = term.words.as_str();
            let hits = |word: u64| {
                let word = format!("w{word}");
                term.column != Column::Negative
                    && if term.beginning { word.starts_with(wanted) } else { word == wanted }
            };
            let hits: Vec<bool> = (0..WORDS).map(hits).collect();
            let mut texts = Bits::with_capacity(self.texts.len());
            let found = |text: &Vec<u64>| text.iter().any(|word| hits[*word as usize]);
            texts.extend(
                self.texts.iter().enumerate().filter(|(_, text)| found(text)).map(|(id, _)| id),
            );
            disk.set_texts(term, texts);
        }
        for term in terms.widgets {
            let mut recipes = Bits::with_capacity(self.recipes);
            recipes.extend((0..self.recipes).step_by(3));
            disk.set_recipes(term, recipes);
        }
        disk
    }
}

/// Milliseconds that went by, and those that this thread was on the processor: on a machine that does
/// other things as well, only the latter say what the code costs.
#[derive(Default)]
struct Times {
    passed: Vec<f64>,
    used: Vec<f64>,
}

impl Times {
    fn of<T>(&mut self, run: impl FnOnce() -> T) -> T {
        let (began, used) = (Instant::now(), thread_time());
        let result = black_box(run());
        self.used.push((thread_time() - used) * 1e3);
        self.passed.push(began.elapsed().as_secs_f64() * 1e3);
        result
    }

    fn print(mut self, what: &str) {
        let at = |times: &mut Vec<f64>| {
            times.sort_by(f64::total_cmp);
            let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
            (at(0.5), at(0.99))
        };
        let (passed, used) = (at(&mut self.passed), at(&mut self.used));
        println!(
            "  {what}: p50 {:.2} ms, p99 {:.2} ms (processor {:.2}, {:.2}; {} runs)",
            passed.0,
            passed.1,
            used.0,
            used.1,
            self.used.len()
        );
    }
}

/// Seconds that this thread was on the processor.
fn thread_time() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn typing(library: &Library) {
    let index = &library.index;
    let [mut filter, mut order, mut facets, mut density, mut whole] =
        [(); 5].map(|()| Times::default());
    for _ in 0..3 {
        for text in TYPED {
            for end in 1..=text.len() {
                let query = Query::parse(&text[..end], &NOW);
                let disk = library.disk(&query);
                whole.of(|| {
                    let query = Query::parse(&text[..end], &NOW);
                    let matches = filter.of(|| index.search(&query, &disk));
                    let found = order.of(|| index.found(&matches, Sort::Newest, true));
                    let facets = facets.of(|| index.facets(&matches, 8));
                    let days = density.of(|| index.days(&matches));
                    (found, facets, days)
                });
            }
        }
    }
    filter.print("filter a keystroke");
    order.print("order and stacks a keystroke");
    facets.print("facets a keystroke");
    density.print("density a keystroke");
    whole.print("all of a keystroke");
    let mut empty = Times::default();
    for _ in 0..20 {
        let query = Query::parse("", &NOW);
        empty.of(|| {
            let matches = index.search(&query, &Disk::new());
            (index.found(&matches, Sort::Newest, true), index.facets(&matches, 8))
        });
    }
    empty.print("everything, with facets");
}

fn sorting(library: &Library) {
    let index = &library.index;
    let query = Query::parse("-rating:5", &NOW);
    let matches = index.search(&query, &Disk::new());
    let sorts = [Sort::Rating, Sort::Name, Sort::Bytes, Sort::Pixels, Sort::Took, Sort::Random(7)];
    let mut first = Times::default();
    let mut again = Times::default();
    for sort in sorts {
        let began = Instant::now();
        first.of(|| index.prepare(sort));
        print!("  first {sort:?}: {:.0} ms;", began.elapsed().as_secs_f64() * 1e3);
        for _ in 0..10 {
            again.of(|| index.found(&matches, sort, false));
        }
    }
    println!();
    first.print("an order for the first time");
    again.print("a known order");
}

fn looking(library: &Library) {
    let index = &library.index;
    let query = Query::parse("", &NOW);
    let matches = index.search(&query, &Disk::new());
    let found = index.found(&matches, Sort::Newest, true);
    let mut dice = Dice(2);
    let [mut jump, mut near, mut alike, mut neighbours] = [(); 4].map(|()| Times::default());
    for _ in 0..100 {
        let row = found.rows[dice.below(found.rows.len() as u64) as usize];
        let ms = index.created_at(row);
        jump.of(|| index.entry_at_date(&found, ms));
        near.of(|| index.alike(row, ALIKE));
        alike.of(|| index.same_prompt(row));
        neighbours
            .of(|| found.neighbours(row, 5, 5).map(|(before, behind)| before.len() + behind.len()));
    }
    jump.print("jump to a date");
    near.print("near duplicates");
    alike.print("same prompt");
    neighbours.print("neighbours of a row");
    // As many as a library of many node packs has.
    let widgets =
        Widgets::of((0..8_000).map(|at| (format!("Class{}", at / 8), format!("in{}", at % 8))));
    let mut complete = Times::default();
    for _ in 0..5 {
        for text in COMPLETED {
            let completing = Completing::at(text, text.len(), &NOW);
            let disk = library.disk(&completing.rest);
            complete.of(|| index.complete(&completing, &disk, &widgets, &NOW));
        }
    }
    complete.print("completion");
}

fn changing(library: &mut Library) {
    let assets = library.index.rows() as u64;
    let mut dice = Dice(3);
    let [mut one, mut many, mut add] = [(); 3].map(|()| Times::default());
    let rated =
        |rating| Change { marks: Some(Marks { rating, ..Marks::default() }), ..Change::default() };
    for number in 0..50 {
        let seq = dice.below(assets) as u32 + 1;
        one.of(|| library.index.change([(seq, rated(1 + number % 5))])).unwrap();
        let seqs: Vec<u32> = (0..500).map(|_| dice.below(assets) as u32 + 1).collect();
        let rating = number % 5;
        many.of(|| library.index.change(seqs.iter().map(|seq| (*seq, rated(rating))))).unwrap();
        let row = AssetRow {
            seq: assets as u32 + 1 + u32::from(number),
            kind: Kind::Picture,
            width: 1024,
            height: 1024,
            bytes: 1,
            created_at: NOW.ms + i64::from(number),
            took_ms: None,
            practice: false,
            preview: false,
            server: None,
            job: None,
            batch: None,
            recipe: None,
            phash: None,
            names: "new.png",
            places: Places::default(),
            marks: Marks::default(),
            tags: &[],
            collections: &[],
        };
        add.of(|| library.index.add([row])).unwrap();
    }
    one.print("rate one, with all orders kept");
    many.print("rate 500");
    add.print("add one");
}

fn main() {
    let asked: Option<usize> = std::env::args().find_map(|argument| argument.parse().ok());
    for size in asked.map_or_else(|| SIZES.to_vec(), |size| vec![size]) {
        println!("{size} assets:");
        let mut library = library(size);
        library.index.prepare(Sort::Newest);
        typing(&library);
        looking(&library);
        sorting(&library);
        let memory = library.index.memory() as f64 / size as f64;
        println!("  {memory:.0} bytes a row, with all orders kept");
        changing(&mut library);
    }
}
