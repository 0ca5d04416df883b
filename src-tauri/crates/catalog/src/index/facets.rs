//! What the matches have in common, counted: the sidebar, and the density along the scrubber.

use super::{
    Index,
    counts::By,
    labels::Labels,
    matches::Matches,
    names::Names,
    row::{Bits, NameKind},
    traits::Traits,
};
use crate::query::{FlagValue, Kind, NamedKey, Shape, date_of, has_token, named_token};
use std::collections::BTreeMap;

/// Most stars, and none.
const RATINGS: usize = 6;

/// A part of the sidebar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Favourites, picks and rejects.
    Flags,
    /// Pictures, videos …
    Kinds,
    /// Checkpoints and diffusion models.
    Models,
    /// LoRAs.
    Loras,
    /// Portrait, landscape, square.
    Shapes,
    /// Tags.
    Tags,
    /// Workflows.
    Workflows,
    /// Servers.
    Servers,
    /// Stars.
    Ratings,
    /// Months, newest first.
    Months,
}

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 10] = [
        Self::Flags,
        Self::Kinds,
        Self::Models,
        Self::Loras,
        Self::Shapes,
        Self::Tags,
        Self::Workflows,
        Self::Servers,
        Self::Ratings,
        Self::Months,
    ];
}

/// All facets of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// One list for each of [`Facet::ALL`], in that order.
    pub lists: Vec<FacetList>,
}

/// The values of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetList {
    /// Which facet.
    pub facet: Facet,
    /// Values that something matches, and those that the query names. Most first; stars, shapes, kinds
    /// and months in their own order.
    pub values: Vec<FacetValue>,
    /// How many more values there are.
    pub more: u32,
    /// How much matches these, counted for each.
    pub more_count: u64,
    /// What has no value: made without a LoRA, without tags.
    pub without: Option<FacetValue>,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// What to call it.
    pub label: String,
    /// The token that chooses it; see [`crate::with_token`].
    pub token: String,
    /// How many match the query with this as the facet's only choice.
    pub count: u32,
    /// The query has this token.
    pub chosen: bool,
}

/// A day, and how much was made on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// Days since 1970-01-01 in the artist's time.
    pub day: u16,
    /// How many.
    pub count: u32,
}

impl Facets {
    /// The list of one facet.
    #[must_use]
    pub fn get(&self, facet: Facet) -> Option<&FacetList> {
        self.lists.iter().find(|list| list.facet == facet)
    }
}

/// What is counted in one pass over some rows.
struct Counts<'a> {
    index: &'a Index,
    rows: &'a Bits,
    traits: Option<Vec<(Traits, u32)>>,
    /// How many of the rows each recipe made, with one more place for none.
    recipes: Option<Vec<u32>>,
}

impl Index {
    /// All facets, each counted for what matches without that facet's own tokens. Lists of names have
    /// at most `most` values.
    #[must_use]
    pub fn facets(&self, matches: &Matches, most: usize) -> Facets {
        let mut shared = Counts::new(self, &matches.rows);
        let lists = Facet::ALL.map(|facet| match matches.without(facet) {
            None => shared.list(facet, matches, most),
            Some(rows) => Counts::new(self, &rows).list(facet, matches, most),
        });
        Facets { lists: lists.into() }
    }

    /// One facet alone, as [`Index::facets`] counts it: with a large `most`, for "12 more".
    #[must_use]
    pub fn facet(&self, matches: &Matches, facet: Facet, most: usize) -> FacetList {
        let rows = matches.without(facet);
        Counts::new(self, rows.as_ref().unwrap_or(&matches.rows)).list(facet, matches, most)
    }

    /// The days on which matches were made, oldest first.
    #[must_use]
    pub fn days(&self, matches: &Matches) -> Vec<DayCount> {
        days(self, &matches.rows)
    }

    /// How many assets are in the library, without what is in the bin and what is kept apart.
    #[must_use]
    pub fn total(&self) -> usize {
        let states = &self.assets.states;
        states.here.difference_count(&states.binned) - self.apart()
    }

    /// How many previews are kept apart, without what is in the bin.
    fn apart(&self) -> usize {
        self.assets.apart().difference_count(&self.assets.states.binned)
    }

    /// How many are in the bin.
    #[must_use]
    pub fn binned(&self) -> usize {
        self.assets.states.here.intersection_count(&self.assets.states.binned)
    }
}

/// How many of some rows have each name of a kind.
pub(crate) fn name_counts(index: &Index, rows: &Bits, kind: NameKind) -> Vec<u32> {
    Counts::new(index, rows).names(kind).0
}

/// The months in which rows were made, as they are written, oldest first.
pub(crate) fn month_counts(index: &Index, rows: &Bits) -> Vec<(String, u32)> {
    let mut months: BTreeMap<(i16, i8), u32> = BTreeMap::new();
    for DayCount { day, count } in days(index, rows) {
        if let Some(date) = date_of(i64::from(day)) {
            *months.entry((date.year(), date.month())).or_default() += count;
        }
    }
    let of = |((year, month), count)| (format!("{year:04}-{month:02}"), count);
    months.into_iter().map(of).collect()
}

/// The days on which rows were made.
pub(super) fn days(index: &Index, rows: &Bits) -> Vec<DayCount> {
    let counts = index.count_by(By::Days, rows);
    let made = (0..=u16::MAX).zip(counts).filter(|(_, count)| *count > 0);
    made.map(|(day, count)| DayCount { day, count }).collect()
}

impl<'a> Counts<'a> {
    fn new(index: &'a Index, rows: &'a Bits) -> Self {
        Self { index, rows, traits: None, recipes: None }
    }

    fn list(&mut self, facet: Facet, matches: &Matches, most: usize) -> FacetList {
        let (values, without) = match facet {
            Facet::Flags => (self.flags(), None),
            Facet::Kinds => (self.kinds(), None),
            Facet::Shapes => (self.shapes(), None),
            Facet::Ratings => (self.ratings(), None),
            Facet::Months => (self.months(), None),
            Facet::Models => (self.named(NameKind::Model, facet).0, None),
            Facet::Workflows => (self.named(NameKind::Workflow, facet).0, None),
            Facet::Servers => (self.named(NameKind::Server, facet).0, None),
            Facet::Loras => {
                let (values, without) = self.named(NameKind::Lora, facet);
                (values, Some(value("None", "-has:lora", without)))
            }
            Facet::Tags => {
                let (values, without) = self.named(NameKind::Tag, facet);
                (values, Some(value("None", "is:untagged", without)))
            }
        };
        let is_chosen = |value: FacetValue| {
            let chosen = matches.tokens_of(facet).any(|token| has_token(token, &value.token));
            FacetValue { chosen, ..value }
        };
        let mut values: Vec<FacetValue> = values.into_iter().map(is_chosen).collect();
        values.retain(|value| value.count > 0 || value.chosen);
        let without = without.map(is_chosen);
        let (mut more, mut more_count) = (0, 0);
        if facet.has_names() {
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
            let mut place = 0;
            values.retain(|value| {
                place += 1;
                let kept = place <= most || value.chosen;
                if !kept {
                    more += 1;
                    more_count += u64::from(value.count);
                }
                kept
            });
        }
        FacetList { facet, values, more, more_count, without }
    }

    fn with_trait(&mut self, passes: impl Fn(Traits) -> bool) -> u32 {
        let (index, rows) = (self.index, self.rows);
        let counts = self.traits.get_or_insert_with(|| {
            let counts = (0..).map(Traits).zip(index.count_by(By::Traits, rows));
            counts.filter(|(_, count)| *count > 0).collect()
        });
        counts.iter().filter(|(traits, _)| passes(*traits)).map(|(_, count)| count).sum()
    }

    fn flags(&mut self) -> Vec<FacetValue> {
        vec![
            value("Favourites", "fav:yes", self.with_trait(Traits::favourite)),
            value("Picks", "flag:pick", self.with_trait(|traits| traits.flag() == FlagValue::Pick)),
            value(
                "Rejects",
                "flag:reject",
                self.with_trait(|traits| traits.flag() == FlagValue::Reject),
            ),
        ]
    }

    fn kinds(&mut self) -> Vec<FacetValue> {
        let of = |kind: &Kind| {
            let label = match kind {
                Kind::Picture => "Pictures",
                Kind::Video => "Videos",
                Kind::Audio => "Audio",
                Kind::Model => "3D",
                Kind::Text => "Texts",
                Kind::Other => "Other files",
            };
            let count = self.with_trait(|traits| traits.kind() == *kind);
            value(label, &format!("kind:{}", kind.word()), count)
        };
        Kind::ALL.iter().map(of).collect()
    }

    fn shapes(&mut self) -> Vec<FacetValue> {
        let of = |shape: &Shape| {
            let label = match shape {
                Shape::Portrait => "Portrait",
                Shape::Landscape => "Landscape",
                Shape::Square => "Square",
            };
            let count = self.with_trait(|traits| traits.shape() == Some(*shape));
            value(label, &format!("shape:{}", shape.word()), count)
        };
        Shape::ALL.iter().map(of).collect()
    }

    fn ratings(&mut self) -> Vec<FacetValue> {
        let of = |rating: usize| {
            let count = self.with_trait(|traits| usize::from(traits.rating()) == rating);
            value(&rating.to_string(), &format!("rating:{rating}"), count)
        };
        (0..RATINGS).rev().map(of).collect()
    }

    fn months(&mut self) -> Vec<FacetValue> {
        let of = |(label, count): (String, u32)| value(&label, &format!("date:{label}"), count);
        month_counts(self.index, self.rows).into_iter().rev().map(of).collect()
    }

    fn named(&mut self, kind: NameKind, facet: Facet) -> (Vec<FacetValue>, u32) {
        let (counts, without) = self.names(kind);
        let names = self.index.names(kind);
        let of = |(id, count)| value(names.label(id), &token(names, facet, id), count);
        ((0..).zip(counts).map(of).collect(), without)
    }

    /// How many rows have each name, and how many have none.
    fn names(&mut self, kind: NameKind) -> (Vec<u32>, u32) {
        let index = self.index;
        let mut counts = vec![0; index.names(kind).len()];
        let without = match kind {
            NameKind::Tag => self.labels(&index.assets.tags, &mut counts),
            NameKind::Collection => self.labels(&index.assets.collections, &mut counts),
            NameKind::Server => {
                let mut made = index.count_by(By::Servers, self.rows);
                let without = made.pop().unwrap_or_default();
                counts = made;
                without
            }
            NameKind::Model => index.recipes.models.add_up(self.recipes(), &mut counts),
            NameKind::Lora => index.recipes.loras.add_up(self.recipes(), &mut counts),
            NameKind::Workflow => self.column(&index.recipes.workflow, &mut counts),
            NameKind::Sampler => self.column(&index.recipes.sampler, &mut counts),
            NameKind::Scheduler => self.column(&index.recipes.scheduler, &mut counts),
        };
        (counts, without)
    }

    fn labels(&self, labels: &Labels, counts: &mut [u32]) -> u32 {
        let of = |label: usize| {
            labels.rows(label).iter().filter(|row| self.rows.contains(**row as usize)).count()
        };
        if !self.rows.is_disjoint(labels.any()) {
            for (label, count) in counts.iter_mut().enumerate() {
                *count = u32::try_from(of(label)).unwrap_or(u32::MAX);
            }
        }
        u32::try_from(self.rows.difference_count(labels.any())).unwrap_or(u32::MAX)
    }

    fn recipes(&mut self) -> &[u32] {
        let (index, rows) = (self.index, self.rows);
        self.recipes.get_or_insert_with(|| index.count_by(By::Recipes, rows))
    }

    /// Counts rows by names that their recipe has one of.
    fn column(&mut self, column: &[u32], counts: &mut Vec<u32>) -> u32 {
        let none = counts.len();
        counts.push(0);
        let (of_recipes, of_none) = {
            let recipes = self.recipes();
            recipes.split_at(column.len().min(recipes.len()))
        };
        for (name, made) in column.iter().zip(of_recipes) {
            counts[(*name as usize).min(none)] += made;
        }
        let without = counts.pop().unwrap_or_default();
        without + of_none.iter().sum::<u32>()
    }
}

/// The token that chooses a name and no other.
pub(super) fn token(names: &Names, facet: Facet, id: u32) -> String {
    let key = match facet {
        Facet::Models => NamedKey::Model,
        Facet::Loras => NamedKey::Lora,
        Facet::Tags => NamedKey::Tag,
        Facet::Servers => NamedKey::Server,
        _ => NamedKey::Workflow,
    };
    named_token(key, names.value(id))
}

impl Facet {
    /// Its values are names: there can be thousands.
    fn has_names(self) -> bool {
        matches!(self, Self::Models | Self::Loras | Self::Tags | Self::Workflows | Self::Servers)
    }
}

fn value(label: &str, token: &str, count: u32) -> FacetValue {
    FacetValue { label: label.to_owned(), token: token.to_owned(), count, chosen: false }
}
