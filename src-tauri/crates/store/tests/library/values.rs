//! Values of thousands of recipes.

use crate::{made_by, open, picture, recipe, root};
use sqlx::{Connection, SqliteConnection, migrate::Migrator};
use std::{ops::Range, path::Path};
use store::{NewAsset, NewParam, NewRecipe, RootId, Store, WidgetTerm, WidgetTest};
use tempfile::TempDir;

fn value(input: &str, number: u32) -> NewParam {
    let text = number.to_string();
    NewParam { class: "KSampler".into(), input: input.into(), text, num: Some(number.into()) }
}

fn steps_of(recipe: u32) -> u32 {
    20 + 10 * (recipe % 2)
}

/// Pictures with a recipe each: every second one has 30 steps, and each a seed of its own.
async fn add(store: &Store, root: RootId, recipes: Range<u32>) {
    let files: Vec<NewAsset> = recipes
        .map(|n| {
            let steps = value("steps", steps_of(n));
            // Twice the same value: it counts once.
            let params = Some(vec![value("seed", n), steps.clone(), steps]);
            let name = n.to_string();
            let made = NewRecipe { params, ..recipe(&name, "a boat") };
            made_by(picture(root, &name, &name), &made)
        })
        .collect();
    store.add_to_library(&files).await.unwrap();
}

/// The recipes with a number of steps or a seed, in order.
async fn with(store: &Store, input: &str, number: u32) -> Vec<u32> {
    let test = WidgetTest::Equal { text: number.to_string(), number: Some(number.into()) };
    let term = WidgetTerm { class: None, input: Some(input.into()), test };
    store.recipes_with(&term).await.unwrap()
}

#[tokio::test]
async fn they_are_found_however_recipes_came_and_not_when_they_are_gone() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let mut count = 1;
    // Alone as jobs bring them, and many at once as folders do: over several blocks of recipes.
    for batch in [1, 1, 1_021, 1, 1, 2_500, 2] {
        add(&store, root, count..count + batch).await;
        count += batch;
    }
    let those = |steps: u32, from: u32| -> Vec<u32> {
        (from..count).filter(|n| steps_of(*n) == steps).collect()
    };
    for steps in [20, 30] {
        assert_eq!(with(&store, "steps", steps).await, those(steps, 1), "{steps}");
    }
    for seed in [1, 2, 1_023, 1_024, 1_025, count - 1] {
        assert_eq!(with(&store, "seed", seed).await, [seed]);
    }
    assert_eq!(with(&store, "seed", count).await, [0; 0]);
    let most = store.widget_values(None, Some("steps"), "", 9).await.unwrap();
    assert_eq!(most, ["30", "20"], "those of most recipes first");

    // Recipes and assets were counted up together: all but the last thousand go.
    let gone: Vec<u32> = (1..count - 1_000).collect();
    store.delete_assets(&gone).await.unwrap();
    for steps in [20, 30] {
        assert_eq!(with(&store, "steps", steps).await, those(steps, count - 1_000), "{steps}");
    }
    assert_eq!(with(&store, "seed", 7).await, [0; 0]);
    // No number is given twice.
    add(&store, root, 7..8).await;
    assert_eq!(with(&store, "seed", 7).await, [count]);
    store.close().await;

    let url = format!("sqlite://{}", dir.path().join("data/safelight.db").display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let rows: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM param_recipes WHERE param IN (SELECT id FROM param WHERE text IN ('20', '30'))",
    )
    .fetch_one(&mut file)
    .await
    .unwrap();
    // Two values in the blocks of 2,528 to 3,528; the seeds 20 and 30 are gone.
    assert_eq!(rows, 4, "those of recipes that are gone are gone");
}

#[tokio::test]
async fn those_from_before_are_carried_over() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("data/safelight.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let mut old = Migrator::new(Path::new("migrations")).await.unwrap();
    let until: Vec<_> = old.migrations.iter().filter(|one| one.version <= 14).cloned().collect();
    old.migrations = until.into();
    old.run_direct(None, &mut file, false).await.unwrap();
    let values = "INSERT INTO widget VALUES (1, 'KSampler', 'steps');
        INSERT INTO param VALUES (1, 1, '20', 20.0), (2, 1, '30', 30.0), (3, 1, '40', 40.0);
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000)
        INSERT INTO recipe_param SELECT 1 + n % 2, n FROM number;
        INSERT INTO sqlite_sequence VALUES ('recipe', 5000);";
    sqlx::raw_sql(values).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    let store = open(dir.path()).await;
    let every_second = |from: u32| -> Vec<u32> { (from..=5_000).step_by(2).collect() };
    assert_eq!(with(&store, "steps", 20).await, every_second(2));
    assert_eq!(with(&store, "steps", 30).await, every_second(1));
    assert_eq!(with(&store, "steps", 40).await, [0; 0]);
    // New ones come into the block of the last of those from before, and go again.
    let root = root(&store).await;
    add(&store, root, 0..2).await;
    assert_eq!(with(&store, "steps", 20).await, [every_second(2), vec![5_001]].concat());
    assert_eq!(with(&store, "steps", 30).await, [every_second(1), vec![5_002]].concat());
    store.delete_assets(&[1, 2]).await.unwrap();
    assert_eq!(with(&store, "steps", 20).await, every_second(2));
    assert_eq!(with(&store, "steps", 30).await, every_second(1));
}
