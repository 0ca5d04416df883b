//! Seeds that change from job to job.

use super::{
    fits::{Given, Index},
    options::own,
    setup::{Base, change},
};
use crate::view::{ComposeState, SeedRule};
use std::collections::HashSet;
use workflow::{
    Change, Kind,
    sweep::{self, Address, SeedKnob, SeedPlan, seed_max},
};

/// The rules of a setup.
pub struct Seeds(Vec<SeedPlan>);

impl Seeds {
    /// Reads the rules. Inputs that are no seeds of the workflow are left out, and those that lists and
    /// axes `set`.
    pub fn new(
        base: &Base<'_>,
        state: &ComposeState,
        values: &[Change],
        set: &HashSet<Address>,
        chance: u64,
    ) -> Self {
        let index = Index::new(base, &state.skipped, Given::of_values(state));
        let rules = [
            (SeedRule::Random, sweep::SeedRule::Random),
            (SeedRule::Increment, sweep::SeedRule::Increment),
            (SeedRule::Decrement, sweep::SeedRule::Decrement),
        ];
        let plans = rules.into_iter().filter_map(|(rule, as_rule)| {
            let of_rule = state.seeds.iter().filter(|seed| seed.rule == rule);
            let knobs: Vec<SeedKnob> = of_rule
                .filter(|seed| !set.contains(&Address::new(&seed.node, &seed.input)))
                .filter_map(|seed| {
                    let knob = index.knob(&seed.node, &seed.input)?;
                    let Kind::Int { max, .. } = &knob.kind else { return None };
                    let set = values
                        .iter()
                        .rev()
                        .find(|set| set.node == seed.node && set.input == seed.input);
                    let now = set.map(|set| set.value.clone()).or_else(|| own(knob))?;
                    Some(SeedKnob {
                        at: Address::new(&seed.node, &seed.input),
                        start: now.parse().unwrap_or(0),
                        max: max.as_deref().map_or(u64::MAX, seed_max),
                    })
                })
                .collect();
            (!knobs.is_empty()).then_some(SeedPlan {
                rule: as_rule,
                shared: state.seeds_together,
                stream: chance,
                knobs,
            })
        });
        Self(plans.collect())
    }

    /// Whether any seed changes.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether any seed is drawn by chance.
    pub fn random(&self) -> bool {
        self.0.iter().any(|plan| plan.rule == sweep::SeedRule::Random)
    }

    /// The inputs of all seeds that change.
    pub fn places(&self) -> Vec<Address> {
        let knobs = self.0.iter().flat_map(|plan| &plan.knobs);
        knobs.map(|knob| knob.at.clone()).collect()
    }

    /// The inputs of seeds that are drawn by chance.
    pub fn drawn(&self) -> Vec<Address> {
        let random = self.0.iter().filter(|plan| plan.rule == sweep::SeedRule::Random);
        random.flat_map(|plan| plan.knobs.iter().map(|knob| knob.at.clone())).collect()
    }

    /// The seeds of a run, from 0.
    pub fn of_run(&self, run: u64) -> Vec<Change> {
        let sets = self.0.iter().flat_map(|plan| plan.sets(run).0);
        sets.map(|set| change(&set.at, &set.value)).collect()
    }
}
