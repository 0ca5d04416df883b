//! One result by chance.

use super::list::{List, Node, Pick, Row};
use crate::chance::Dice;

pub(super) fn sample(lists: &[List], row: &Row, dice: &mut Dice) -> String {
    let mut text = String::new();
    write(lists, row, dice, &mut text);
    text
}

fn write(lists: &[List], row: &Row, dice: &mut Dice, text: &mut String) {
    for node in row {
        match node {
            Node::Text(plain) => text.push_str(plain),
            Node::Pick(pick) => {
                let list = &lists[pick.list];
                for (at, option) in picked(list, pick, dice).into_iter().enumerate() {
                    if at > 0 {
                        text.push_str(&pick.separator);
                    }
                    write(lists, &list.options[option], dice, text);
                }
            }
        }
    }
}

/// Which options are picked, in their order. How many is as likely for every number.
fn picked(list: &List, pick: &Pick, dice: &mut Dice) -> Vec<usize> {
    let many = pick.least + dice.place(pick.most - pick.least + 1);
    let mut picked = Vec::with_capacity(many);
    let mut sorted: Vec<usize> = Vec::with_capacity(many);
    for _ in 0..many {
        let option = another(list, &sorted, dice);
        picked.push(option);
        sorted.insert(sorted.partition_point(|other| *other < option), option);
    }
    picked
}

/// An option that is not taken, by its weight. `taken` is in ascending order.
fn another(list: &List, taken: &[usize], dice: &mut Dice) -> usize {
    let all = list.sums.last().copied().unwrap_or(0);
    let weights: u64 = taken.iter().map(|option| list.weight(*option)).sum();
    if all == weights {
        // What weighs nothing is chosen only where more is asked for than weighs something.
        let free = dice.place(list.options.len() - taken.len());
        return taken.iter().fold(free, |at, option| at + usize::from(at >= *option));
    }
    // A place on the line of weights; those that are taken are passed over.
    let place = taken.iter().fold(dice.below(all - weights), |place, option| {
        let begin = list.sums[*option] - list.weight(*option);
        if place >= begin { place + list.weight(*option) } else { place }
    });
    list.sums.partition_point(|sum| *sum <= place)
}
