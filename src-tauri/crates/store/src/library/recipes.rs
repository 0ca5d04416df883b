//! Recipes and their words, added many at once.

use super::{
    NewRecipe, Newest,
    intern::{Interned, NameOf},
    json_list,
    params::{self, Params},
    unspaced::spaced,
    writing::Writing,
};
use crate::{Result, rows::json};
use domain::PictureFacts;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// What a recipe has, as bits of `recipe.has`.
pub(super) const HAS_PROMPT: i64 = 1;
pub(super) const HAS_NEGATIVE: i64 = 2;
pub(super) const HAS_SOURCES: i64 = 4;
pub(super) const HAS_WORKFLOW: i64 = 8;

/// Bytes of a digest of words that are kept: enough that no two texts ever share them.
const DIGEST: usize = 16;
/// A word never goes on from one part of the words to the next.
const PART: &[u8] = &[0];

/// What tells the words of recipes apart.
pub fn text_digest(facts: &PictureFacts) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    for text in [&facts.prompt, &facts.negative] {
        hasher.update(text.as_deref().unwrap_or_default().as_bytes()).update(PART);
    }
    for model in facts.all_models() {
        hasher.update(model.as_bytes()).update(PART);
    }
    hasher.update(PART);
    for lora in &facts.loras {
        hasher.update(lora.name.as_bytes()).update(PART);
    }
    hasher.finalize().as_bytes()[..DIGEST].to_vec()
}

/// Numbers of recipes and texts while rows are added.
#[derive(Default)]
pub(super) struct Recipes {
    known: HashMap<String, i64>,
    texts: HashMap<Vec<u8>, i64>,
    newest_recipe: i64,
    newest_text: i64,
    params: Params,
}

impl Recipes {
    /// Counts on from the numbers that were given last.
    pub(super) fn after(newest: Newest) -> Self {
        Self {
            newest_recipe: newest.recipe,
            newest_text: newest.text,
            params: Params::after(newest.param),
            ..Self::default()
        }
    }

    /// The number of a recipe that was put.
    pub(super) fn id(&self, recipe: &NewRecipe) -> Option<i64> {
        self.known.get(&recipe.digest).copied()
    }

    /// Adds those recipes that are not there.
    pub(super) async fn put(
        &mut self,
        writing: &mut Writing<'_>,
        interned: &mut Interned,
        recipes: &[&NewRecipe],
    ) -> Result<()> {
        let mut wanted: Vec<&NewRecipe> = Vec::new();
        let mut met = std::collections::HashSet::new();
        for recipe in recipes {
            if !self.known.contains_key(&recipe.digest) && met.insert(&recipe.digest) {
                wanted.push(recipe);
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT id, digest FROM recipe WHERE digest IN (");
        let mut separated = query.separated(", ");
        for recipe in &wanted {
            separated.push_bind(&recipe.digest);
        }
        query.push(")");
        for row in query.build().fetch_all(writing.read().await?).await? {
            self.known.insert(row.try_get("digest")?, row.try_get("id")?);
        }
        wanted.retain(|recipe| !self.known.contains_key(&recipe.digest));
        if wanted.is_empty() {
            return Ok(());
        }
        let texts = self.put_texts(writing, &wanted).await?;
        self.insert(writing, interned, &wanted, &texts).await
    }

    /// Adds the words that are not there. Answers with the number of each recipe's.
    async fn put_texts(
        &mut self,
        writing: &mut Writing<'_>,
        recipes: &[&NewRecipe],
    ) -> Result<Vec<i64>> {
        let digests: Vec<Vec<u8>> =
            recipes.iter().map(|recipe| text_digest(&recipe.facts)).collect();
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT id, digest FROM text WHERE digest IN (");
        let mut separated = query.separated(", ");
        for digest in digests.iter().filter(|digest| !self.texts.contains_key(*digest)) {
            separated.push_bind(digest.as_slice());
        }
        query.push(")");
        for row in query.build().fetch_all(writing.read().await?).await? {
            self.texts.insert(row.try_get("digest")?, row.try_get("id")?);
        }
        let mut new = Vec::new();
        for (recipe, digest) in recipes.iter().zip(&digests) {
            if !self.texts.contains_key(digest) {
                self.newest_text += 1;
                self.texts.insert(digest.clone(), self.newest_text);
                new.push((self.newest_text, digest, &recipe.facts));
            }
        }
        if !new.is_empty() {
            let texts = |rows: &[(i64, &Vec<u8>, &PictureFacts)]| {
                let mut query = QueryBuilder::new("INSERT INTO text (id, digest) ");
                query.push_values(rows, |mut row, (id, digest, _)| {
                    row.push_bind(id).push_bind(digest.as_slice());
                });
                Ok(query)
            };
            writing.put_rows(&new, texts).await?;
            let words: Vec<(i64, &PictureFacts)> =
                new.iter().map(|(id, _, facts)| (*id, *facts)).collect();
            writing.put_rows(&words, |words| Ok(words_of(words))).await?;
        }
        Ok(digests.iter().map(|digest| self.texts[digest]).collect())
    }

    async fn insert(
        &mut self,
        writing: &mut Writing<'_>,
        interned: &mut Interned,
        recipes: &[&NewRecipe],
        texts: &[i64],
    ) -> Result<()> {
        interned.meet(writing, recipes.iter().flat_map(|recipe| names_of(recipe))).await?;
        let mut values = Vec::with_capacity(recipes.len());
        let mut read = Vec::new();
        for (recipe, text) in recipes.iter().zip(texts) {
            self.newest_recipe += 1;
            let id = self.newest_recipe;
            self.known.insert(recipe.digest.clone(), id);
            if let Some(params) = &recipe.params {
                read.push((id, params.as_slice()));
            }
            let named = Named::of(writing, interned, recipe).await?;
            values.push(NewRow { id, recipe, text: *text, named, params: None });
        }
        let lists = params::add(writing, &mut self.params, &read).await?;
        let mut lists: HashMap<i64, String> = lists.into_iter().collect();
        for row in &mut values {
            row.params = lists.remove(&row.id);
        }
        writing.put_rows(&values, insert).await
    }
}

/// A recipe, and the numbers of what it names.
struct NewRow<'a> {
    id: i64,
    recipe: &'a NewRecipe,
    text: i64,
    named: Named,
    params: Option<String>,
}

fn insert(rows: &[NewRow<'_>]) -> Result<QueryBuilder<Sqlite>> {
    let facts: Vec<String> =
        rows.iter().map(|row| json(&row.recipe.facts)).collect::<Result<_>>()?;
    let mut query = QueryBuilder::new(
        "INSERT INTO recipe (id, digest, text, structure, workflow, seed, sampler, scheduler,
            steps, cfg, denoise, models, loras, has, facts, params) ",
    );
    query.push_values(rows.iter().zip(facts), |mut row, (new, facts)| {
        let NewRow { id, recipe, text, named, params } = new;
        row.push_bind(id)
            .push_bind(&recipe.digest)
            .push_bind(text)
            .push_bind(named.structure)
            .push_bind(recipe.workflow.as_ref().map(|hash| &hash.0))
            .push_bind(&recipe.facts.seed)
            .push_bind(named.sampler)
            .push_bind(named.scheduler)
            .push_bind(recipe.facts.steps)
            .push_bind(number(recipe.facts.cfg.as_deref()))
            .push_bind(number(recipe.facts.denoise.as_deref()))
            .push_bind(&named.models)
            .push_bind(&named.loras)
            .push_bind(has(recipe))
            .push_bind(facts)
            .push_bind(params);
    });
    Ok(query)
}

/// The names in a recipe, and what each is of.
fn names_of(recipe: &NewRecipe) -> impl Iterator<Item = (NameOf, &str)> {
    let facts = &recipe.facts;
    let single = [
        ("structure", recipe.structure.as_deref()),
        ("sampler", facts.sampler.as_deref()),
        ("scheduler", facts.scheduler.as_deref()),
    ];
    let single = single.into_iter().filter_map(|(of, name)| Some((of, name?)));
    let models = facts.all_models().map(|model| ("model", model));
    let loras = facts.loras.iter().map(|lora| ("lora", lora.name.as_str()));
    single.chain(models).chain(loras)
}

/// The names in a recipe, by their numbers.
struct Named {
    structure: Option<i64>,
    sampler: Option<i64>,
    scheduler: Option<i64>,
    models: String,
    loras: String,
}

impl Named {
    async fn of(
        writing: &mut Writing<'_>,
        interned: &mut Interned,
        recipe: &NewRecipe,
    ) -> Result<Self> {
        let facts = &recipe.facts;
        let structure =
            interned.maybe_name(writing, "structure", recipe.structure.as_deref()).await?;
        let sampler = interned.maybe_name(writing, "sampler", facts.sampler.as_deref()).await?;
        let scheduler =
            interned.maybe_name(writing, "scheduler", facts.scheduler.as_deref()).await?;
        let (mut models, mut loras) = (Vec::new(), Vec::new());
        for model in facts.all_models() {
            let id = interned.name(writing, "model", model).await?;
            if !models.contains(&id) {
                models.push(id);
                interned.used(id);
            }
        }
        for lora in &facts.loras {
            let id = interned.name(writing, "lora", &lora.name).await?;
            if !loras.contains(&id) {
                loras.push(id);
                interned.used(id);
            }
        }
        let (models, loras) = (json_list(models), json_list(loras));
        Ok(Self { structure, sampler, scheduler, models, loras })
    }
}

/// Puts the words of texts where they are searched.
pub(super) async fn put_words(
    connection: &mut SqliteConnection,
    texts: &[(i64, &PictureFacts)],
) -> Result<()> {
    words_of(texts).build().execute(connection).await?;
    Ok(())
}

fn words_of(texts: &[(i64, &PictureFacts)]) -> QueryBuilder<Sqlite> {
    let mut query =
        QueryBuilder::<Sqlite>::new("INSERT INTO words (rowid, prompt, negative, models, loras) ");
    query.push_values(texts, |mut row, (id, facts)| {
        let loras: Vec<&str> = facts.loras.iter().map(|lora| lora.name.as_str()).collect();
        let models: Vec<&str> = facts.all_models().collect();
        row.push_bind(id)
            .push_bind(spaced(facts.prompt.as_deref().unwrap_or_default()))
            .push_bind(spaced(facts.negative.as_deref().unwrap_or_default()))
            .push_bind(spaced(&models.join(" ")))
            .push_bind(spaced(&loras.join(" ")));
    });
    query
}

/// A number of the facts, if it is one that compares.
fn number(text: Option<&str>) -> Option<f64> {
    text?.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn has(recipe: &NewRecipe) -> i64 {
    let some = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let mut has = 0;
    for (bit, is) in [
        (HAS_PROMPT, some(&recipe.facts.prompt)),
        (HAS_NEGATIVE, some(&recipe.facts.negative)),
        (HAS_SOURCES, recipe.sources),
        (HAS_WORKFLOW, recipe.rerunnable),
    ] {
        if is {
            has |= bit;
        }
    }
    has
}
