//! A walk over the widgets of a class in the page's order, which gives each its value.

use super::{
    fits,
    graph::Node,
    layout::{Holds, Layout, Rows, Spec, What, Widget},
    widgets::{Held, Widgets},
};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The most rows of a dynamic group.
const MOST_ROWS: usize = 1_000;

/// Where values are.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Place(&'a [&'a RawValue]),
    Named(&'a [(Cow<'a, str>, &'a RawValue)]),
}

/// A walk over a class's widgets that gives each its value.
pub(super) struct Walk<'a> {
    source: Source<'a>,
    node: &'a Node<'a>,
    /// Whether inputs that must be linked have a place too.
    pub forced: bool,
    /// Whether there are no places for what to do after a run.
    pub bare: bool,
    /// A place that is passed over.
    pub stray: Option<usize>,
    at: usize,
    pub widgets: Widgets<'a>,
    /// How many places the widgets have.
    pub wanted: usize,
    /// How many values are of the wrong type.
    pub misfits: usize,
    /// The first widget without a value.
    pub missing: Option<String>,
    /// Members of growing groups that come after all other widgets.
    grown: Vec<(String, &'a Spec)>,
    /// Widgets that have a socket, and sockets that come with a choice, in the page's order.
    pub sockets: Option<Vec<(Cow<'a, str>, &'a Spec)>>,
    /// Whether what is walked over comes with a choice or a row.
    nested: bool,
    /// What would be saved, place by place.
    pub places: Option<Vec<Option<&'a RawValue>>>,
}

impl<'a> Walk<'a> {
    pub fn new(source: Source<'a>, node: &'a Node<'a>) -> Self {
        Self {
            source,
            node,
            forced: false,
            bare: false,
            stray: None,
            at: 0,
            widgets: Widgets::default(),
            wanted: 0,
            misfits: 0,
            missing: None,
            grown: Vec::new(),
            sockets: None,
            nested: false,
            places: None,
        }
    }

    pub fn over(mut self, layout: &'a Layout) -> Self {
        self.widgets.held.reserve(layout.specs.len());
        for spec in &layout.specs {
            self.spec(Cow::Borrowed(&spec.name), spec);
        }
        for (name, member) in std::mem::take(&mut self.grown) {
            self.spec(Cow::Owned(name), member);
        }
        self
    }

    fn skip(&mut self, places: usize) {
        self.at += places;
        self.wanted += places;
        if let Some(saved) = &mut self.places {
            saved.extend(std::iter::repeat_n(None, places));
        }
    }

    /// The next value by place, or the one of a name.
    fn value(&mut self, name: &str) -> Option<&'a RawValue> {
        match self.source {
            Source::Named(named) => {
                named.iter().rev().find(|(key, _)| key == name).map(|(_, raw)| *raw)
            }
            Source::Place(values) => {
                if self.stray == Some(self.at) {
                    self.at += 1;
                }
                let value = values.get(self.at).copied();
                self.skip(1);
                value
            }
        }
    }

    fn spec(&mut self, name: Cow<'a, str>, spec: &'a Spec) {
        let nested = self.nested;
        if let Some(sockets) = &mut self.sockets
            && spec.widget().map_or(nested, |widget| widget.socket)
        {
            sockets.push((name.clone(), spec));
        }
        match &spec.what {
            What::Widget(widget) => self.widget(name, spec, widget),
            What::Socket if spec.forced && self.forced => self.skip(1),
            What::Socket => {}
            What::Grow(grow) => {
                if grow.member.widget().is_none() {
                    return;
                }
                let at_first: Vec<String> =
                    (0..grow.at_first).filter_map(|number| grow.name(&name, number)).collect();
                let saved = self.node.inputs.iter().filter(|input| {
                    input.name.strip_prefix(&*name).is_some_and(|rest| rest.starts_with('.'))
                });
                for input in saved {
                    if !at_first.iter().any(|name| *name == input.name) {
                        self.grown.push((input.name.clone().into_owned(), &grow.member));
                    }
                }
                for name in at_first {
                    self.spec(Cow::Owned(name), &grow.member);
                }
            }
        }
    }

    fn widget(&mut self, name: Cow<'a, str>, spec: &'a Spec, widget: &'a Widget) {
        self.skip(widget.before);
        let saved = if widget.saved { self.value(&name) } else { None };
        if saved.is_none() && widget.saved && self.missing.is_none() && self.by_place() {
            self.missing = Some(name.clone().into_owned());
        }
        // A list that holds nothing holds its first choice.
        let saved = saved.filter(|raw| !(widget.holds == Holds::Choice && raw.get() == "null"));
        if let Some(raw) = saved
            && fits::wrong_type(widget, raw.get()).is_some()
        {
            self.misfits += 1;
        }
        let value = saved.or(widget.default.as_deref());
        if let Some(places) = self.places.as_mut().filter(|_| widget.saved) {
            places.push(value);
        }
        if !self.bare {
            self.skip(widget.after);
        }
        let held = Held { name, value: value.map(Cow::Borrowed), spec: Some(spec) };
        if widget.branches.is_empty() && widget.rows.is_none() {
            self.widgets.held.push(held);
            return;
        }
        let parent = held.name.clone();
        let nested = std::mem::replace(&mut self.nested, true);
        if let Some(rows) = &widget.rows {
            // The number of rows is never sent itself.
            self.rows(&parent, rows, value);
        } else {
            self.widgets.held.push(held);
            if let Some(value) = value {
                self.branch(&parent, spec, widget, value);
            }
        }
        self.nested = nested;
    }

    fn by_place(&self) -> bool {
        matches!(self.source, Source::Place(_))
    }

    /// What comes with a choice.
    fn branch(&mut self, parent: &str, spec: &Spec, widget: &'a Widget, value: &RawValue) {
        let chosen = widget.branches.iter().find(|(key, _)| fits::same_text(key, value.get()));
        for nested in chosen.map(|(_, specs)| specs.as_slice()).unwrap_or_default() {
            // The class knows the names of what is nested, except within a row or a group.
            let name = match nested.name.strip_prefix(&*spec.name) {
                Some(rest) if parent != spec.name => Cow::Owned(format!("{parent}{rest}")),
                _ => Cow::Borrowed(nested.name.as_str()),
            };
            self.spec(name, nested);
        }
    }

    /// The rows of a dynamic group, of which the value is the number.
    fn rows(&mut self, group: &str, rows: &'a Rows, value: Option<&RawValue>) {
        let saved = value.and_then(|raw| raw.get().parse::<f64>().ok()).unwrap_or(0.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let saved = saved.max(0.0) as usize;
        let most = match self.source {
            Source::Place(values) => values.len(),
            Source::Named(named) => named.len(),
        };
        for row in
            0..saved.clamp(rows.least, rows.greatest.max(most).max(rows.least)).min(MOST_ROWS)
        {
            for field in &rows.fields {
                self.spec(Cow::Owned(format!("{group}.{row}.{}", field.name)), field);
            }
        }
    }
}
