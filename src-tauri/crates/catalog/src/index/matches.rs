//! What a query matches, token by token, so that each facet can be counted without its own.

use super::{Index, bits::inverted, disk::Disk, facets::Facet, filter::Filter, row::Bits};
use crate::query::{Has, Is, NamedKey, NumberKey, Query, Term};

/// What a query matches. It is true for the index as it was when it was asked.
#[derive(Clone, Debug)]
pub struct Matches {
    /// The rows that match.
    pub rows: Bits,
    /// The query's tokens that belong to a facet, as they would be written.
    own: Vec<Own>,
    /// The rows that match all other tokens.
    shared: Bits,
}

#[derive(Clone, Debug)]
struct Own {
    facet: Facet,
    token: String,
    rows: Bits,
}

impl Matches {
    /// How many match.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rows.count_ones(..)
    }

    /// The rows that match all but the tokens of a facet; nothing if it has none.
    pub(super) fn without(&self, facet: Facet) -> Option<Bits> {
        if self.own.iter().all(|own| own.facet != facet) {
            return None;
        }
        let mut rows = self.shared.clone();
        for own in self.own.iter().filter(|own| own.facet != facet) {
            rows.intersect_with(&own.rows);
        }
        Some(rows)
    }

    /// The query's tokens of a facet, as they would be written.
    pub(super) fn tokens_of(&self, facet: Facet) -> impl Iterator<Item = &str> {
        self.own.iter().filter(move |own| own.facet == facet).map(|own| own.token.as_str())
    }
}

impl Index {
    /// What a query matches. What is in the bin is left out unless the query asks for it with
    /// `is:binned`, and what is kept apart unless it asks with `is:preview`.
    #[must_use]
    pub fn search(&self, query: &Query, disk: &Disk) -> Matches {
        self.matching(query, disk, self.assets.states.here.clone())
    }

    fn matching(&self, query: &Query, disk: &Disk, mut shared: Bits) -> Matches {
        let length = self.assets.len();
        if !query.terms().any(|(negated, term)| !negated && asks_for_bin(term)) {
            shared.difference_with(&self.assets.states.binned);
        }
        if !query.terms().any(|(negated, term)| !negated && asks_for_previews(term)) {
            shared.difference_with(&self.assets.apart());
        }
        let mut own = Vec::new();
        for token in query.tokens() {
            let Ok(term) = &token.meaning else { continue };
            let rows = Filter { index: self, disk, guesses: !token.negated }.rows(term);
            match facet_of(term) {
                None if token.negated => shared.difference_with(&rows),
                None => shared.intersect_with(&rows),
                Some(facet) => {
                    let rows = if token.negated { inverted(&rows, length) } else { rows };
                    own.push(Own { facet, token: token.to_string(), rows });
                }
            }
        }
        let mut rows = shared.clone();
        for own in &own {
            rows.intersect_with(&own.rows);
        }
        Matches { rows, own, shared }
    }
}

fn asks_for_bin(term: &Term) -> bool {
    matches!(term, Term::Is { any } if any.contains(&Is::Binned))
}

/// Of a job or a batch everything is shown that it made, and what is in the bin was thrown away as it is.
fn asks_for_previews(term: &Term) -> bool {
    match term {
        Term::Is { any } => any.contains(&Is::Preview) || any.contains(&Is::Binned),
        Term::Id { .. } => true,
        _ => false,
    }
}

/// The facet in which a term is a choice.
fn facet_of(term: &Term) -> Option<Facet> {
    match term {
        Term::Named { key, .. } => match key {
            NamedKey::Model => Some(Facet::Models),
            NamedKey::Lora => Some(Facet::Loras),
            NamedKey::Tag => Some(Facet::Tags),
            NamedKey::Workflow => Some(Facet::Workflows),
            NamedKey::Server => Some(Facet::Servers),
            NamedKey::Collection | NamedKey::Sampler | NamedKey::Scheduler => None,
        },
        Term::Number { key: NumberKey::Rating, .. } => Some(Facet::Ratings),
        Term::Date { .. } => Some(Facet::Months),
        Term::Shape { .. } => Some(Facet::Shapes),
        Term::Kind { .. } => Some(Facet::Kinds),
        Term::Flag { .. } | Term::Favourite(_) => Some(Facet::Flags),
        Term::Has { any } => common(any.iter().map(|has| match has {
            Has::Video | Has::Audio => Some(Facet::Kinds),
            Has::Lora => Some(Facet::Loras),
            Has::Model => Some(Facet::Models),
            Has::Tags => Some(Facet::Tags),
            Has::Rating => Some(Facet::Ratings),
            Has::Workflow => None,
            Has::Prompt | Has::Negative | Has::Seed | Has::Source | Has::Batch => None,
        })),
        Term::Is { any } => common(any.iter().map(|is| match is {
            Is::Favourite | Is::Picked | Is::Rejected => Some(Facet::Flags),
            Is::Unrated => Some(Facet::Ratings),
            Is::Untagged => Some(Facet::Tags),
            Is::Binned | Is::Practice | Is::Preview | Is::Imported => None,
            Is::Away | Is::Missing | Is::Duplicate => None,
        })),
        _ => None,
    }
}

/// The facet of all alternatives, if it is one.
fn common(mut facets: impl Iterator<Item = Option<Facet>>) -> Option<Facet> {
    let first = facets.next()??;
    facets.all(|facet| facet == Some(first)).then_some(first)
}
