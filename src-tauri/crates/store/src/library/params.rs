//! Widget values of recipes.

use super::{
    Newest, json_list,
    packed::saturated,
    postings::{self, Postings},
    writing::Writing,
};
use crate::{
    Result, Store, StoreError, WorkflowRow,
    rows::{self, json},
};
use domain::PictureFacts;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The longest value that is kept to be searched, in bytes. The prompt itself is kept elsewhere.
const LONGEST: usize = 16 << 10;
/// The most values of one recipe.
const MOST: usize = 20_000;
/// Values that are looked up or added together.
const AT_ONCE: usize = 2_000;

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
    /// By class and input. Names within names, so that none is copied to look it up.
    widgets: HashMap<String, HashMap<String, i64>>,
    /// By the number of the input and the value.
    known: HashMap<i64, HashMap<String, i64>>,
    newest: i64,
}

impl Params {
    /// Counts on from the number that was given last.
    pub(super) fn after(newest: i64) -> Self {
        Self { newest, ..Self::default() }
    }

    fn widget(&self, class: &str, input: &str) -> Option<i64> {
        self.widgets.get(class)?.get(input).copied()
    }

    /// Looks up the numbers of all inputs of recipes.
    async fn meet(
        &mut self,
        writing: &mut Writing<'_>,
        recipes: &[(i64, &[NewParam])],
    ) -> Result<()> {
        let mut new = BTreeSet::new();
        let mut before: &[NewParam] = &[];
        for (_, list) in recipes {
            for (at, param) in list.iter().take(MOST).enumerate() {
                let is_met = before.get(at).is_some_and(|other| is_same_input(other, param));
                if !is_met && self.widget(&param.class, &param.input).is_none() {
                    new.insert((param.class.as_str(), param.input.as_str()));
                }
            }
            before = list;
        }
        let new: Vec<(&str, &str)> = new.into_iter().collect();
        for chunk in new.chunks(AT_ONCE) {
            let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO widget (class, input) ");
            query.push_values(chunk, |mut row, (class, input)| {
                row.push_bind(*class).push_bind(*input);
            });
            // An update that changes nothing, so that the number comes back in either case.
            query.push(
                " ON CONFLICT (class, input) DO UPDATE SET input = input RETURNING id, class, input",
            );
            for row in query.build().fetch_all(writing.read().await?).await? {
                let inputs = self.widgets.entry(row.try_get("class")?).or_default();
                inputs.insert(row.try_get("input")?, row.try_get("id")?);
            }
        }
        Ok(())
    }

    fn id(&self, widget: i64, text: &str) -> Option<i64> {
        self.known.get(&widget)?.get(text).copied()
    }

    fn learn(&mut self, widget: i64, text: String, id: i64) {
        self.known.entry(widget).or_default().insert(text, id);
    }
}

/// A value that recipes have.
struct Value<'a> {
    widget: i64,
    text: &'a str,
    num: Option<f64>,
    /// Its number, once that is known.
    id: Option<i64>,
    /// The last recipe that it was counted with.
    met: i64,
}

/// The values of recipes, each once.
#[derive(Default)]
struct Values<'a> {
    all: Vec<Value<'a>>,
    places: HashMap<(i64, &'a str), usize>,
}

impl<'a> Values<'a> {
    /// Where a value is, which is new at first.
    fn place(&mut self, widget: i64, param: &'a NewParam, params: &Params) -> usize {
        let text = beginning(&param.text);
        *self.places.entry((widget, text)).or_insert_with(|| {
            let num = param.num.filter(|num| num.is_finite());
            let id = params.id(widget, text);
            self.all.push(Value { widget, text, num, id, met: 0 });
            self.all.len() - 1
        })
    }
}

/// Adds the values of recipes. Answers with what belongs into their column of values, in the order given.
pub(super) async fn add(
    writing: &mut Writing<'_>,
    params: &mut Params,
    recipes: &[(i64, &[NewParam])],
) -> Result<Vec<(i64, String)>> {
    params.meet(writing, recipes).await?;
    let mut values = Values::default();
    let mut places: Vec<Vec<usize>> = Vec::with_capacity(recipes.len());
    let (mut before, mut places_before): (&[NewParam], Vec<usize>) = Default::default();
    for (_, list) in recipes {
        let mut these = Vec::with_capacity(list.len());
        for (at, param) in list.iter().take(MOST).enumerate() {
            // Most recipes of a folder have the same inputs in the same order, and most of the values.
            let like = before.get(at).filter(|other| is_same_input(other, param));
            let place = match like {
                Some(other) if other.text == param.text => places_before[at],
                Some(_) => values.place(values.all[places_before[at]].widget, param, params),
                None => match params.widget(&param.class, &param.input) {
                    Some(widget) => values.place(widget, param, params),
                    None => return Err(StoreError::Value(format!("input {}", param.input))),
                },
            };
            these.push(place);
        }
        (before, places_before) = (list, these.clone());
        places.push(these);
    }
    give_numbers(writing, params, &mut values).await?;
    let mut lists = Vec::with_capacity(recipes.len());
    let mut postings = Postings::default();
    for ((recipe, _), places) in recipes.iter().zip(places) {
        let mut ids = Vec::with_capacity(places.len());
        for place in places {
            let value = &mut values.all[place];
            if std::mem::replace(&mut value.met, *recipe) != *recipe {
                ids.extend(value.id);
            }
        }
        for id in &ids {
            postings.add(*id, saturated(*recipe));
        }
        lists.push((*recipe, json(&ids)?));
    }
    postings.write(writing).await?;
    Ok(lists)
}

fn is_same_input(one: &NewParam, other: &NewParam) -> bool {
    one.input == other.input && one.class == other.class
}

/// Looks up the numbers of values, and adds those that are not there.
async fn give_numbers(
    writing: &mut Writing<'_>,
    params: &mut Params,
    values: &mut Values<'_>,
) -> Result<()> {
    let mut new: Vec<&mut Value<'_>> =
        values.all.iter_mut().filter(|value| value.id.is_none()).collect();
    // In the order of the index, so that one page after another is written.
    new.sort_unstable_by_key(|value| (value.widget, value.text));
    for chunk in new.chunks_mut(AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new("WITH wanted (widget, text) AS (VALUES ");
        for (at, value) in chunk.iter().enumerate() {
            query.push(if at > 0 { ", (" } else { "(" });
            query.push_bind(value.widget).push(", ").push_bind(value.text).push(")");
        }
        // In this order: SQLite would go through all values, and look each up among those wanted.
        query.push(
            ") SELECT id, param.widget, param.text FROM wanted CROSS JOIN param
                ON param.widget = wanted.widget AND param.text = wanted.text",
        );
        for row in query.build().fetch_all(writing.read().await?).await? {
            params.learn(row.try_get("widget")?, row.try_get("text")?, row.try_get("id")?);
        }
        for value in chunk.iter_mut() {
            value.id = params.id(value.widget, value.text);
        }
        let mut missing = Vec::new();
        for value in chunk.iter_mut().filter(|value| value.id.is_none()) {
            params.newest += 1;
            value.id = Some(params.newest);
            params.learn(value.widget, value.text.to_owned(), params.newest);
            missing.push(&**value);
        }
        let insert = |rows: &[&Value<'_>]| {
            let mut query = QueryBuilder::new("INSERT INTO param (id, widget, text, num) ");
            query.push_values(rows, |mut row, value| {
                row.push_bind(value.id)
                    .push_bind(value.widget)
                    .push_bind(value.text)
                    .push_bind(value.num);
            });
            Ok(query)
        };
        writing.put_rows(&missing, insert).await?;
    }
    Ok(())
}

/// Sets the values of recipes that have none yet.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    params: &mut Params,
    recipes: &[(i64, &[NewParam])],
) -> Result<()> {
    let mut writing = Writing::new(connection);
    let lists = add(&mut writing, params, recipes).await?;
    let connection = writing.read().await?;
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

/// Deletes recipes that no asset has any more, with words that no recipe has any more. They are in order.
pub(super) async fn prune(connection: &mut SqliteConnection, recipes: &[i64]) -> Result<()> {
    let list = json_list(recipes);
    // A block of recipes at a time: all values of all of them may be millions.
    for recipes in recipes.chunk_by(|one, next| postings::is_same_block(*one, *next)) {
        let unused: Vec<(u32, i64)> = sqlx::query_as(
            "SELECT recipe.id, each.value FROM recipe, json_each(recipe.params) AS each
            WHERE recipe.id IN (SELECT value FROM json_each(?))
                AND NOT EXISTS (SELECT 1 FROM asset WHERE asset.recipe = recipe.id)",
        )
        .bind(json_list(recipes))
        .fetch_all(&mut *connection)
        .await?;
        let mut postings = Postings::default();
        for (recipe, param) in unused {
            postings.add(param, recipe);
        }
        postings.remove(&mut *connection).await?;
    }
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
        let mut params = Params::after(Newest::read(&mut tx).await?.param);
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
