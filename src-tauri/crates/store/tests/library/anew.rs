//! Recipes that are read anew.

use crate::{made_by, picture, recipe, root, support::open};
use sqlx::{Connection, SqliteConnection, migrate::Migrator};
use std::{path::Path, sync::Arc};
use store::{NewRecipe, RulesOf, TextColumn, TextTerm};
use tempfile::TempDir;

#[tokio::test]
async fn assets_get_other_recipes_and_those_that_nobody_has_are_gone() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let old = NewRecipe {
        params: Some(vec![store::NewParam {
            class: "KSampler".into(),
            input: "steps".into(),
            text: "20".into(),
            num: Some(20.0),
        }]),
        workflow: Some(domain::WorkflowHash("w".into())),
        ..recipe("old", "a boat")
    };
    let files = [
        made_by(picture(root, "a/1", "1"), &old),
        made_by(picture(root, "2", "2"), &old),
        picture(root, "3", "3"),
        made_by(picture(root, "4", "4"), &old),
    ];
    store.add_to_library(&files).await.unwrap();
    store.set_missing(root, &[b"4".to_vec()], true).await.unwrap();
    // What is not there is not read, and files come in the order of their assets.
    let found = store.recipe_files(root, 0, 2, false).await.unwrap();
    let seqs: Vec<u32> = found.iter().map(|file| file.seq).collect();
    assert_eq!((seqs, found[0].path.as_slice()), (vec![1, 2], &b"a/1"[..]));
    assert_eq!((found[0].bytes, found[0].mtime, &found[0].made), (7, Some(5), &None));
    let rest = store.recipe_files(root, 2, 9, false).await.unwrap();
    assert_eq!(rest.iter().map(|file| file.seq).collect::<Vec<_>>(), [3]);
    let unknown = store.recipe_files(root, 0, 9, true).await.unwrap();
    assert_eq!(
        unknown.iter().map(|file| file.seq).collect::<Vec<_>>(),
        [3],
        "no workflow is known"
    );

    let new = Arc::new(recipe("new", "a harbour"));
    store.set_recipes(&[(1, new.clone()), (3, new.clone())]).await.unwrap();
    let facts = async |seq| store.asset_info(seq).await.unwrap().unwrap().recipe.unwrap().facts;
    assert_eq!((facts(1).await, facts(3).await), (new.facts.clone(), new.facts.clone()));
    // The other two have the old one still.
    assert_eq!((facts(2).await, facts(4).await), (old.facts.clone(), old.facts.clone()));
    let texts = async |word: &str| {
        let term =
            TextTerm { column: Some(TextColumn::Prompt), words: word.to_owned(), beginning: false };
        store.texts_with(&term).await.unwrap().len()
    };
    assert_eq!((texts("boat").await, texts("harbour").await), (1, 1));
    store.set_recipes(&[(2, new.clone()), (4, new.clone())]).await.unwrap();
    assert_eq!((texts("boat").await, texts("harbour").await), (0, 1));
    let mut recipes = Vec::new();
    store.recipe_columns(0, || 1, |chunk| recipes.extend(chunk)).await.unwrap();
    assert_eq!(recipes.len(), 1);
}

#[tokio::test]
async fn how_far_recipes_were_read_by_which_rules_is_kept_also_from_before_there_were_any() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("data/safelight.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let mut old = Migrator::new(Path::new("migrations")).await.unwrap();
    let until: Vec<_> = old.migrations.iter().filter(|one| one.version <= 15).cloned().collect();
    old.migrations = until.into();
    old.run_direct(None, &mut file, false).await.unwrap();
    let root = "INSERT INTO root (id, kind, path, added_at) VALUES (7, 'imported', x'2f78', 1)";
    sqlx::raw_sql(root).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    let store = open(dir.path()).await;
    let root = store::RootId(7);
    assert_eq!(store.recipe_rules(root).await.unwrap(), RulesOf { rules: 0, up_to: None });
    for of in [RulesOf { rules: 3, up_to: Some(9) }, RulesOf { rules: 3, up_to: None }] {
        store.set_recipe_rules(root, of).await.unwrap();
        assert_eq!(store.recipe_rules(root).await.unwrap(), of);
    }
    store.leave_root(root).await.unwrap();
    assert_eq!(store.take_out(root, 1).await.unwrap(), None);
    assert_eq!(store.recipe_rules(root).await.unwrap(), RulesOf::default());
}
