//! Answers that were given and that the page still asks about.

use catalog::{Found, Matches, Query};
use std::{collections::VecDeque, sync::Arc};

/// Answers that are kept. The page looks at one, and may still ask about the one before it.
const KEPT: usize = 4;

/// A question and its answer.
pub struct Answer {
    /// What the artist typed.
    pub text: String,
    /// As it was understood.
    pub query: Query,
    /// What matches.
    pub matches: Matches,
    /// What matches, in order.
    pub found: Found,
    /// Size of what matches, in bytes.
    pub bytes: u64,
    /// The revision of the library that it was given for.
    pub revision: u64,
    /// Which index its rows are of.
    pub generation: u64,
}

/// The newest answers, by their tickets.
#[derive(Default)]
pub struct Answers {
    last: u32,
    kept: VecDeque<(u32, Arc<Answer>)>,
}

impl Answers {
    /// Keeps an answer; gives its ticket.
    pub fn keep(&mut self, answer: Arc<Answer>) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.kept.push_back((self.last, answer));
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
        self.last
    }

    /// The answer of a ticket, while it is kept.
    pub fn get(&self, ticket: u32) -> Option<Arc<Answer>> {
        self.kept.iter().find(|(kept, _)| *kept == ticket).map(|(_, answer)| answer.clone())
    }
}
