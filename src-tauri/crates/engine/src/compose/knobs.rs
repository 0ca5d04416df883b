//! Knobs, as the page sees them.

use super::options::own;
use crate::view::{
    FileKind, KnobChoice, KnobKind, KnobRole, KnobSection, KnobView, KnobWhen, ValueType,
};
use domain::{NodeClass, node_class::InputKind};
use std::collections::{HashMap, HashSet};
use workflow::{Kind, Knob, Knobs, ObjectInfo, Prompt, Role, Section};

/// The most values of a list that come with a knob; the rest is asked for.
const MOST_VALUES: usize = 40;

/// The classes of a prompt's nodes as all servers together have them: what any of them has on a list
/// can be chosen.
pub fn merged(prompt: &Prompt, infos: &[&ObjectInfo]) -> ObjectInfo {
    let mut classes: HashMap<&str, NodeClass> = HashMap::new();
    for node in prompt.nodes() {
        if classes.contains_key(node.class.as_str()) {
            continue;
        }
        let mut found = infos.iter().filter_map(|info| info.get(&node.class));
        let Some(first) = found.next() else { continue };
        let mut class = first.clone();
        for other in found {
            for input in &mut class.inputs {
                if let (InputKind::Combo(values), Some(InputKind::Combo(more))) =
                    (&mut input.kind, other.input(&input.name).map(|input| &input.kind))
                {
                    let had: HashSet<String> = values.iter().map(ToString::to_string).collect();
                    values.extend(more.iter().filter(|v| !had.contains(&v.to_string())).cloned());
                }
            }
        }
        classes.insert(&node.class, class);
    }
    ObjectInfo::new(classes.into_values())
}

/// The knobs in the artist's order: those of the choice first, as it has them, then all others, and
/// last those that the workflow has no value for.
pub fn knob_views(knobs: &Knobs, choice: &[KnobChoice]) -> Vec<KnobView> {
    let mut views: Vec<KnobView> = Vec::new();
    for group in &knobs.groups {
        views.extend(group.knobs.iter().map(|knob| knob_view(knob, group.section)));
    }
    views.extend(knobs.lacking.iter().map(|lacking| knob_view(&lacking.knob, lacking.section)));
    let place: HashMap<(&str, &str), usize> = choice
        .iter()
        .enumerate()
        .map(|(at, knob)| ((knob.node.as_str(), knob.input.as_str()), at))
        .collect();
    for view in &mut views {
        if let Some(at) = place.get(&(view.node.as_str(), view.input.as_str())) {
            let chosen = &choice[*at];
            view.hidden = chosen.hidden;
            // A name that was emptied is none.
            if let Some(label) = chosen.label.as_ref().filter(|label| !label.trim().is_empty()) {
                view.label.clone_from(label);
                view.own_label = Some(label.clone());
            }
        }
    }
    // Within their sections: a section is where an artist looks for them.
    views.sort_by_key(|view| {
        let at = place.get(&(view.node.as_str(), view.input.as_str()));
        (section_place(view.section), at.copied().unwrap_or(usize::MAX))
    });
    views
}

fn knob_view(knob: &Knob, section: Section) -> KnobView {
    KnobView {
        node: knob.node.id.clone(),
        input: knob.input.clone(),
        label: knob.label.clone(),
        own_label: None,
        title: knob.node.title.clone(),
        class: knob.node.class.clone(),
        role: role(knob.role),
        section: section_of(section),
        kind: kind(&knob.kind),
        json: own(knob).unwrap_or_else(|| "null".to_owned()),
        default: knob.default.as_deref().map(str::to_owned),
        tooltip: knob.tooltip.as_deref().map(str::to_owned),
        linked: knob.linked.as_ref().map(|link| match &link.output {
            Some(output) => format!("{}, {output}", link.node.title),
            None => link.node.title.clone(),
        }),
        controlled: knob.controlled,
        hidden: false,
        absent: knob.value.is_none() && knob.linked.is_none(),
        required: knob.required,
        when: knob
            .when
            .as_ref()
            .map(|when| KnobWhen { input: when.input.clone(), json: when.option.clone() }),
    }
}

fn kind(kind: &Kind) -> KnobKind {
    match kind {
        Kind::Int { min, max, step } => {
            KnobKind::Int { min: min.clone(), max: max.clone(), step: step.clone() }
        }
        Kind::Float { min, max, step, .. } => {
            KnobKind::Float { min: min.clone(), max: max.clone(), step: step.clone() }
        }
        Kind::Boolean { on, off } => KnobKind::Boolean {
            on: on.as_deref().map(str::to_owned),
            off: off.as_deref().map(str::to_owned),
        },
        Kind::Text { multiline, .. } => KnobKind::Text { multiline: *multiline },
        Kind::Other { .. } => KnobKind::Json,
        Kind::Several { types } => several(types),
        Kind::Choice { values, many, .. } => {
            let (values, total) = first(values.iter().cloned(), values.len());
            if *many {
                KnobKind::Choices { values, total }
            } else {
                KnobKind::Choice { values, total }
            }
        }
        Kind::DynamicChoice { options } => {
            let values = options.iter().map(|option| option.value.clone());
            let (values, total) = first(values, options.len());
            KnobKind::Choice { values, total }
        }
        Kind::File { what, .. } => KnobKind::File {
            what: match what {
                workflow::FileKind::Picture | workflow::FileKind::Other => FileKind::Picture,
                workflow::FileKind::Mask => FileKind::Mask,
                workflow::FileKind::Video => FileKind::Video,
                workflow::FileKind::Audio => FileKind::Audio,
                workflow::FileKind::Model3d => FileKind::Model3d,
            },
        },
    }
}

/// The first values of a list, and how many it has.
fn first(values: impl Iterator<Item = String>, total: usize) -> (Vec<String>, u32) {
    (values.take(MOST_VALUES).collect(), u32::try_from(total).unwrap_or(u32::MAX))
}

/// One of several types. Those that only a link can bring (`IMAGE`) are edited as JSON, as are all
/// that nobody knows.
fn several(types: &[String]) -> KnobKind {
    let mut found: Vec<ValueType> = Vec::new();
    for name in types {
        let these: &[ValueType] = match name.as_str() {
            "INT" => &[ValueType::Int],
            "FLOAT" => &[ValueType::Float],
            "BOOLEAN" => &[ValueType::Boolean],
            "STRING" => &[ValueType::Text],
            "*" => &[ValueType::Text, ValueType::Float, ValueType::Boolean, ValueType::Json],
            _ => &[ValueType::Json],
        };
        found.extend(these.iter().filter(|one| !found.contains(one)).copied().collect::<Vec<_>>());
    }
    if found.iter().all(|one| *one == ValueType::Json) {
        return KnobKind::Json;
    }
    KnobKind::Several { types: found }
}

fn role(role: Role) -> KnobRole {
    match role {
        Role::Prompt => KnobRole::Prompt,
        Role::Negative => KnobRole::Negative,
        Role::Text => KnobRole::Text,
        Role::Seed => KnobRole::Seed,
        Role::Steps => KnobRole::Steps,
        Role::Cfg => KnobRole::Cfg,
        Role::Sampler => KnobRole::Sampler,
        Role::Scheduler => KnobRole::Scheduler,
        Role::Denoise => KnobRole::Denoise,
        Role::Width => KnobRole::Width,
        Role::Height => KnobRole::Height,
        Role::Length => KnobRole::Length,
        Role::BatchSize => KnobRole::BatchSize,
        Role::Picture => KnobRole::Picture,
        Role::Mask => KnobRole::Mask,
        Role::Video => KnobRole::Video,
        Role::Audio => KnobRole::Audio,
        Role::Model => KnobRole::Model,
        Role::Lora => KnobRole::Lora,
        Role::LoraStrength => KnobRole::LoraStrength,
        Role::SavePrefix => KnobRole::SavePrefix,
        Role::Other => KnobRole::Other,
    }
}

fn section_of(section: Section) -> KnobSection {
    match section {
        Section::Words => KnobSection::Words,
        Section::Sampling => KnobSection::Sampling,
        Section::Size => KnobSection::Size,
        Section::PicturesIn => KnobSection::PicturesIn,
        Section::Models => KnobSection::Models,
        Section::Saving => KnobSection::Saving,
        Section::Rest => KnobSection::Rest,
    }
}

fn section_place(section: KnobSection) -> u8 {
    match section {
        KnobSection::Words => 0,
        KnobSection::Sampling => 1,
        KnobSection::Size => 2,
        KnobSection::PicturesIn => 3,
        KnobSection::Models => 4,
        KnobSection::Saving => 5,
        KnobSection::Rest => 6,
    }
}
