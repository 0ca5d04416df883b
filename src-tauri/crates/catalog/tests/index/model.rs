//! A library that is asked by walking all of it, token by token, and the index made from it.

use crate::{
    DAY, NOW,
    rules::{bare, has_words, lower, name_holds, shape, size_holds, widget_holds},
};
use catalog::{
    ALIKE, AssetRow, Bits, Change, Column, Disk, FlagValue, Has, IdKey, Index, Is, Kind, Marks,
    NameId, NameKind, NameTest, NamedKey, Number, NumberKey, Places, Query, RecipeRow, Sort, Term,
    TextTest, TimeZone,
};
use domain::{BatchId, JobId};
use std::cmp::{Ordering, Reverse};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct Recipe {
    pub prompt: String,
    pub negative: String,
    pub models: Vec<String>,
    pub loras: Vec<String>,
    pub workflow: Option<String>,
    pub seed: Option<u64>,
    pub sampler: Option<String>,
    pub scheduler: Option<String>,
    pub steps: Option<u32>,
    pub cfg: Option<f64>,
    pub denoise: Option<f64>,
    pub rerunnable: bool,
    pub sources: bool,
}

#[derive(Clone, Debug)]
pub struct Asset {
    pub seq: u32,
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    pub created_at: i64,
    pub took_ms: Option<u32>,
    pub practice: bool,
    pub preview: bool,
    pub server: Option<String>,
    pub job: Option<JobId>,
    pub batch: Option<BatchId>,
    pub recipe: Option<usize>,
    pub phash: Option<u64>,
    pub names: String,
    pub places: Places,
    pub marks: Marks,
    pub tags: Vec<String>,
    pub collections: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Library {
    pub recipes: Vec<Recipe>,
    pub assets: Vec<Asset>,
}

/// An asset with nothing special about it.
pub fn asset(seq: u32) -> Asset {
    Asset {
        seq,
        kind: Kind::Picture,
        width: 1024,
        height: 1024,
        bytes: 1_000_000,
        created_at: NOW.ms - i64::from(seq) * DAY,
        took_ms: None,
        practice: false,
        preview: false,
        server: None,
        job: None,
        batch: None,
        recipe: None,
        phash: None,
        names: format!("ComfyUI_{seq:05}_.png"),
        places: Places::default(),
        marks: Marks::default(),
        tags: Vec::new(),
        collections: Vec::new(),
    }
}

pub fn recipe(prompt: &str, models: &[&str], loras: &[&str]) -> Recipe {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Recipe {
        prompt: prompt.to_owned(),
        negative: String::new(),
        models: owned(models),
        loras: owned(loras),
        workflow: None,
        seed: None,
        sampler: None,
        scheduler: None,
        steps: None,
        cfg: None,
        denoise: None,
        rerunnable: false,
        sources: false,
    }
}

pub fn job(number: u32) -> JobId {
    JobId(Uuid::from_u128(u128::from(number) << 96 | 1))
}

pub fn batch(number: u32) -> BatchId {
    BatchId(Uuid::from_u128(u128::from(number) << 96 | 2))
}

impl Asset {
    /// A preview that nobody marked or put anywhere.
    pub fn is_apart(&self) -> bool {
        let Marks { rating, favourite, flag, .. } = self.marks;
        let marked = rating > 0 || favourite || flag == 1;
        self.preview && !marked && self.tags.is_empty() && self.collections.is_empty()
    }
}

impl Library {
    pub fn index(&self) -> Index {
        self.index_in(NOW.zone)
    }

    pub fn index_in(&self, zone: TimeZone) -> Index {
        let mut index = Index::new(zone);
        for number in 0..self.recipes.len() {
            self.add_recipe(&mut index, number);
        }
        add(&mut index, &self.assets);
        index
    }

    fn add_recipe(&self, index: &mut Index, number: usize) {
        let recipe = &self.recipes[number];
        let models = ids(index, NameKind::Model, &recipe.models);
        let loras = ids(index, NameKind::Lora, &recipe.loras);
        let mut id =
            |kind, name: &Option<String>| name.as_ref().map(|name| index.name_id(kind, name));
        let row = RecipeRow {
            id: recipe_id(number),
            text: u32::try_from(number).unwrap(),
            models: &models,
            loras: &loras,
            workflow: id(NameKind::Workflow, &recipe.workflow),
            seed: recipe.seed,
            sampler: id(NameKind::Sampler, &recipe.sampler),
            scheduler: id(NameKind::Scheduler, &recipe.scheduler),
            steps: recipe.steps,
            cfg: recipe.cfg,
            denoise: recipe.denoise,
            prompt: !recipe.prompt.is_empty(),
            negative: !recipe.negative.is_empty(),
            rerunnable: recipe.rerunnable,
            sources: recipe.sources,
        };
        index.add_recipe(&row).unwrap();
    }

    /// What the store would answer.
    pub fn disk(&self, query: &Query) -> Disk {
        let mut disk = Disk::new();
        let terms = query.disk_terms();
        for term in terms.texts {
            let mut texts = Bits::with_capacity(self.recipes.len());
            let has = |recipe: &Recipe| has_words(recipe, term.column, &term.words, term.beginning);
            texts.extend((0..self.recipes.len()).filter(|text| has(&self.recipes[*text])));
            disk.set_texts(term, texts);
        }
        for term in terms.widgets {
            let mut recipes = Bits::with_capacity(2 * self.recipes.len() + 2);
            let class = term.class.as_deref().is_none_or(|class| class == "KSampler");
            let input = term.input.as_deref().is_none_or(|input| input == "steps");
            let has = |recipe: &Recipe| class && input && widget_holds(recipe, &term.test);
            let found = (0..self.recipes.len()).filter(|number| has(&self.recipes[*number]));
            recipes.extend(found.map(|number| recipe_id(number) as usize));
            disk.set_recipes(term, recipes);
        }
        disk
    }

    /// The keys of what matches, by walking everything.
    pub fn matching(&self, query: &Query) -> Vec<u32> {
        let binned = query.terms().any(|(negated, term)| {
            !negated && matches!(term, Term::Is { any } if any.contains(&Is::Binned))
        });
        let previews = query.terms().any(|(negated, term)| match term {
            Term::Is { any } => {
                !negated && (any.contains(&Is::Preview) || any.contains(&Is::Binned))
            }
            Term::Id { .. } => !negated,
            _ => false,
        });
        let matching = self.assets.iter().filter(|asset| {
            (binned || !asset.marks.binned)
                && (previews || !asset.is_apart())
                && query.terms().all(|(negated, term)| self.holds(asset, term) != negated)
        });
        matching.map(|asset| asset.seq).collect()
    }

    fn holds(&self, asset: &Asset, term: &Term) -> bool {
        let recipe = asset.recipe.map(|number| &self.recipes[number]);
        let of_recipe = |holds: &dyn Fn(&Recipe) -> bool| recipe.is_some_and(holds);
        match term {
            Term::Word { text, beginning } => self.has_word(asset, text, *beginning),
            Term::Phrase { text, open } => self.has_word(asset, text, *open),
            Term::Named { key, any } => {
                let names = self.names(asset, *key);
                any.iter().any(|test| names.iter().any(|name| name_holds(test, name)))
            }
            Term::Called { any } => any.iter().any(|test| match test {
                NameTest::Like(text) => lower(&asset.names).contains(&lower(text)),
                NameTest::Is(text) => asset.names.lines().any(|line| {
                    let bare = line.rsplit_once('.').map_or(line, |(bare, _)| bare);
                    lower(line) == lower(text) || lower(bare) == lower(text)
                }),
            }),
            Term::Id { key, any } => {
                let id = match key {
                    IdKey::Job => asset.job.map(|job| job.0),
                    IdKey::Batch => asset.batch.map(|batch| batch.0),
                };
                let id = id.map(|id| id.simple().to_string());
                id.is_some_and(|id| any.iter().any(|beginning| id.starts_with(beginning)))
            }
            Term::Text { column, any } => of_recipe(&|recipe| {
                any.iter().any(|test| match test {
                    TextTest::Beginning(words) => has_words(recipe, *column, words, true),
                    TextTest::Phrase(words) => has_words(recipe, *column, words, false),
                })
            }),
            Term::Number { key, any } => {
                let number = match key {
                    NumberKey::Rating => Some(f64::from(asset.marks.rating)),
                    NumberKey::Steps => recipe.and_then(|recipe| recipe.steps).map(f64::from),
                    NumberKey::Cfg => recipe.and_then(|recipe| recipe.cfg),
                    NumberKey::Denoise => recipe.and_then(|recipe| recipe.denoise),
                };
                let number = number.and_then(Number::new);
                number.is_some_and(|number| any.iter().any(|test| test.holds(&number)))
            }
            Term::Seed { any } => of_recipe(&|recipe| {
                recipe.seed.is_some_and(|seed| any.iter().any(|test| test.holds(&seed)))
            }),
            Term::Size { any } => any.iter().any(|test| size_holds(asset, test)),
            Term::Took { any } => asset
                .took_ms
                .is_some_and(|took| any.iter().any(|test| test.holds_for(u64::from(took)))),
            Term::Date { any } => any.iter().any(|test| test.holds_at(asset.created_at)),
            Term::Shape { any } => shape(asset).is_some_and(|shape| any.contains(&shape)),
            Term::Kind { any } => any.contains(&asset.kind),
            Term::Has { any } => any.iter().any(|has| self.has(asset, *has)),
            Term::Is { any } => any.iter().any(|is| self.is(asset, *is)),
            Term::Flag { any } => any.contains(&match asset.marks.flag {
                1 => FlagValue::Pick,
                -1 => FlagValue::Reject,
                _ => FlagValue::None,
            }),
            Term::Alike { any } => any.iter().any(|seq| {
                let other = self.assets.iter().find(|other| other.seq == *seq);
                let bits = other.and_then(|other| Some(other.phash? ^ asset.phash?));
                asset.seq == *seq || bits.is_some_and(|bits| bits.count_ones() <= ALIKE)
            }),
            Term::SamePrompt { any } => any.iter().any(|seq| {
                // Each recipe of the model has words of its own.
                let other = self.assets.iter().find(|other| other.seq == *seq);
                other.is_some_and(|other| other.recipe.is_some() && other.recipe == asset.recipe)
            }),
            Term::Favourite(is) => asset.marks.favourite == *is,
            Term::Widget { class, input, any } => {
                class.as_deref().is_none_or(|class| class == "KSampler")
                    && input.as_deref().is_none_or(|input| input == "steps")
                    && of_recipe(&|recipe| any.iter().any(|test| widget_holds(recipe, test)))
            }
        }
    }

    fn has_word(&self, asset: &Asset, text: &str, beginning: bool) -> bool {
        let recipe = asset.recipe.map(|number| &self.recipes[number]);
        let in_recipe = recipe.is_some_and(|recipe| {
            let mut models = recipe.models.iter().chain(&recipe.loras);
            has_words(recipe, Column::Any, text, beginning)
                || (bare(text).len() >= 3 && models.any(|name| bare(name).contains(&bare(text))))
        });
        let mut names = asset.tags.iter().chain([&asset.names]);
        in_recipe || names.any(|name| lower(name).contains(&lower(text)))
    }

    pub fn names(&self, asset: &Asset, key: NamedKey) -> Vec<String> {
        let recipe = asset.recipe.map(|number| &self.recipes[number]);
        let one = |name: Option<&Option<String>>| name.cloned().flatten().into_iter().collect();
        match key {
            NamedKey::Model => recipe.map(|recipe| recipe.models.clone()).unwrap_or_default(),
            NamedKey::Lora => recipe.map(|recipe| recipe.loras.clone()).unwrap_or_default(),
            NamedKey::Tag => asset.tags.clone(),
            NamedKey::Collection => asset.collections.clone(),
            NamedKey::Server => asset.server.clone().into_iter().collect(),
            NamedKey::Workflow => one(recipe.map(|recipe| &recipe.workflow)),
            NamedKey::Sampler => one(recipe.map(|recipe| &recipe.sampler)),
            NamedKey::Scheduler => one(recipe.map(|recipe| &recipe.scheduler)),
        }
    }

    fn has(&self, asset: &Asset, has: Has) -> bool {
        let recipe = asset.recipe.map(|number| &self.recipes[number]);
        let of_recipe = |holds: &dyn Fn(&Recipe) -> bool| recipe.is_some_and(holds);
        match has {
            Has::Video => asset.kind == Kind::Video,
            Has::Audio => asset.kind == Kind::Audio,
            Has::Lora => of_recipe(&|recipe| !recipe.loras.is_empty()),
            Has::Model => of_recipe(&|recipe| !recipe.models.is_empty()),
            Has::Workflow => of_recipe(&|recipe| recipe.rerunnable),
            Has::Prompt => of_recipe(&|recipe| !recipe.prompt.is_empty()),
            Has::Negative => of_recipe(&|recipe| !recipe.negative.is_empty()),
            Has::Seed => of_recipe(&|recipe| recipe.seed.is_some()),
            Has::Source => of_recipe(&|recipe| recipe.sources),
            Has::Tags => !asset.tags.is_empty(),
            Has::Rating => asset.marks.rating > 0,
            Has::Batch => asset.batch.is_some(),
        }
    }

    fn is(&self, asset: &Asset, is: Is) -> bool {
        match is {
            Is::Favourite => asset.marks.favourite,
            Is::Picked => asset.marks.flag == 1,
            Is::Rejected => asset.marks.flag == -1,
            Is::Unrated => asset.marks.rating == 0,
            Is::Untagged => asset.tags.is_empty(),
            Is::Binned => asset.marks.binned,
            Is::Practice => asset.practice,
            Is::Preview => asset.preview,
            Is::Imported => asset.job.is_none(),
            Is::Away => asset.places.away,
            Is::Missing => asset.places.missing,
            Is::Duplicate => asset.places.several,
        }
    }

    /// Keys in order. Not for chance.
    pub fn ordered(&self, seqs: &[u32], sort: Sort) -> Vec<u32> {
        let mut assets: Vec<&Asset> =
            self.assets.iter().filter(|asset| seqs.contains(&asset.seq)).collect();
        assets.sort_by_key(|asset| Reverse((asset.created_at, asset.seq)));
        match sort {
            Sort::Newest | Sort::Random(_) => {}
            Sort::Oldest => assets.reverse(),
            Sort::Rating => assets.sort_by_key(|asset| Reverse(asset.marks.rating)),
            Sort::Name => {
                let name = |asset: &Asset| {
                    lower(asset.names.lines().next().unwrap_or_default()).replace('ä', "a")
                };
                assets.sort_by(|a, b| as_people_count(&name(a), &name(b)));
            }
            Sort::Bytes => assets.sort_by_key(|asset| Reverse(asset.bytes)),
            Sort::Pixels => assets
                .sort_by_key(|asset| Reverse(u64::from(asset.width) * u64::from(asset.height))),
            Sort::Took => {
                assets.sort_by_key(|asset| {
                    asset.took_ms.map_or((1, Reverse(0)), |took| (0, Reverse(took)))
                });
            }
        }
        assets.iter().map(|asset| asset.seq).collect()
    }

    pub fn by_seq(&self, seq: u32) -> &Asset {
        self.assets.iter().find(|asset| asset.seq == seq).unwrap()
    }

    pub fn put(&mut self, asset: Asset) {
        self.assets.retain(|other| other.seq != asset.seq);
        self.assets.push(asset);
    }
}

/// Compares names sign by sign, and numbers in them by their value; zeros in front come last of all.
fn as_people_count(a: &str, b: &str) -> Ordering {
    let number = |text: &str| -> usize { text.bytes().take_while(u8::is_ascii_digit).count() };
    let zeros = |text: &str| -> Vec<usize> {
        let numbers = text.split(|sign: char| !sign.is_ascii_digit()).filter(|run| !run.is_empty());
        numbers.map(|run| run.len() - run.trim_start_matches('0').len().max(1)).collect()
    };
    let (mut left, mut right) = (a, b);
    while let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) {
        let (mut x, mut y) = (u128::from(u32::from(x)), u128::from(u32::from(y)));
        let mut steps = (
            left.chars().next().map_or(0, char::len_utf8),
            right.chars().next().map_or(0, char::len_utf8),
        );
        if number(left) > 0 && number(right) > 0 {
            steps = (number(left), number(right));
            (x, y) = (left[..steps.0].parse().unwrap(), right[..steps.1].parse().unwrap());
        }
        if x != y {
            return x.cmp(&y);
        }
        (left, right) = (&left[steps.0..], &right[steps.1..]);
    }
    left.len().cmp(&right.len()).then_with(|| zeros(a).cmp(&zeros(b)))
}

/// Ids of recipes are not those of their texts, and there are gaps.
fn recipe_id(number: usize) -> u32 {
    u32::try_from(2 * number + 1).unwrap()
}

fn ids(index: &mut Index, kind: NameKind, names: &[String]) -> Vec<NameId> {
    names.iter().map(|name| index.name_id(kind, name)).collect()
}

/// Adds assets to an index, or replaces them.
pub fn add(index: &mut Index, assets: &[Asset]) {
    let names: Vec<(Option<NameId>, Vec<NameId>, Vec<NameId>)> = assets
        .iter()
        .map(|asset| {
            let server = asset.server.as_ref().map(|name| index.name_id(NameKind::Server, name));
            let tags = ids(index, NameKind::Tag, &asset.tags);
            (server, tags, ids(index, NameKind::Collection, &asset.collections))
        })
        .collect();
    let rows = assets.iter().zip(&names).map(|(asset, (server, tags, collections))| AssetRow {
        seq: asset.seq,
        kind: asset.kind,
        width: asset.width,
        height: asset.height,
        bytes: asset.bytes,
        created_at: asset.created_at,
        took_ms: asset.took_ms,
        practice: asset.practice,
        preview: asset.preview,
        server: *server,
        job: asset.job,
        batch: asset.batch,
        recipe: asset.recipe.map(recipe_id),
        phash: asset.phash,
        names: &asset.names,
        places: asset.places,
        marks: asset.marks,
        tags,
        collections,
    });
    index.add(rows).unwrap();
}

/// Tells an index what can change of an asset.
pub fn change(index: &mut Index, assets: &[Asset]) {
    let labels: Vec<(Vec<NameId>, Vec<NameId>)> = assets
        .iter()
        .map(|asset| {
            let tags = ids(index, NameKind::Tag, &asset.tags);
            (tags, ids(index, NameKind::Collection, &asset.collections))
        })
        .collect();
    let changes = assets.iter().zip(&labels).map(|(asset, (tags, collections))| {
        let change = Change {
            marks: Some(asset.marks),
            tags: Some(tags),
            collections: Some(collections),
            names: Some(&asset.names),
            places: Some(asset.places),
            phash: asset.phash,
        };
        (asset.seq, change)
    });
    index.change(changes).unwrap();
}

/// The keys of what an index finds, in no order.
pub fn found(index: &Index, library: &Library, text: &str) -> Vec<u32> {
    let query = Query::parse(text, &NOW);
    let matches = index.search(&query, &library.disk(&query));
    let rows = matches.rows.ones().map(|row| u32::try_from(row).unwrap());
    let mut seqs: Vec<u32> = rows.map(|row| index.seq(row)).collect();
    seqs.sort_unstable();
    seqs
}
