//! Words and values.

use crate::{made_by, open, picture, recipe, root};
use proptest::prelude::*;
use sqlx::{Connection, SqliteConnection};
use store::{NewAsset, NewParam, NewRecipe, Store, TextColumn, TextTerm, WidgetTerm, WidgetTest};
use tempfile::TempDir;

/// Which of some texts have the words, by their places in the list.
async fn with(store: &Store, column: Option<TextColumn>, words: &str, beginning: bool) -> Vec<u32> {
    let term = TextTerm { column, words: words.into(), beginning };
    let mut found = store.texts_with(&term).await.unwrap();
    found.sort_unstable();
    found
}

#[tokio::test]
async fn words_are_found_whatever_is_typed() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let mut recipes = [
        recipe("1", "a crème brûlée, window light"),
        recipe("2", "fjord at dusk \u{1f600} (masterpiece:1.2)"),
        recipe("3", "\u{65e5}\u{672c} AND OR NOT \"quoted\""),
        recipe("4", "light window"),
    ];
    recipes[1].facts.negative = Some("blurry window".into());
    recipes[3].facts.models = vec!["sd/flux1-dev_fp8.safetensors".into()];
    let files: Vec<NewAsset> =
        recipes.iter().map(|one| made_by(picture(root, &one.digest, &one.digest), one)).collect();
    store.add_to_library(&files).await.unwrap();
    let everywhere = None;
    let prompt = Some(TextColumn::Prompt);
    let negative = Some(TextColumn::Negative);
    for (column, words, beginning, found) in [
        (everywhere, "creme", false, &[1][..]),
        (everywhere, "BRÛL", true, &[1]),
        (everywhere, "BRÛL", false, &[]),
        (everywhere, "window", false, &[1, 2, 4]),
        (prompt, "window", false, &[1, 4]),
        (negative, "window", false, &[2]),
        (prompt, "window light", false, &[1]),
        (everywhere, "window li", true, &[1]),
        (everywhere, "flux1-dev", true, &[4]),
        (everywhere, "flux1 dev fp8", false, &[4]),
        (prompt, "flux1", false, &[]),
        (everywhere, "masterpiece:1.2", false, &[2]),
        (everywhere, "AND", false, &[3]),
        (everywhere, "\"quoted\"", false, &[3]),
        (everywhere, "\u{65e5}\u{672c}", false, &[3]),
        (everywhere, "prompt : window", false, &[]),
        (everywhere, "dusk,", true, &[2]),
        (everywhere, "dus,", true, &[]),
        (everywhere, "", true, &[]),
        (everywhere, "\u{0}'\"*()-:^", true, &[]),
        (everywhere, "fjord\u{0}", true, &[2]),
    ] {
        assert_eq!(with(&store, column, words, beginning).await, found, "{words:?}");
    }
}

fn param(class: &str, input: &str, text: &str) -> NewParam {
    let num = text.parse().ok();
    NewParam { class: class.into(), input: input.into(), text: text.into(), num }
}

fn term(class: Option<&str>, input: Option<&str>, test: WidgetTest) -> WidgetTerm {
    WidgetTerm { class: class.map(str::to_owned), input: input.map(str::to_owned), test }
}

fn like(text: &str) -> WidgetTest {
    WidgetTest::Like { text: text.into(), number: text.parse().ok() }
}

fn equal(text: &str) -> WidgetTest {
    WidgetTest::Equal { text: text.into(), number: text.parse().ok() }
}

#[tokio::test]
async fn what_is_written_without_spaces_is_found_from_anywhere() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let recipes = [
        recipe("1", "静かな夜の港、光"),
        recipe("2", "傑作,一只白色的猫坐在窗边 (masterpiece:1.2)"),
        recipe("3", "조용한 밤하늘 flux夜景2"),
        recipe("4", "a quiet harbour"),
    ];
    let files: Vec<NewAsset> =
        recipes.iter().map(|one| made_by(picture(root, &one.digest, &one.digest), one)).collect();
    store.add_to_library(&files).await.unwrap();
    let table: &[(&str, bool, &[u32])] = &[
        ("夜の港", false, &[1]),
        ("の", true, &[1]),
        ("夜", false, &[1, 3]),
        ("港夜", false, &[]),
        ("白色的猫", true, &[2]),
        ("猫坐 在窗", false, &[2]),
        ("하늘", false, &[3]),
        ("flux夜", true, &[3]),
        ("景2", false, &[3]),
        ("harb", true, &[4]),
    ];
    for (words, beginning, found) in table {
        assert_eq!(&with(&store, None, words, *beginning).await, found, "{words}");
    }
    store.close().await;
    // A library from before: the words lie there as they came, and the migration has made its list.
    let url = format!("sqlite://{}", dir.path().join("data/safelight.db").display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let before = "CREATE TABLE words_before (text INTEGER PRIMARY KEY) STRICT;
        INSERT INTO words_before
        SELECT DISTINCT text FROM recipe WHERE facts GLOB '*[⺀-ㇿ㐀-䶿一-鿿가-힯豈-﫿ｦ-ﾟ𠀀-𯿿]*';
        DELETE FROM words;
        INSERT INTO words (rowid, prompt, negative, models, loras)
        SELECT text, json_extract(facts, '$.prompt'), '', '', '' FROM recipe;";
    sqlx::raw_sql(before).execute(&mut file).await.unwrap();
    let listed: i64 =
        sqlx::query_scalar("SELECT count(*) FROM words_before").fetch_one(&mut file).await.unwrap();
    assert_eq!(listed, 3, "what has spaces stays as it is");
    file.close().await.unwrap();
    let store = open(dir.path()).await;
    for (words, beginning, found) in table {
        assert_eq!(&with(&store, None, words, *beginning).await, found, "{words}, from before");
    }
}

#[tokio::test]
async fn values_are_found_by_class_input_and_test() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let long = format!("{}end", "\u{e9}".repeat(9_000));
    let lists = [
        vec![param("KSampler", "steps", "20"), param("KSampler", "cfg", "3.50")],
        vec![param("KSampler", "steps", "30"), param("Text", "text", "50% \u{c9}t\u{e9}_x*[y]")],
        vec![
            param("Detailer", "steps", "30"),
            param("Detailer", "on", "true"),
            param("A", "b", &long),
        ],
        // Twice the same value: two nodes of one class.
        vec![param("KSampler", "steps", "40"), param("KSampler", "steps", "40")],
    ];
    let files: Vec<NewAsset> = (1..)
        .zip(lists.clone())
        .map(|(at, params)| {
            let one = NewRecipe { params: Some(params), ..recipe(&at.to_string(), "x") };
            made_by(picture(root, at.to_string(), &at.to_string()), &one)
        })
        .collect();
    store.add_to_library(&files).await.unwrap();
    let number = |least, most, above, below| WidgetTest::Number { least, most, above, below };
    let steps = |test| term(Some("ksampler"), Some("STEPS"), test);
    for (what, found) in [
        (steps(number(Some(20.0), None, true, false)), &[2, 4][..]),
        (steps(number(Some(20.0), None, false, false)), &[1, 2, 4]),
        (steps(number(None, Some(30.0), false, true)), &[1]),
        (steps(number(Some(20.0), Some(30.0), false, false)), &[1, 2]),
        (term(None, Some("steps"), equal("30")), &[2, 3]),
        (term(None, None, equal("30.0")), &[2, 3]),
        (term(None, None, equal("3.5")), &[1]),
        (term(None, None, equal("TRUE")), &[3]),
        (term(None, None, like("5")), &[1, 2]),
        (term(None, None, like("50% \u{e9}T\u{c9}_X*[Y")), &[2]),
        (term(None, None, like("%")), &[2]),
        (term(None, None, like("_")), &[2]),
        (term(None, None, like("*")), &[2]),
        (term(None, None, like("\u{e9}\u{e9}\u{e9}")), &[3]),
        (term(Some("KSampler"), None, like("e")), &[]),
        (term(Some("no such"), None, like("")), &[]),
        (term(Some("Text"), Some("steps"), like("")), &[]),
        (term(None, None, equal("' OR 1=1 --")), &[]),
        (term(None, None, like(&"x".repeat(100_000))), &[]),
    ] {
        let mut recipes = store.recipes_with(&what).await.unwrap();
        recipes.sort_unstable();
        assert_eq!(recipes, found, "{:?}", what.class);
    }
    assert_eq!(store.params(1).await.unwrap(), lists[0]);
    assert_eq!(store.params(4).await.unwrap(), lists[3][..1]);
    let kept = &store.params(3).await.unwrap()[2].text;
    assert!(long.starts_with(kept.as_str()) && kept.len() > 16_000, "the beginning is kept");
    // They are read once.
    assert!(store.recipes_without_params(9).await.unwrap().is_empty());
    store.set_params(&[(1, vec![]), (77, vec![])]).await.unwrap();
    assert_eq!(store.params(1).await.unwrap(), lists[0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is typed is looked for as it is, and is no error.
    #[test]
    fn anything_can_be_looked_for(text in "\\PC{0,12}", before in "[a-z\u{e9}%_*?\\[\\]^]{0,3}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let dir = TempDir::new().unwrap();
            let store = open(dir.path()).await;
            let root = root(&store).await;
            let value = format!("{before}{text}{before}");
            let one = NewRecipe {
                params: Some(vec![param("A", "b", &value)]),
                ..recipe("1", &value)
            };
            store.add_to_library(&[made_by(picture(root, "a", "1"), &one)]).await.unwrap();
            with(&store, None, &text, true).await;
            with(&store, Some(TextColumn::Prompt), &text, false).await;
            for test in [like(&text), equal(&value)] {
                let found = store.recipes_with(&term(Some("A"), None, test.clone())).await.unwrap();
                assert_eq!(found, [1], "{test:?} in {value:?}");
            }
        });
    }
}
