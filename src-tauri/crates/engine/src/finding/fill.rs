//! Reading the library into the index, and following it.

use super::Finder;
use catalog::{
    AssetRow, CatalogError, Index, Marks, NameId, NameKind, Places, RecipeRow, TimeZone,
};
use domain::BatchId;
use std::collections::{HashMap, HashSet};
use store::{AssetChunk, NameRow, RecipeChunk, RecipeColumns, Store, StoreError};

/// Assets that are read again together.
const AT_ONCE: usize = 20_000;

/// What the index was read from, to read on from there.
#[derive(Default)]
pub struct Follower {
    revision: i64,
    /// Behind the last name and the last recipe that were read.
    next_name: u32,
    next_recipe: u32,
    names: HashMap<u32, NameId>,
    batches: HashMap<u32, BatchId>,
    tags: HashMap<u32, (NameId, String)>,
    collections: HashMap<u32, (NameId, String)>,
    /// What workflows are called.
    titles: HashMap<u32, String>,
}

/// Reads all of the library into a new index, which takes the place of the old one.
///
/// # Errors
/// When the database cannot be read.
pub async fn whole(store: &Store, finder: &Finder) -> Result<Follower, StoreError> {
    let mut index = Index::new(TimeZone::system());
    // What comes while this is read is read again by the first catching up: an asset may be there whose
    // recipe was not yet when recipes were read.
    let revision = store.changes(0).await?.revision;
    let mut follower = Follower { revision, ..Follower::default() };
    follower.read_names(store, &mut index).await?;
    follower.read_recipes(store, &mut index, || finder.readers()).await?;
    let mut refused = None;
    let add = |chunk: AssetChunk| {
        if let Err(error) = follower.add(&chunk, &mut index) {
            refused = Some(error);
        }
    };
    store.columns(0, || finder.readers(), add).await?;
    if let Some(error) = refused {
        return Err(StoreError::Value(error.to_string()));
    }
    // The gallery opens with these; what else is asked for first waits a moment.
    index.prepare(catalog::Sort::Newest);
    finder.replace(index);
    Ok(follower)
}

impl Follower {
    /// Reads what changed since the last time. Answers whether anything did.
    ///
    /// # Errors
    /// When the database cannot be read; the same is read again the next time.
    pub async fn catch_up(&mut self, store: &Store, finder: &Finder) -> Result<bool, StoreError> {
        let changes = store.changes(self.revision).await?;
        let mut chunks = Vec::new();
        for assets in changes.assets.chunks(AT_ONCE) {
            chunks.push((assets, store.columns_of(assets).await?));
        }
        // Behind the assets: what they refer to was there before them.
        let names = Names::read(store, self.next_name).await?;
        let mut recipes = Vec::new();
        let readers = || finder.readers();
        store.recipe_columns(self.next_recipe, readers, |chunk| recipes.extend(chunk)).await?;
        let renamed = self.take(&names, &recipes, &chunks, &mut finder.index_mut().index)?;
        self.revision = changes.revision;
        Ok(renamed || !changes.assets.is_empty())
    }

    /// Lets go of what tells the changes that were followed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget(&self, store: &Store) -> Result<(), StoreError> {
        store.forget_changes(self.revision).await
    }

    /// Puts what was read into the index. Answers whether something is called something else now.
    fn take(
        &mut self,
        names: &Names,
        recipes: &[RecipeColumns],
        chunks: &[(&[u32], AssetChunk)],
        index: &mut Index,
    ) -> Result<bool, StoreError> {
        let renamed = self.take_names(names, index);
        self.take_recipes(recipes, index)?;
        for (assets, chunk) in chunks {
            self.add(chunk, index).map_err(|error| StoreError::Value(error.to_string()))?;
            let there: HashSet<u32> = chunk.assets.iter().map(|asset| asset.seq).collect();
            index.remove(assets.iter().copied().filter(|seq| !there.contains(seq)));
        }
        Ok(renamed)
    }

    async fn read_names(&mut self, store: &Store, index: &mut Index) -> Result<(), StoreError> {
        let names = Names::read(store, self.next_name).await?;
        self.take_names(&names, index);
        Ok(())
    }

    async fn read_recipes(
        &mut self,
        store: &Store,
        index: &mut Index,
        readers: impl Fn() -> usize,
    ) -> Result<(), StoreError> {
        let from = self.next_recipe;
        let mut refused = Ok(());
        let take = |chunk: RecipeChunk| {
            if refused.is_ok() {
                refused = self.take_recipes(&chunk, index);
            }
        };
        store.recipe_columns(from, readers, take).await?;
        refused
    }

    /// Takes names over. Answers whether a tag, a collection or a workflow is called something else now.
    fn take_names(&mut self, names: &Names, index: &mut Index) -> bool {
        for row in &names.all {
            self.next_name = self.next_name.max(row.id + 1);
            let kind = match row.kind {
                store::NameKind::Model => NameKind::Model,
                store::NameKind::Lora => NameKind::Lora,
                store::NameKind::Sampler => NameKind::Sampler,
                store::NameKind::Scheduler => NameKind::Scheduler,
                store::NameKind::Structure => NameKind::Workflow,
                store::NameKind::Server => NameKind::Server,
                store::NameKind::Batch => {
                    if let Ok(batch) = row.name.parse() {
                        self.batches.insert(row.id, batch);
                    }
                    continue;
                }
            };
            let id = index.name_id(kind, &row.name);
            self.names.insert(row.id, id);
        }
        let mut renamed = false;
        for (structure, title) in &names.titles {
            // A workflow that made nothing has no name in the index yet.
            let Some(id) = self.names.get(structure) else { continue };
            if self.titles.get(structure) != Some(title) {
                index.rename(NameKind::Workflow, *id, title);
                self.titles.insert(*structure, title.clone());
                renamed = true;
            }
        }
        for (kind, known, now) in [
            (NameKind::Tag, &mut self.tags, &names.tags),
            (NameKind::Collection, &mut self.collections, &names.collections),
        ] {
            for (id, name) in now {
                match known.get_mut(id) {
                    None => {
                        known.insert(*id, (index.name_id(kind, name), name.clone()));
                    }
                    Some((called, old)) if old != name => {
                        index.rename(kind, *called, name);
                        old.clone_from(name);
                        renamed = true;
                    }
                    Some(_) => {}
                }
            }
        }
        renamed
    }

    fn take_recipes(
        &mut self,
        recipes: &[RecipeColumns],
        index: &mut Index,
    ) -> Result<(), StoreError> {
        for recipe in recipes {
            let name = |id: Option<u32>| id.and_then(|id| self.names.get(&id)).copied();
            let names = |ids: &[u32]| -> Vec<NameId> {
                ids.iter().filter_map(|id| self.names.get(id)).copied().collect()
            };
            let row = RecipeRow {
                id: recipe.id,
                text: recipe.text,
                models: &names(&recipe.models),
                loras: &names(&recipe.loras),
                workflow: name(recipe.structure),
                seed: recipe.seed,
                sampler: name(recipe.sampler),
                scheduler: name(recipe.scheduler),
                steps: recipe.steps,
                cfg: recipe.cfg,
                denoise: recipe.denoise,
                prompt: recipe.prompt,
                negative: recipe.negative,
                rerunnable: recipe.rerunnable,
                sources: recipe.sources,
            };
            index.add_recipe(&row).map_err(|error| StoreError::Value(error.to_string()))?;
            self.next_recipe = self.next_recipe.max(recipe.id + 1);
        }
        Ok(())
    }

    /// Puts the assets of a chunk into the index.
    fn add(&self, chunk: &AssetChunk, index: &mut Index) -> Result<(), CatalogError> {
        let tags = Labels::of(&chunk.tags, &self.tags);
        let collections = Labels::of(&chunk.collections, &self.collections);
        let (mut tags, mut collections) = (tags.reader(), collections.reader());
        index.add(chunk.assets.iter().map(|asset| {
            let names = asset.names.start as usize..asset.names.end as usize;
            AssetRow {
                seq: asset.seq,
                kind: kind(asset.kind),
                width: asset.width,
                height: asset.height,
                bytes: asset.bytes,
                created_at: asset.created_at,
                took_ms: asset.took_ms,
                practice: asset.practice,
                preview: asset.preview,
                server: asset.server.and_then(|id| self.names.get(&id)).copied(),
                job: asset.job,
                batch: asset.batch.and_then(|id| self.batches.get(&id)).copied(),
                recipe: asset.recipe,
                phash: asset.phash,
                names: chunk.names.get(names).unwrap_or_default(),
                places: Places { several: asset.several, away: asset.away, missing: asset.missing },
                marks: Marks {
                    rating: asset.marks.rating,
                    favourite: asset.marks.favourite,
                    flag: asset.marks.flag,
                    binned: asset.marks.binned_at.is_some(),
                },
                tags: tags.next(asset.seq),
                collections: collections.next(asset.seq),
            }
        }))
    }
}

/// Names that are new, and all tags, collections and titles of workflows.
struct Names {
    all: Vec<NameRow>,
    titles: Vec<(u32, String)>,
    tags: Vec<(u32, String)>,
    collections: Vec<(u32, String)>,
}

impl Names {
    async fn read(store: &Store, from: u32) -> Result<Self, StoreError> {
        let number = |id: i64| u32::try_from(id).ok();
        let known = |names: Vec<(i64, String)>| {
            names.into_iter().filter_map(|(id, name)| Some((number(id)?, name))).collect()
        };
        Ok(Self {
            all: store.names_from(from).await?,
            titles: store.structure_titles().await?,
            tags: known(store.tag_names().await?),
            collections: known(store.collection_names().await?),
        })
    }
}

/// Tags or collections of the assets of a chunk, by the index's names, ordered by asset.
struct Labels<'a> {
    pairs: &'a [(u32, u32)],
    names: Vec<NameId>,
    /// Where the names of each pair are: one that is not known any more has none.
    ends: Vec<usize>,
}

struct LabelReader<'a> {
    labels: &'a Labels<'a>,
    at: usize,
}

impl<'a> Labels<'a> {
    fn of(pairs: &'a [(u32, u32)], known: &HashMap<u32, (NameId, String)>) -> Self {
        let mut names = Vec::with_capacity(pairs.len());
        let ends = pairs
            .iter()
            .map(|(_, label)| {
                names.extend(known.get(label).map(|(id, _)| *id));
                names.len()
            })
            .collect();
        Self { pairs, names, ends }
    }

    fn reader(&'a self) -> LabelReader<'a> {
        LabelReader { labels: self, at: 0 }
    }
}

impl<'a> LabelReader<'a> {
    /// The labels of an asset. Assets come in order.
    fn next(&mut self, seq: u32) -> &'a [NameId] {
        let Labels { pairs, names, ends } = self.labels;
        let rest = &pairs[self.at..];
        let from = self.at + rest.partition_point(|(asset, _)| *asset < seq);
        let to = from + pairs[from..].partition_point(|(asset, _)| *asset == seq);
        self.at = to;
        let end = |at: usize| at.checked_sub(1).map_or(0, |before| ends[before]);
        &names[end(from)..end(to)]
    }
}

fn kind(kind: store::Kind) -> catalog::Kind {
    match kind {
        store::Kind::Picture => catalog::Kind::Picture,
        store::Kind::Video => catalog::Kind::Video,
        store::Kind::Audio => catalog::Kind::Audio,
        store::Kind::Model => catalog::Kind::Model,
        store::Kind::Text => catalog::Kind::Text,
        store::Kind::Other => catalog::Kind::Other,
    }
}
