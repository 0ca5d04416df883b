//! What is wrong with what is set up, each thing at its place.

use crate::view::{ComposeProblem, KnobKey};

/// The most problems that are told.
const MOST: usize = 100;

/// A list of problems, each told once.
#[derive(Debug, Default)]
pub struct Problems(Vec<ComposeProblem>);

impl Problems {
    /// At a knob.
    pub fn at(&mut self, node: &str, input: &str, text: impl Into<String>, blocks: bool) {
        let knob = Some(KnobKey { node: node.to_owned(), input: input.to_owned() });
        self.push(ComposeProblem { knob, axis: None, text: text.into(), blocks });
    }

    /// At a knob, worth knowing.
    pub fn at_says(&mut self, node: &str, input: &str, text: impl Into<String>) {
        self.at(node, input, text, false);
    }

    /// At an axis.
    pub fn axis(&mut self, axis: u32, text: impl Into<String>) {
        let problem =
            ComposeProblem { knob: None, axis: Some(axis), text: text.into(), blocks: true };
        self.push(problem);
    }

    /// At an axis, worth knowing.
    pub fn axis_says(&mut self, axis: u32, text: impl Into<String>) {
        let text = text.into();
        self.push(ComposeProblem { knob: None, axis: Some(axis), text, blocks: false });
    }

    /// About the whole.
    pub fn whole(&mut self, text: impl Into<String>) {
        self.push(ComposeProblem { knob: None, axis: None, text: text.into(), blocks: true });
    }

    /// About the whole, worth knowing.
    pub fn says(&mut self, text: impl Into<String>) {
        self.push(ComposeProblem { knob: None, axis: None, text: text.into(), blocks: false });
    }

    /// The first that must be mended before anything can be queued.
    pub fn blocking(&self) -> Option<&ComposeProblem> {
        self.0.iter().find(|problem| problem.blocks)
    }

    /// All of them.
    pub fn into_views(self) -> Vec<ComposeProblem> {
        self.0
    }

    fn push(&mut self, problem: ComposeProblem) {
        if self.0.contains(&problem) {
            return;
        }
        if self.0.len() < MOST {
            self.0.push(problem);
        } else if problem.blocks
            && let Some(other) = self.0.iter_mut().rev().find(|other| !other.blocks)
        {
            // What blocks is never left out for what is only worth knowing.
            *other = problem;
        }
    }
}
