//! The index in memory: columns of all assets and recipes, and the answers to queries.
//!
//! An asset is a *row*: a place in the columns, which stays its own until the index is built anew. The
//! store's key of it is its `seq`. Rows are told in bulk or one by one; a search asks `&self` alone, so
//! any number of threads may search at once.

mod arena;
mod assets;
mod bits;
mod counts;
mod disk;
mod facets;
mod filter;
mod found;
mod labels;
mod matches;
mod names;
mod natural;
mod order;
mod recipes;
mod row;
mod similar;
mod texts;
mod traits;

use crate::query::Kind;
use assets::Assets;
use counts::Totals;
use jiff::tz::TimeZone;
use names::Names;
use order::Orders;
use recipes::{NONE, Recipes};

pub use disk::Disk;
pub use facets::{DayCount, Facet, FacetList, FacetValue, Facets};
pub(crate) use facets::{month_counts, name_counts};
pub(crate) use filter::Filter;
pub use found::Found;
pub use matches::Matches;
pub use order::Sort;
pub use row::{
    AssetRow, Bits, CatalogError, Change, MAX_ID, Marks, NameId, NameKind, Places, RecipeRow,
};
pub use similar::ALIKE;

/// Everything in the library, to be asked in memory.
#[derive(Debug)]
pub struct Index {
    /// Where the artist is: days begin there. Somebody who travels sees other days with the next index.
    zone: TimeZone,
    names: [Names; NameKind::ALL.len()],
    recipes: Recipes,
    assets: Assets,
    orders: Orders,
    totals: Totals,
}

impl Index {
    /// An index without assets. Days begin as they do where the artist is.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            names: NameKind::ALL.map(Names::new),
            recipes: Recipes::default(),
            assets: Assets::default(),
            orders: Orders::default(),
            totals: Totals::default(),
        }
    }

    /// The id of a name; a new one if it was not told before. A workflow's name is the hash of its
    /// structure.
    pub fn name_id(&mut self, kind: NameKind, name: &str) -> NameId {
        // There is one more to count.
        self.totals = Totals::default();
        self.names[kind as usize].id(name)
    }

    /// Gives something another name. Ids stay. Joining two names to one is up to the caller: change the
    /// assets.
    pub fn rename(&mut self, kind: NameKind, id: NameId, name: &str) {
        self.names[kind as usize].rename(id, name);
    }

    /// What a name is.
    #[must_use]
    pub fn name(&self, kind: NameKind, id: NameId) -> &str {
        self.names(kind).shown(id.0)
    }

    pub(crate) fn names(&self, kind: NameKind) -> &Names {
        &self.names[kind as usize]
    }

    /// Adds a recipe, before the assets that were made by it.
    pub fn add_recipe(&mut self, row: &RecipeRow<'_>) -> Result<(), CatalogError> {
        self.totals = Totals::default();
        self.recipes.set(row)
    }

    /// Whether a recipe was added.
    #[must_use]
    pub fn has_recipe(&self, id: u32) -> bool {
        self.recipes.known.contains(id as usize)
    }

    /// Adds assets, or replaces those with the same key. Many at once cost little more than one.
    /// Fastest in the order of their keys. After an error those before it are in.
    pub fn add<'a>(
        &mut self,
        rows: impl IntoIterator<Item = AssetRow<'a>>,
    ) -> Result<(), CatalogError> {
        let mut added = Vec::new();
        let all = || {
            for row in rows {
                added.push(self.assets.set(&row, &self.zone)?.0);
            }
            Ok(())
        };
        let result = all();
        self.orders.place(&self.assets, &added);
        self.totals = Totals::default();
        result
    }

    /// Changes assets by their keys. Those that are not there are passed over. After an error those
    /// before it are changed.
    pub fn change<'a>(
        &mut self,
        changes: impl IntoIterator<Item = (u32, Change<'a>)>,
    ) -> Result<(), CatalogError> {
        let mut changed = Vec::new();
        let all = || {
            for (seq, change) in changes {
                if let Some(row) = self.assets.row(seq) {
                    changed.push((row, self.assets.change(row, &change)?));
                }
            }
            Ok(())
        };
        let result = all();
        self.orders.replace(&self.assets, &changed);
        self.totals = Totals::default();
        result
    }

    /// Takes assets away by their keys.
    pub fn remove(&mut self, seqs: impl IntoIterator<Item = u32>) {
        for seq in seqs {
            if let Some(row) = self.assets.row(seq) {
                self.assets.remove(row);
            }
        }
        self.totals = Totals::default();
    }

    /// The row of a key.
    #[must_use]
    pub fn row(&self, seq: u32) -> Option<u32> {
        self.assets.row(seq)
    }

    /// How many rows there are, with those of assets that are gone: a set of rows is so long.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.assets.len()
    }

    /// The key of a row.
    ///
    /// This and what follows panics for a row that is not of this index: rows come from its answers.
    #[must_use]
    pub fn seq(&self, row: u32) -> u32 {
        self.assets.seq[row as usize]
    }

    /// When it was made, in milliseconds since 1970, UTC.
    #[must_use]
    pub fn created_at(&self, row: u32) -> i64 {
        self.assets.created[row as usize]
    }

    /// Width and height in pixels; 0 if unknown.
    #[must_use]
    pub fn size(&self, row: u32) -> (u32, u32) {
        (self.assets.width[row as usize], self.assets.height[row as usize])
    }

    /// Size of its file in bytes.
    #[must_use]
    pub fn bytes(&self, row: u32) -> u64 {
        self.assets.bytes[row as usize]
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self, row: u32) -> Kind {
        self.assets.traits[row as usize].kind()
    }

    /// The id of its recipe.
    #[must_use]
    pub fn recipe(&self, row: u32) -> Option<u32> {
        Some(self.assets.recipe[row as usize]).filter(|recipe| *recipe != NONE)
    }

    /// The token that finds what was made by the same workflow, as in [`Index::facets`].
    #[must_use]
    pub fn workflow_token(&self, row: u32) -> Option<String> {
        let workflow = *self.recipes.workflow.get(self.recipe(row)? as usize)?;
        let known = (workflow as usize) < self.names(NameKind::Workflow).len();
        known.then(|| facets::token(self.names(NameKind::Workflow), Facet::Workflows, workflow))
    }

    /// What it was submitted with.
    #[must_use]
    pub fn batch(&self, row: u32) -> Option<domain::BatchId> {
        self.assets.batch_id(row)
    }

    /// What the artist says about it.
    #[must_use]
    pub fn marks(&self, row: u32) -> Marks {
        let traits = self.assets.traits[row as usize];
        Marks {
            rating: traits.rating(),
            favourite: traits.favourite(),
            flag: match traits.flag() {
                crate::query::FlagValue::Pick => 1,
                crate::query::FlagValue::Reject => -1,
                crate::query::FlagValue::None => 0,
            },
            binned: self.assets.states.binned.contains(row as usize),
        }
    }

    /// Its tags.
    pub fn tags(&self, row: u32) -> impl Iterator<Item = NameId> {
        self.assets.tags.of_row(row).map(NameId)
    }

    /// Bytes of memory that it takes, about.
    #[must_use]
    pub fn memory(&self) -> usize {
        let names: usize = self.names.iter().map(Names::memory).sum();
        names + self.recipes.memory() + self.assets.memory() + self.orders.memory()
    }
}
