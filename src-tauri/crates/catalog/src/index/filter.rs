//! The rows that a term matches.

use super::{
    Index,
    bits::{inverted, places, places_of_both},
    disk::Disk,
    recipes::{NONE, single_of},
    row::{Bits, NameKind},
    similar::ALIKE,
    traits::{TRAITS, Traits},
};
use crate::{
    query::{
        Column, FlagValue, Has, IdKey, Is, Kind, Measure, NameTest, NamedKey, Number, NumberKey,
        SizeValue, Term, Test, TextTerm, TextTest, WidgetTerm, WidgetTest,
    },
    text::{folded, squeezed},
};

/// Letters of a word that is looked for in names of models without regard to what stands between.
const MIN_SQUEEZED: usize = 3;
/// Hexadecimal digits of an id.
const ID_DIGITS: usize = 32;

/// Answers term by term.
pub(crate) struct Filter<'a> {
    pub index: &'a Index,
    pub disk: &'a Disk,
    /// Whether a name that is nowhere stands for the nearest one. What is left out must not be guessed.
    pub guesses: bool,
}

impl Filter<'_> {
    /// The rows that a term matches, here or gone.
    pub fn rows(&self, term: &Term) -> Bits {
        let (index, assets) = (self.index, &self.index.assets);
        match term {
            Term::Word { text, .. } | Term::Phrase { text, .. } => self.words(term, text),
            Term::Named { key, any } => self.named(*key, any),
            Term::Called { any } => self.called(any),
            Term::Id { key, any } => self.ids(*key, any),
            Term::Text { column, any } => self.texts(*column, any),
            Term::Number { key: NumberKey::Rating, any } => self.traits(|traits| {
                let rating = Number::new(f64::from(traits.rating()));
                rating.is_some_and(|rating| any.iter().any(|test| test.holds(&rating)))
            }),
            Term::Number { key, any } => self.numbers(*key, any),
            Term::Seed { any } => {
                let recipes = &self.index.recipes;
                let mut found =
                    places(&recipes.seed, |seed| any.iter().any(|test| test.holds(&seed)));
                found.intersect_with(&recipes.seeded);
                self.of_recipes(&found)
            }
            Term::Size { any } => self.sizes(any),
            Term::Took { any } => places(&assets.took, |took| {
                took != NONE && any.iter().any(|test| test.holds_for(u64::from(took)))
            }),
            Term::Date { any } => {
                let bounds: Vec<(i64, i64)> = any.iter().map(Test::bounds).collect();
                places(&assets.created, |made| {
                    bounds.iter().any(|(from, until)| made >= *from && made < *until)
                })
            }
            Term::Shape { any } => {
                self.traits(|traits| traits.shape().is_some_and(|shape| any.contains(&shape)))
            }
            Term::Kind { any } => self.traits(|traits| any.contains(&traits.kind())),
            Term::Has { any } => self.union(any, |has| self.has(*has)),
            Term::Is { any } => self.union(any, |is| self.is(*is)),
            Term::Flag { any } => self.traits(|traits| any.contains(&traits.flag())),
            Term::Favourite(is) => self.traits(|traits| traits.favourite() == *is),
            Term::Alike { any } => self.union(any, |seq| match index.row(*seq) {
                Some(row) => index.alike(row, ALIKE),
                None => Bits::new(),
            }),
            Term::SamePrompt { any } => self.union(any, |seq| match index.row(*seq) {
                Some(row) => index.same_prompt(row),
                None => Bits::new(),
            }),
            Term::Widget { class, input, any } => {
                self.widgets(class.as_deref(), input.as_deref(), any)
            }
        }
    }

    fn length(&self) -> usize {
        self.index.assets.len()
    }

    fn union<T>(&self, any: &[T], rows: impl Fn(&T) -> Bits) -> Bits {
        let mut all = Bits::with_capacity(self.length());
        for one in any {
            all.union_with(&rows(one));
        }
        all
    }

    /// The rows that were made by some recipes.
    fn of_recipes(&self, recipes: &Bits) -> Bits {
        if recipes.is_clear() {
            return Bits::with_capacity(self.length());
        }
        places(&self.index.assets.recipe, |recipe| recipes.contains(recipe as usize))
    }

    fn traits(&self, passes: impl Fn(Traits) -> bool) -> Bits {
        let mut table = [false; TRAITS];
        for (traits, passing) in (0..).zip(&mut table) {
            *passing = passes(Traits(traits));
        }
        places(&self.index.assets.traits, |traits| table[usize::from(traits.0) % TRAITS])
    }

    /// A word or a phrase is in the recipe's words, a name or a tag. A word that is nowhere is taken
    /// for the model or tag that was probably meant.
    fn words(&self, term: &Term, text: &str) -> Bits {
        let index = self.index;
        let mut recipes = match TextTerm::of_words(term) {
            Some(term) => self.with_text(&term),
            None => Bits::new(),
        };
        let part = folded(text);
        if squeezed(&part).chars().count() >= MIN_SQUEEZED {
            for kind in [NameKind::Model, NameKind::Lora] {
                let names = index.names(kind).containing(text);
                recipes.union_with(&self.recipes_of(kind, &names));
            }
        }
        let mut found = self.of_recipes(&recipes);
        found.union_with(&index.assets.names.containing(&part));
        let tags = index.names(NameKind::Tag).with_part(&part);
        found.union_with(&index.assets.tags.with_any(&tags, self.length()));
        if found.is_clear() && self.guesses { self.probably(text) } else { found }
    }

    fn probably(&self, text: &str) -> Bits {
        let mut found = Bits::with_capacity(self.length());
        for kind in [NameKind::Model, NameKind::Lora, NameKind::Tag] {
            let names = self.index.names(kind).nearest(text);
            found.union_with(&self.of_names(kind, &names));
        }
        found
    }

    /// Recipes with one of these texts.
    fn with_text(&self, term: &TextTerm) -> Bits {
        let Some(texts) = self.disk.texts(term).filter(|texts| !texts.is_clear()) else {
            return Bits::new();
        };
        places(&self.index.recipes.text, |text| texts.contains(text as usize))
    }

    fn texts(&self, column: Column, any: &[TextTest]) -> Bits {
        let mut recipes = Bits::new();
        for term in any.iter().filter_map(|test| TextTerm::of_test(column, test)) {
            recipes.union_with(&self.with_text(&term));
        }
        self.of_recipes(&recipes)
    }

    fn widgets(&self, class: Option<&str>, input: Option<&str>, any: &[WidgetTest]) -> Bits {
        let mut recipes = Bits::new();
        for test in any {
            let term = WidgetTerm {
                class: class.map(str::to_owned),
                input: input.map(str::to_owned),
                test: test.clone(),
            };
            if let Some(found) = self.disk.recipes(&term) {
                recipes.union_with(found);
            }
        }
        self.of_recipes(&recipes)
    }

    fn named(&self, key: NamedKey, any: &[NameTest]) -> Bits {
        let kind = NameKind::of(key);
        self.of_names(kind, &self.index.names(kind).passing(any, self.guesses))
    }

    /// Rows with one of these names.
    pub fn of_names(&self, kind: NameKind, names: &Bits) -> Bits {
        let assets = &self.index.assets;
        match kind {
            NameKind::Tag => assets.tags.with_any(names, self.length()),
            NameKind::Collection => assets.collections.with_any(names, self.length()),
            NameKind::Server => places(&assets.server, |server| names.contains(server as usize)),
            _ => self.of_recipes(&self.recipes_of(kind, names)),
        }
    }

    fn recipes_of(&self, kind: NameKind, names: &Bits) -> Bits {
        let recipes = &self.index.recipes;
        if names.is_clear() {
            return Bits::new();
        }
        let lists = match kind {
            NameKind::Model => &recipes.models,
            NameKind::Lora => &recipes.loras,
            _ => {
                let column = match kind {
                    NameKind::Workflow => &recipes.workflow,
                    NameKind::Sampler => &recipes.sampler,
                    _ => &recipes.scheduler,
                };
                return places(column, |name| names.contains(name as usize));
            }
        };
        lists.with_any(names)
    }

    fn called(&self, any: &[NameTest]) -> Bits {
        let names = &self.index.assets.names;
        self.union(any, |test| match test {
            NameTest::Like(text) => names.containing(&folded(text)),
            NameTest::Is(text) => names.called(&folded(text)),
        })
    }

    fn ids(&self, key: IdKey, any: &[String]) -> Bits {
        let beginnings: Vec<(u128, u128)> = any.iter().filter_map(|id| beginning(id)).collect();
        let begins = |id: u128| beginnings.iter().any(|(bits, mask)| id & mask == *bits);
        let assets = &self.index.assets;
        match key {
            IdKey::Job => places(&assets.job, |job| !job.0.is_nil() && begins(job.0.as_u128())),
            IdKey::Batch => {
                let batches = places(assets.batch_ids(), |batch| begins(batch.0.as_u128()));
                places(&assets.batch, |batch| batches.contains(batch as usize))
            }
        }
    }

    fn numbers(&self, key: NumberKey, any: &[Test<Number>]) -> Bits {
        let recipes = &self.index.recipes;
        let found = match key {
            NumberKey::Steps => places(&recipes.steps, |steps| {
                let number = Number::new(f64::from(steps));
                steps != NONE
                    && number.is_some_and(|number| any.iter().any(|test| test.holds(&number)))
            }),
            _ => {
                let any: Vec<Test<f32>> = any.iter().map(|test| test.map(single_of)).collect();
                let column = if key == NumberKey::Cfg { &recipes.cfg } else { &recipes.denoise };
                // What is no number passes no test.
                places(column, |number| any.iter().any(|test| test.holds(&number)))
            }
        };
        self.of_recipes(&found)
    }

    fn sizes(&self, any: &[Test<SizeValue>]) -> Bits {
        let assets = &self.index.assets;
        self.union(any, |test| match of_bytes(test) {
            Some(bytes) => places(&assets.bytes, |count| bytes.holds_for(count)),
            None => places_of_both(&assets.width, &assets.height, |width, height| {
                width > 0 && height > 0 && size_holds(test, width, height)
            }),
        })
    }

    fn has(&self, has: Has) -> Bits {
        let (assets, recipes) = (&self.index.assets, &self.index.recipes);
        match has {
            Has::Video => self.traits(|traits| traits.kind() == Kind::Video),
            Has::Audio => self.traits(|traits| traits.kind() == Kind::Audio),
            Has::Lora => self.of_recipes(&recipes.loras.filled()),
            Has::Model => self.of_recipes(&recipes.models.filled()),
            Has::Workflow => self.of_recipes(&recipes.rerunnable),
            Has::Prompt => self.of_recipes(&recipes.prompt),
            Has::Negative => self.of_recipes(&recipes.negative),
            Has::Seed => self.of_recipes(&recipes.seeded),
            Has::Source => self.of_recipes(&recipes.sources),
            Has::Tags => assets.tags.any().clone(),
            Has::Rating => self.traits(|traits| traits.rating() > 0),
            Has::Batch => places(&assets.batch, |batch| batch != NONE),
        }
    }

    fn is(&self, is: Is) -> Bits {
        let assets = &self.index.assets;
        let states = &assets.states;
        match is {
            Is::Favourite => states.favourite.clone(),
            Is::Picked => self.traits(|traits| traits.flag() == FlagValue::Pick),
            Is::Rejected => self.traits(|traits| traits.flag() == FlagValue::Reject),
            Is::Unrated => self.traits(|traits| traits.rating() == 0),
            Is::Untagged => inverted(assets.tags.any(), self.length()),
            Is::Binned => states.binned.clone(),
            Is::Practice => states.practice.clone(),
            Is::Preview => states.preview.clone(),
            Is::Imported => places(&assets.job, |job| job.0.is_nil()),
            Is::Away => states.away.clone(),
            Is::Missing => states.missing.clone(),
            Is::Duplicate => states.several.clone(),
        }
    }
}

impl NameKind {
    /// The kind that a key asks for.
    pub(crate) fn of(key: NamedKey) -> Self {
        match key {
            NamedKey::Model => Self::Model,
            NamedKey::Lora => Self::Lora,
            NamedKey::Tag => Self::Tag,
            NamedKey::Collection => Self::Collection,
            NamedKey::Workflow => Self::Workflow,
            NamedKey::Server => Self::Server,
            NamedKey::Sampler => Self::Sampler,
            NamedKey::Scheduler => Self::Scheduler,
        }
    }
}

/// The first bits of an id, and which bits these are.
fn beginning(digits: &str) -> Option<(u128, u128)> {
    let missing = ID_DIGITS.checked_sub(digits.len())? * 4;
    let bits = u128::from_str_radix(digits, 16).ok()?;
    let shift = u32::try_from(missing).ok()?;
    Some((bits.checked_shl(shift)?, u128::MAX.checked_shl(shift)?))
}

/// The test, if it is one of the file's size. Ranges have two ends of a kind.
fn of_bytes(test: &Test<SizeValue>) -> Option<Test<Measure>> {
    let bytes = |value: SizeValue| match value {
        SizeValue::Bytes(measure) => Some(measure),
        _ => None,
    };
    Some(match *test {
        Test::Is(value) => Test::Is(bytes(value)?),
        Test::Above(value) => Test::Above(bytes(value)?),
        Test::AtLeast(value) => Test::AtLeast(bytes(value)?),
        Test::Below(value) => Test::Below(bytes(value)?),
        Test::AtMost(value) => Test::AtMost(bytes(value)?),
        Test::Between(low, high) => Test::Between(bytes(low)?, bytes(high)?),
    })
}

fn size_holds(test: &Test<SizeValue>, width: u32, height: u32) -> bool {
    let passes = |one: Test<SizeValue>| {
        let value = match one {
            Test::Is(value)
            | Test::Above(value)
            | Test::AtLeast(value)
            | Test::Below(value)
            | Test::AtMost(value)
            | Test::Between(value, _) => value,
        };
        match value {
            SizeValue::Longer(side) => one.map(|_| side).holds(&width.max(height)),
            SizeValue::Sides(w, h) => one.map(|_| w).holds(&width) && one.map(|_| h).holds(&height),
            SizeValue::Pixels(measure) => {
                one.map(|_| measure).holds_for(u64::from(width) * u64::from(height))
            }
            SizeValue::Bytes(_) => false,
        }
    };
    match *test {
        Test::Between(low, high) => passes(Test::AtLeast(low)) && passes(Test::AtMost(high)),
        one => passes(one),
    }
}
