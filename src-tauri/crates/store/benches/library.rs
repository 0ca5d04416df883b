//! The library at 100,000 and at 1,000,000 assets, on a real file. Words on the command line choose:
//! numbers of assets, `params`. `SAFELIGHT_BENCH_DIR` names the folder for the databases.
#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};
use store::{MarkChange, NewAsset, Store, TextColumn, TextTerm, WidgetTerm, WidgetTest, dev};
use tempfile::TempDir;

const RUNS: usize = 40;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let mut sizes: Vec<u32> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100_000, 1_000_000];
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!("| What | Assets | Figure |");
    println!("| --- | ---: | --- |");
    for size in sizes {
        runtime.block_on(measure(size));
    }
}

struct Table(u32);

impl Table {
    fn row(&self, what: &str, figure: String) {
        println!("| {what} | {} | {figure} |", self.0);
    }

    fn time(&self, what: &str, took: Duration) {
        self.row(what, format!("{:.1} ms", ms(took)));
    }

    /// Half and ninety-nine of a hundred runs.
    fn runs(&self, what: &str, mut took: Vec<Duration>, found: usize) {
        took.sort();
        let (half, most) = (took[took.len() / 2], took[took.len() * 99 / 100]);
        self.row(what, format!("p50 {:.2} ms, p99 {:.2} ms ({found} found)", ms(half), ms(most)));
    }
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

async fn measure(size: u32) {
    let table = Table(size);
    let folder = std::env::var_os("SAFELIGHT_BENCH_DIR");
    let folder = folder.map_or_else(TempDir::new, TempDir::new_in).unwrap();
    let path = folder.path().join("safelight.db");
    let fill = dev::Fill { assets: size, ..dev::Fill::default() };
    let began = Instant::now();
    let store = Store::open(&path).await.unwrap();
    dev::fill(&store, &fill).await.unwrap();
    let took = began.elapsed();
    table.row("fill, with params", format!("{:.1} s", took.as_secs_f64()));
    store.close().await;
    let began = Instant::now();
    let store = Store::open(&path).await.unwrap();
    table.time("open", began.elapsed());
    let bytes = std::fs::metadata(&path).unwrap().len();
    table.row("database", format!("{} MB", bytes >> 20));
    adding(&table, &store).await;
    reading(&table, &store).await;
    finding(&table, &store).await;
    doing(&table, &store, size).await;
    store.close().await;
}

/// Adding to what is there: new files whose recipes have no params, and such that are there already.
async fn adding(table: &Table, store: &Store) {
    let more = dev::Fill { assets: 20_000, seed: 2, params: 0, root: b"/more".to_vec() };
    let root = store.put_root(store::RootKind::Imported, &more.root, 0).await.unwrap();
    let assets: Vec<NewAsset> = (0..more.assets).map(|at| dev::asset(&more, root, at)).collect();
    let began = Instant::now();
    for some in assets.chunks(5_000) {
        store.add_to_library(some).await.unwrap();
    }
    let rate = f64::from(more.assets) / began.elapsed().as_secs_f64();
    table.row("add, without params", format!("{rate:.0} assets a second"));
    let began = Instant::now();
    for some in assets.chunks(5_000) {
        store.add_to_library(some).await.unwrap();
    }
    let rate = f64::from(more.assets) / began.elapsed().as_secs_f64();
    table.row("add what is there", format!("{rate:.0} assets a second"));
}

async fn reading(table: &Table, store: &Store) {
    let mut took = Vec::new();
    let mut found = 0;
    for _ in 0..RUNS {
        let began = Instant::now();
        found = store.newest(200).await.unwrap().len();
        took.push(began.elapsed());
    }
    table.runs("newest page", took, found);
    let mut revision = 0;
    for _ in 0..3 {
        let began = Instant::now();
        let mut assets = 0;
        revision = store.columns(0, || 3, |chunk| assets += chunk.assets.len()).await.unwrap();
        table.row("columns of all assets", format!("{:.0} ms ({assets})", ms(began.elapsed())));
    }
    let began = Instant::now();
    let mut recipes = 0;
    store.recipe_columns(0, || 3, |chunk| recipes += chunk.len()).await.unwrap();
    table.row("columns of all recipes", format!("{:.0} ms ({recipes})", ms(began.elapsed())));
    let began = Instant::now();
    let names = store.names().await.unwrap().len();
    table.row("names", format!("{:.0} ms ({names})", ms(began.elapsed())));
    let root = store.roots().await.unwrap()[0].id;
    let began = Instant::now();
    let places = store.root_places(root).await.unwrap();
    let files: usize = places.values().map(store::FolderPlaces::len).sum();
    table.row("places of a root", format!("{:.0} ms ({files})", ms(began.elapsed())));
    let began = Instant::now();
    let changed = store.changes(revision).await.unwrap().assets.len();
    table.row("changes, none", format!("{:.2} ms ({changed})", ms(began.elapsed())));
}

async fn finding(table: &Table, store: &Store) {
    let words =
        |column, words: &str, beginning| TextTerm { column, words: words.to_owned(), beginning };
    for (what, term) in [
        ("a word that all have", words(None, "window", false)),
        ("a word that is typed: b", words(None, "b", true)),
        ("a word that is typed: ba", words(None, "ba", true)),
        ("a word that is typed: balo", words(None, "balo", true)),
        ("a whole word", words(None, "tenbaba", false)),
        ("a phrase", words(Some(TextColumn::Prompt), "window light", false)),
        ("in the negative", words(Some(TextColumn::Negative), "blurry", false)),
    ] {
        let (mut took, mut found) = (Vec::new(), 0);
        for _ in 0..RUNS {
            let began = Instant::now();
            found = store.texts_with(&term).await.unwrap().len();
            took.push(began.elapsed());
        }
        table.runs(what, took, found);
    }
    let widget = |class: Option<&str>, input: &str, test| WidgetTerm {
        class: class.map(str::to_owned),
        input: Some(input.to_owned()),
        test,
    };
    let above =
        |least| WidgetTest::Number { least: Some(least), most: None, above: true, below: false };
    let like = |text: &str| WidgetTest::Like { text: text.to_owned(), number: None };
    for (what, term) in [
        ("KSampler.steps>45", widget(Some("KSampler"), "steps", above(45.0))),
        ("KSampler.steps>30", widget(Some("ksampler"), "steps", above(30.0))),
        ("*.denoise>0.4", widget(None, "denoise", above(0.4))),
        ("KSampler.sampler_name:uni", widget(Some("KSampler"), "sampler_name", like("uni"))),
        ("CLIPTextEncode.text:tenbaba", widget(Some("CLIPTextEncode"), "text", like("tenbaba"))),
    ] {
        let (mut took, mut found) = (Vec::new(), 0);
        for _ in 0..RUNS {
            let began = Instant::now();
            found = store.recipes_with(&term).await.unwrap().len();
            took.push(began.elapsed());
        }
        table.runs(what, took, found);
    }
}

async fn doing(table: &Table, store: &Store, size: u32) {
    for count in [500, 10_000] {
        let some: Vec<u32> = (1..=size).step_by((size / count) as usize).collect();
        let change = MarkChange {
            rating: Some(4),
            add_tags: vec!["for the wall".to_owned()],
            ..MarkChange::default()
        };
        let began = Instant::now();
        let before = store.mark(&some, &change).await.unwrap();
        table.time(&format!("rate and tag {count}"), began.elapsed());
        let began = Instant::now();
        store.put_back(&before).await.unwrap();
        table.time(&format!("undo for {count}"), began.elapsed());
    }
    let began = Instant::now();
    let info = store.asset_info(size / 2 + 1).await.unwrap().unwrap();
    let params = store.params(info.recipe.unwrap().id).await.unwrap().len();
    table.row("all about one", format!("{:.2} ms ({params} values)", ms(began.elapsed())));
    let began = Instant::now();
    let tags = store.tags().await.unwrap().len();
    table.row("tags with counts", format!("{:.1} ms ({tags})", ms(began.elapsed())));
    let began = Instant::now();
    let gone = store.delete_assets(&(1..=1_000).collect::<Vec<_>>()).await.unwrap().len();
    table.row("really delete 1,000", format!("{:.0} ms ({gone} places)", ms(began.elapsed())));
    let root = store.roots().await.unwrap()[0].id;
    let began = Instant::now();
    store.relocate_root(root, b"/elsewhere").await.unwrap();
    table.time("relocate a root", began.elapsed());
}
