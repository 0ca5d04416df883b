//! Inputs that come with an option: what of them counts as a workflow is set, and what they are given
//! where nobody set them.

use std::collections::HashMap;
use workflow::{Change, Knob, Knobs, When, sweep::Address};

/// The choices of a workflow that bring inputs, and the inputs that cannot do without a value.
#[derive(Debug, Default)]
pub struct Options {
    choices: HashMap<Address, Choice>,
    needed: Vec<Needed>,
}

#[derive(Debug)]
struct Choice {
    /// Its value unless one is set.
    own: String,
    when: Option<When>,
}

#[derive(Debug)]
struct Needed {
    at: Address,
    json: String,
    when: Option<When>,
}

impl Options {
    /// Of a workflow's knobs.
    pub fn new(knobs: &Knobs) -> Self {
        let mut choices = HashMap::new();
        for knob in knobs.all_possible() {
            if let (workflow::Kind::DynamicChoice { .. }, Some(own)) = (&knob.kind, own(knob)) {
                choices
                    .entry(Address::new(&knob.node.id, &knob.input))
                    .or_insert(Choice { own, when: knob.when.clone() });
            }
        }
        let needed = knobs.lacking.iter().map(|lacking| &lacking.knob).filter_map(|knob| {
            let json = knob.initial().filter(|_| knob.required && knob.value.is_none())?;
            let at = Address::new(&knob.node.id, &knob.input);
            Some(Needed { at, json, when: knob.when.clone() })
        });
        Self { needed: needed.collect(), choices }
    }

    /// Whether an input counts that an option brings, where `given` tells what is set at a choice. It
    /// may be several values, for an axis sets more than one.
    pub fn holds<'a, I: Iterator<Item = &'a str>>(
        &self,
        node: &str,
        when: Option<&When>,
        given: &impl Fn(&Address) -> I,
    ) -> bool {
        let mut when = when;
        // Choices within each other end somewhere; what a hostile server says may not.
        for _ in 0..=self.choices.len() {
            let Some(When { input, option }) = when else { return true };
            let at = Address::new(node, input);
            let Some(choice) = self.choices.get(&at) else { return false };
            let mut set = given(&at).peekable();
            let fits = if set.peek().is_some() {
                set.any(|json| same(json, option))
            } else {
                same(&choice.own, option)
            };
            if !fits {
                return false;
            }
            when = choice.when.as_ref();
        }
        false
    }

    /// Gives inputs that the workflow lacks, and a node cannot do without, what ComfyUI's page would.
    pub fn complete(&self, changes: &mut Vec<Change>) {
        for Needed { at, json, when } in &self.needed {
            let is_set =
                |changes: &[Change], at: &Address| changes.iter().any(|set| is_at(set, at));
            if is_set(changes, at) {
                continue;
            }
            let given = |choice: &Address| {
                let set = changes.iter().rev().find(|set| is_at(set, choice));
                set.map(|set| set.value.as_str()).into_iter()
            };
            if self.holds(&at.node, when.as_ref(), &given) {
                let (node, input) = (at.node.clone(), at.input.clone());
                changes.push(Change { node, input, value: json.clone() });
            }
        }
    }
}

fn is_at(change: &Change, at: &Address) -> bool {
    change.node == at.node && change.input == at.input
}

/// What a knob holds when the artist sets nothing.
pub fn own(knob: &Knob) -> Option<String> {
    knob.value.clone().or_else(|| knob.initial().filter(|_| knob.linked.is_none()))
}

/// Whether two JSON texts are one value.
fn same(one: &str, other: &str) -> bool {
    let read = |json| serde_json::from_str::<serde_json::Value>(json).ok();
    one == other || (read(one).is_some() && read(one) == read(other))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::{
        compose::{Base, Setup, WildcardFolder},
        view::{
            Axis, AxisValues, ComposeProblem, ComposeState, KnobKey, KnobValue, Many, SeedRule,
            SeedSetting,
        },
    };
    use serde_json::{Value, json};
    use std::{collections::HashMap, path::Path};
    use workflow::ObjectInfo;

    /// The prompts that a setup makes of a service with two models, and what is said of it.
    fn made(state: &ComposeState) -> (Vec<Value>, Vec<ComposeProblem>) {
        let info = json!({"Service": {
            "input": {
                "required": {"prompt": ["STRING"], "model": ["COMFY_DYNAMICCOMBO_V3", {"options": [
                    {"key": "small", "inputs": {"required": {"size": ["INT", {"min": 64, "max": 128}]}}},
                    {"key": "large", "inputs": {
                        "required": {"size": [["1K", "2K"]], "mode": ["COMFY_DYNAMICCOMBO_V3", {"options": [
                            {"key": "plain", "inputs": {}},
                            {"key": "fine", "inputs": {"required": {"passes": ["INT", {"default": 3}]}}},
                        ]}]},
                        "optional": {"seed": ["INT", {"default": 42, "max": 99}]},
                    }},
                ]}]},
                "optional": {"strength": ["FLOAT", {"max": 1.0}]},
            },
            "output": ["IMAGE"], "output_name": ["IMAGE"], "output_node": true, "name": "Service"}});
        let info = ObjectInfo::read(info.to_string().as_bytes()).unwrap();
        let prompt = json!({"1": {"class_type": "Service",
            "inputs": {"prompt": "a lake", "model": "small", "model.size": 96}}});
        let prompt = workflow::read_prompt(prompt.to_string().as_bytes()).unwrap();
        let knobs = workflow::knobs(&prompt, &info);
        let seconds = HashMap::new();
        let base = Base { prompt: &prompt, knobs: &knobs, presets: &[], seconds: &seconds };
        let setup = Setup::read(&base, state, &WildcardFolder::of(Path::new("nowhere")), 7);
        let made = setup.cells().map(|cell| {
            let prompt = workflow::apply(&prompt, &cell.changes).unwrap();
            let node: Value = serde_json::from_str(prompt.text()).unwrap();
            node["1"]["inputs"].clone()
        });
        (made.collect(), setup.problems.into_views())
    }

    fn set(values: &[(&str, &str)]) -> ComposeState {
        let value = |(input, json): &(&str, &str)| KnobValue {
            node: "1".into(),
            input: (*input).into(),
            json: (*json).into(),
        };
        ComposeState { values: values.iter().map(value).collect(), ..ComposeState::default() }
    }

    #[test]
    fn an_option_brings_what_it_needs_and_what_was_set_there() {
        let large = [("model", "\"large\"")];
        let common = |more: Value| {
            let mut inputs = json!({"prompt": "a lake", "model": "large", "model.size": "1K",
                "model.mode": "plain"});
            for (name, value) in more.as_object().unwrap() {
                inputs[name] = value.clone();
            }
            inputs
        };
        // The size of the small model means nothing to the large one: its own takes the place.
        let sized = ("model.size", "\"1K\"");
        for (more, wanted) in [
            (vec![sized], json!({})),
            (vec![("model.size", "\"2K\"")], json!({"model.size": "2K"})),
            (vec![sized, ("model.seed", "7")], json!({"model.seed": 7})),
            (
                vec![sized, ("model.mode", "\"fine\"")],
                json!({"model.mode": "fine", "model.mode.passes": 3}),
            ),
            (
                vec![sized, ("model.mode", "\"fine\""), ("model.mode.passes", "5")],
                json!({"model.mode": "fine", "model.mode.passes": 5}),
            ),
            (vec![sized, ("strength", "0.50")], json!({"strength": 0.5})),
        ] {
            let (made, problems) = made(&set(&[&large[..], &more].concat()));
            assert!(problems.is_empty(), "{problems:?}");
            assert_eq!(made, [common(wanted)], "{more:?}");
        }
    }

    #[test]
    fn the_same_input_of_two_options_is_given_what_the_chosen_one_takes() {
        let (made, problems) = made(&set(&[("model", "\"large\"")]));
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(made[0]["model.size"], "1K");
    }

    #[test]
    fn what_is_set_for_another_option_waits_without_a_word() {
        let (made, problems) =
            made(&set(&[("model.mode", "\"fine\""), ("model.seed", "7"), ("model.size", "100")]));
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(made[0], json!({"prompt": "a lake", "model": "small", "model.size": 100}));
    }

    #[test]
    fn a_value_is_checked_by_the_option_that_is_chosen() {
        let (_, problems) = made(&set(&[("model", "\"large\""), ("model.size", "96")]));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].knob.as_ref().unwrap().input, "model.size");
        let (_, problems) = made(&set(&[("model.size", "1000")]));
        assert!(problems[0].blocks && problems[0].text.contains("128"), "{problems:?}");
    }

    #[test]
    fn an_axis_over_options_gives_each_what_it_needs() {
        let axis = |input: &str, values: &[&str]| Axis {
            knobs: vec![KnobKey { node: "1".into(), input: input.into() }],
            values: AxisValues::List {
                steps: values.iter().map(|value| vec![(*value).to_owned()]).collect(),
            },
        };
        let models = axis("model", &["\"small\"", "\"large\""]);
        let sweep = |axes| ComposeState { many: Many::Sweep { axes }, ..set(&[]) };
        let (cells, problems) = made(&sweep(vec![models.clone()]));
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(cells[0]["model.size"], 96);
        assert_eq!(
            (&cells[1]["model.size"], &cells[1]["model.mode"]),
            (&json!("1K"), &json!("plain"))
        );
        let seeds = axis("model.seed", &["1", "2"]);
        let (cells, problems) = made(&sweep(vec![models, seeds.clone()]));
        assert_eq!((cells.len(), problems), (4, Vec::new()));
        let (_, problems) = made(&sweep(vec![seeds]));
        assert!(problems[0].blocks && problems[0].text.contains("not chosen"), "{problems:?}");
    }

    #[test]
    fn seeds_that_the_workflow_lacks_count_on_from_their_default() {
        let seed =
            SeedSetting { node: "1".into(), input: "model.seed".into(), rule: SeedRule::Increment };
        let batch = Many::Batch { count: 2, lines: None, pictures: Vec::new() };
        let state =
            ComposeState { many: batch, seeds: vec![seed], ..set(&[("model", "\"large\"")]) };
        let (made, _) = made(&state);
        assert_eq!((&made[0]["model.seed"], &made[1]["model.seed"]), (&json!(42), &json!(43)));
        let small = ComposeState { values: Vec::new(), ..state };
        let (made, _) = self::made(&small);
        assert!(made[0].get("model.seed").is_none(), "{made:?}");
    }
}
