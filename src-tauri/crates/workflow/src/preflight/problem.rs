//! What was found, before it is put into words: there may be a hundred thousand of these.

use super::{FindingKind, class::Spec};
use std::borrow::Cow;

/// The most that are kept of each rank, and shown in all.
pub(super) const MOST: usize = 500;

/// What a problem means for its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The prompt is refused, whatever else it makes.
    Always,
    /// The server does not run the node, nor what hangs on it.
    Refused,
    /// It may not be what is meant.
    Warns,
    /// Good to know.
    Says,
}

/// What a problem says beside its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    Nothing,
    /// The server does not list what it would have to, so it may be there.
    CannotTell,
    /// The least or the most.
    Limit(String),
    /// What ComfyUI makes of the value.
    Becomes(String),
    /// What it should be.
    Wants(&'static str),
    /// It should be connected.
    TakesLink,
    /// A link from a node's slot, and the types on both ends.
    Link {
        source: u32,
        slot: u32,
        brings: String,
        takes: String,
    },
    /// A link from a node that is not there.
    From(String),
    /// Nodes, and how many more.
    Nodes(Vec<u32>, usize),
    /// Names.
    Names(Vec<String>),
    /// How many nodes.
    Many(usize),
    /// Words.
    Words(String),
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub kind: FindingKind,
    pub rank: Rank,
    pub about: About,
}

impl Fault {
    pub fn new(kind: FindingKind, rank: Rank, about: About) -> Self {
        Self { kind, rank, about }
    }
}

/// A fault and where it is.
pub(super) struct Problem<'a> {
    pub fault: Fault,
    pub node: Option<u32>,
    /// The input's name and, where the prompt has it, its place.
    pub input: Option<(Cow<'a, str>, usize)>,
    /// The value's JSON text.
    pub given: Option<&'a str>,
    pub spec: Option<&'a Spec<'a>>,
}

/// Problems by rank: the first of each are kept, the others counted.
#[derive(Default)]
pub(super) struct Problems<'a> {
    kept: [Vec<Problem<'a>>; 4],
    counted: [usize; 4],
}

impl<'a> Problems<'a> {
    pub fn push(&mut self, problem: Problem<'a>) {
        let rank = problem.fault.rank as usize;
        self.counted[rank] += 1;
        if self.kept[rank].len() < MOST {
            self.kept[rank].push(problem);
        }
    }

    pub fn count(&self, rank: Rank) -> usize {
        self.counted[rank as usize]
    }

    pub fn total(&self) -> usize {
        self.counted.iter().sum()
    }

    pub fn into_kept(self) -> impl Iterator<Item = Problem<'a>> {
        self.kept.into_iter().flatten()
    }
}
