//! What a conversion was not certain of.

use serde::Serialize;

/// The most notes that are made of one graph.
const MOST: usize = 500;

/// What a conversion was not certain of, in one place of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The node's id: in the prompt where it is in it, else in the graph.
    pub node: Option<String>,
    /// The node's title.
    pub title: Option<String>,
    /// The node's class.
    pub class: Option<String>,
    /// The input.
    pub input: Option<String>,
    /// What kind of doubt it is.
    pub kind: NoteKind,
    /// The same as a sentence for a person.
    pub text: String,
}

/// Kinds of doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// The server has no such node class: the node is passed on as it was saved.
    UnknownClass,
    /// The saved values are more or fewer than there are widgets, and may be at the wrong ones.
    ValueCount,
    /// The class has got inputs since the graph was saved, and they get the server's defaults.
    Defaulted,
    /// A value is not of the declared type.
    WrongType,
    /// A number is outside the declared range.
    OutOfRange,
    /// A value is not among a list's choices.
    NotInList,
    /// An input that must be there is not.
    Missing,
    /// A link leads to nothing that runs, and was left out.
    DroppedLink,
    /// Links lead round in a circle, and were left out.
    Circle,
    /// A part of the graph cannot be used, and was left out.
    LeftOut,
    /// ComfyUI's own page is known to send something else here, which cannot be meant.
    PageDiffers,
    /// The value is made when the workflow is queued: by chance, by the time, or by the page.
    MadeWhenQueued,
    /// A node runs although what it is in is muted, as on ComfyUI's page.
    RunsMuted,
    /// Nothing is left that would run: the prompt is empty.
    NothingRuns,
    /// There are more notes than anybody reads.
    More,
}

/// Notes as they are made, and how many were too many.
#[derive(Default)]
pub(super) struct Notes {
    all: Vec<Note>,
    more: usize,
}

impl Notes {
    /// Adds a note, which is only made if it is kept.
    pub fn add(&mut self, make: impl FnOnce() -> Note) {
        if self.all.len() < MOST {
            self.all.push(make());
        } else {
            self.more += 1;
        }
    }

    /// All notes, with one for those that were too many.
    pub fn done(mut self) -> Vec<Note> {
        if self.more > 0 {
            self.all.push(Note {
                node: None,
                title: None,
                class: None,
                input: None,
                kind: NoteKind::More,
                text: format!("There are {} more doubts like these.", self.more),
            });
        }
        self.all
    }
}
