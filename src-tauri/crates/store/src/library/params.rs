//! Widget values of recipes.

use super::json_list;
use crate::{Result, Store, WorkflowRow, rows};
use domain::PictureFacts;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use std::collections::{HashMap, HashSet, hash_map::Entry};

/// The longest value that is kept to be searched, in bytes. The prompt itself is kept elsewhere.
const LONGEST: usize = 16 << 10;
/// The most values of one recipe.
const MOST: usize = 20_000;
/// Values that are looked up or added together.
const AT_ONCE: usize = 400;

/// A value that an input of a class of nodes has in a recipe.
#[derive(Clone, Debug, PartialEq)]
pub struct NewParam {
    /// The node's class.
    pub class: String,
    /// The input's name.
    pub input: String,
    /// The value as text. The end of a very long one is not kept.
    pub text: String,
    /// The value, if it is a number.
    pub num: Option<f64>,
}

/// A value of a recipe.
pub type ParamRow = NewParam;

/// A recipe whose values nobody has looked at yet.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadRecipe {
    /// Its number.
    pub recipe: u32,
    /// Its workflow, with its prompt whole.
    pub workflow: WorkflowRow,
    /// What the graph says.
    pub facts: PictureFacts,
}

/// Numbers of inputs and values while recipes are added.
#[derive(Default)]
pub(super) struct Params {
    widgets: HashMap<(String, String), i64>,
    known: HashMap<(i64, String), i64>,
    newest: i64,
}

impl Params {
    pub(super) async fn begin(connection: &mut SqliteConnection) -> Result<Self> {
        let newest = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM param")
            .fetch_one(connection)
            .await?;
        Ok(Self { newest, ..Self::default() })
    }

    async fn widget(
        &mut self,
        connection: &mut SqliteConnection,
        class: &str,
        input: &str,
    ) -> Result<i64> {
        match self.widgets.entry((class.to_owned(), input.to_owned())) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(place) => {
                let id = sqlx::query_scalar(
                    "INSERT INTO widget (class, input) VALUES (?, ?)
                    ON CONFLICT (class, input) DO UPDATE SET input = input RETURNING id",
                )
                .bind(class)
                .bind(input)
                .fetch_one(connection)
                .await?;
                Ok(*place.insert(id))
            }
        }
    }
}

/// Adds the values of recipes. Answers with what belongs into their column of values, in the order given.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    params: &mut Params,
    recipes: &[(i64, &[NewParam])],
) -> Result<Vec<(i64, String)>> {
    let mut values: Vec<(i64, Vec<(i64, String)>)> = Vec::with_capacity(recipes.len());
    let mut new: HashMap<(i64, String), Option<f64>> = HashMap::new();
    for (recipe, list) in recipes {
        let mut keys = Vec::with_capacity(list.len());
        for param in list.iter().take(MOST) {
            let widget = params.widget(connection, &param.class, &param.input).await?;
            let key = (widget, beginning(&param.text).to_owned());
            if !params.known.contains_key(&key) {
                new.insert(key.clone(), param.num.filter(|num| num.is_finite()));
            }
            keys.push(key);
        }
        values.push((*recipe, keys));
    }
    let mut new: Vec<_> = new.into_iter().collect();
    // In the order of the index, so that one page after another is written.
    new.sort_by(|a, b| a.0.cmp(&b.0));
    for chunk in new.chunks(AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new("WITH wanted (widget, text) AS (VALUES ");
        for (at, ((widget, text), _)) in chunk.iter().enumerate() {
            query.push(if at > 0 { ", (" } else { "(" });
            query.push_bind(widget).push(", ").push_bind(text).push(")");
        }
        // In this order: SQLite would go through all values, and look each up among those wanted.
        query.push(
            ") SELECT id, param.widget, param.text FROM wanted CROSS JOIN param
                ON param.widget = wanted.widget AND param.text = wanted.text",
        );
        for row in query.build().fetch_all(&mut *connection).await? {
            params.known.insert((row.try_get("widget")?, row.try_get("text")?), row.try_get("id")?);
        }
        let missing: Vec<_> =
            chunk.iter().filter(|(key, _)| !params.known.contains_key(key)).collect();
        if missing.is_empty() {
            continue;
        }
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO param (id, widget, text, num) ");
        query.push_values(missing, |mut row, (key, num)| {
            params.newest += 1;
            params.known.insert(key.clone(), params.newest);
            row.push_bind(params.newest).push_bind(key.0).push_bind(&key.1).push_bind(num);
        });
        query.build().execute(&mut *connection).await?;
    }
    let mut pairs: Vec<u64> = Vec::new();
    let mut lists = Vec::with_capacity(values.len());
    for (recipe, keys) in values {
        let mut met = HashSet::with_capacity(keys.len());
        let ids: Vec<i64> =
            keys.iter().map(|key| params.known[key]).filter(|id| met.insert(*id)).collect();
        // Both fit: ids are counted up from 1, one a row.
        pairs.extend(ids.iter().map(|id| (id.unsigned_abs() << 32) | recipe.unsigned_abs()));
        lists.push((recipe, json_list(ids)));
    }
    pairs.sort_unstable();
    // Two numbers as one: SQLite then has nothing to read but a list of numbers.
    sqlx::query(
        "INSERT INTO recipe_param (param, recipe)
        SELECT value >> 32, value & 0xffffffff FROM json_each(?) WHERE TRUE ON CONFLICT DO NOTHING",
    )
    .bind(json_list(pairs))
    .execute(&mut *connection)
    .await?;
    Ok(lists)
}

/// Sets the values of recipes that have none yet.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    params: &mut Params,
    recipes: &[(i64, &[NewParam])],
) -> Result<()> {
    let lists = add(connection, params, recipes).await?;
    for chunk in lists.chunks(AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new("WITH list (recipe, params) AS (");
        query.push_values(chunk, |mut row, (recipe, list)| {
            row.push_bind(recipe).push_bind(list);
        });
        query.push(
            ") UPDATE recipe SET params = list.params FROM list WHERE recipe.id = list.recipe",
        );
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// As much of a value as is kept.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

/// Deletes recipes that no asset has any more, with words that no recipe has any more.
pub(super) async fn prune(connection: &mut SqliteConnection, recipes: &[i64]) -> Result<()> {
    let list = json_list(recipes);
    let unused = sqlx::query(
        "DELETE FROM recipe_param WHERE (param, recipe) IN (
            SELECT each.value, recipe.id FROM recipe, json_each(recipe.params) AS each
            WHERE recipe.id IN (SELECT value FROM json_each(?))
                AND NOT EXISTS (SELECT 1 FROM asset WHERE asset.recipe = recipe.id))",
    );
    unused.bind(&list).execute(&mut *connection).await?;
    let texts: Vec<i64> = sqlx::query_scalar(
        "DELETE FROM recipe WHERE id IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM asset WHERE asset.recipe = recipe.id) RETURNING text",
    )
    .bind(&list)
    .fetch_all(&mut *connection)
    .await?;
    let texts: Vec<i64> = sqlx::query_scalar(
        "DELETE FROM text WHERE id IN (SELECT value FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM recipe WHERE recipe.text = text.id) RETURNING id",
    )
    .bind(json_list(texts))
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))")
        .bind(json_list(texts))
        .execute(connection)
        .await?;
    Ok(())
}

impl Store {
    /// Recipes whose values nobody has looked at yet, and whose prompt is stored: those from before
    /// values were kept. Call it until it gives none, each time with [`Store::set_params`].
    pub async fn recipes_without_params(&self, limit: u32) -> Result<Vec<UnreadRecipe>> {
        let found = sqlx::query(
            "SELECT recipe.id AS recipe, recipe.facts, workflow.*, base.prompt AS base_prompt
            FROM recipe JOIN workflow ON workflow.hash = recipe.workflow
                LEFT JOIN workflow AS base ON base.hash = workflow.base
            WHERE recipe.params IS NULL AND recipe.workflow IS NOT NULL ORDER BY recipe.id LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        found
            .iter()
            .map(|row| {
                Ok(UnreadRecipe {
                    recipe: rows::count(row, "recipe")?,
                    workflow: self.patched(row)?,
                    facts: rows::from_json(row.try_get("facts")?)?,
                })
            })
            .collect()
    }

    /// Sets the values of recipes that have none yet; an empty list says that there are none.
    pub async fn set_params(&self, recipes: &[(u32, Vec<NewParam>)]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        let mut params = Params::begin(&mut tx).await?;
        let list = json_list(recipes.iter().map(|(recipe, _)| recipe));
        let unread: HashSet<i64> = sqlx::query_scalar(
            "SELECT id FROM recipe WHERE params IS NULL AND id IN (SELECT value FROM json_each(?))",
        )
        .bind(list)
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .collect();
        let wanted: Vec<(i64, &[NewParam])> = recipes
            .iter()
            .map(|(recipe, list)| (i64::from(*recipe), list.as_slice()))
            .filter(|(recipe, _)| unread.contains(recipe))
            .collect();
        put(&mut tx, &mut params, &wanted).await?;
        Ok(tx.commit().await?)
    }

    /// The values of a recipe, node by node as they were given.
    pub async fn params(&self, recipe: u32) -> Result<Vec<ParamRow>> {
        let found = sqlx::query(
            "SELECT class, input, param.text, num FROM recipe, json_each(recipe.params) AS each
                JOIN param ON param.id = each.value JOIN widget ON widget.id = param.widget
            WHERE recipe.id = ? ORDER BY each.key",
        )
        .bind(recipe)
        .fetch_all(&self.read)
        .await?;
        found
            .iter()
            .map(|row| {
                Ok(ParamRow {
                    class: row.try_get("class")?,
                    input: row.try_get("input")?,
                    text: row.try_get("text")?,
                    num: row.try_get("num")?,
                })
            })
            .collect()
    }
}
