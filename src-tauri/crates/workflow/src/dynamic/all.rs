//! All results, one at a time: like the digits of a counter, the last choice goes round first.

use super::list::{List, Node, Pick, Row};

/// All results of a text, made one at a time.
#[derive(Clone, Debug)]
pub struct All<'a> {
    lists: &'a [List],
    row: &'a Row,
    /// What is chosen for the next result; nothing when all were made.
    next: Option<Chosen>,
}

/// What is chosen for the picks of a row, in their order.
#[derive(Clone, Debug)]
struct Chosen(Vec<Picked>);

/// The options that are picked, in their order, and what is chosen within each.
type Picked = Vec<(usize, Chosen)>;

impl<'a> All<'a> {
    pub(super) fn new(lists: &'a [List], row: &'a Row) -> Self {
        Self { lists, row, next: Some(first(lists, row)) }
    }
}

impl Iterator for All<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let chosen = self.next.as_mut()?;
        let mut text = String::new();
        write(self.lists, self.row, chosen, &mut text);
        if !step(self.lists, self.row, chosen) {
            self.next = None;
        }
        Some(text)
    }
}

fn picks(row: &Row) -> impl DoubleEndedIterator<Item = &Pick> {
    row.iter().filter_map(|node| match node {
        Node::Text(_) => None,
        Node::Pick(pick) => Some(pick),
    })
}

fn first(lists: &[List], row: &Row) -> Chosen {
    Chosen(picks(row).map(|pick| first_of(lists, pick, 0..pick.least)).collect())
}

fn first_of(lists: &[List], pick: &Pick, options: impl IntoIterator<Item = usize>) -> Picked {
    let list = &lists[pick.list];
    options.into_iter().map(|option| (option, first(lists, &list.options[option]))).collect()
}

fn write(lists: &[List], row: &Row, chosen: &Chosen, text: &mut String) {
    let mut chosen = chosen.0.iter();
    for node in row {
        match node {
            Node::Text(plain) => text.push_str(plain),
            Node::Pick(pick) => {
                let picked = chosen.next().into_iter().flatten();
                for (at, (option, within)) in picked.enumerate() {
                    if at > 0 {
                        text.push_str(&pick.separator);
                    }
                    write(lists, &lists[pick.list].options[*option], within, text);
                }
            }
        }
    }
}

/// Goes to the next result. After the last it says so, and what is chosen is the first again.
fn step(lists: &[List], row: &Row, chosen: &mut Chosen) -> bool {
    picks(row)
        .rev()
        .zip(chosen.0.iter_mut().rev())
        .any(|(pick, picked)| step_pick(lists, pick, picked))
}

fn step_pick(lists: &[List], pick: &Pick, picked: &mut Picked) -> bool {
    let list = &lists[pick.list];
    let within = picked.iter_mut().rev();
    let mut rows = within.map(|(option, chosen)| (&list.options[*option], chosen));
    if rows.any(|(row, chosen)| step(lists, row, chosen)) {
        return true;
    }
    let options: Vec<usize> = picked.iter().map(|(option, _)| *option).collect();
    let (next, is_next) = match next_options(options, list.options.len()) {
        Some(next) => (next, true),
        None if picked.len() < pick.most => ((0..=picked.len()).collect(), true),
        None => ((0..pick.least).collect(), false),
    };
    *picked = first_of(lists, pick, next);
    is_next
}

/// The next pick of as many, each option once, in the order of the first, then of the second.
fn next_options(mut options: Vec<usize>, all: usize) -> Option<Vec<usize>> {
    let many = options.len();
    while let Some(last) = options.pop() {
        let Some(next) = (last + 1..all).find(|next| !options.contains(next)) else { continue };
        options.push(next);
        let mut free = 0;
        while options.len() < many {
            if !options.contains(&free) {
                options.push(free);
            }
            free += 1;
        }
        return Some(options);
    }
    None
}
