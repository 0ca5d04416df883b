//! Knobs of real workflows, where the corpus is at hand (`../shared/corpus` beside the project).

use std::{collections::BTreeMap, path::Path};
use workflow::{Change, Input, ObjectInfo, Prompt, Role, apply, convert, difference, knobs};

fn prompts(folder: &Path, info: &ObjectInfo) -> Vec<Prompt> {
    std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|case| std::fs::read_to_string(case.unwrap().path().join("workflow.json")).ok())
        .map(|graph| convert(&graph, info).unwrap().prompt)
        .collect()
}

fn count(prompts: &[Prompt], info: &ObjectInfo) -> BTreeMap<Role, usize> {
    let mut counts = BTreeMap::new();
    for prompt in prompts {
        let found = knobs(prompt, info);
        let mut roles: Vec<Role> =
            found.all().filter(|knob| knob.linked.is_none()).map(|knob| knob.role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles.into_iter().for_each(|role| *counts.entry(role).or_default() += 1);
    }
    counts
}

#[test]
fn real_workflows_have_the_knobs_that_artists_look_for() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if !corpus.is_dir() {
        println!("corpus: not here, 0 cases");
        return;
    }
    let info = std::fs::read(corpus.join("object_info_0.28.2_with_models.json")).unwrap();
    let info = ObjectInfo::read(&info).unwrap();
    // What has none was looked at: services without words or seeds, and work on pictures alone.
    for (set, least) in [
        (
            "templates",
            [
                (Role::Prompt, 197),
                (Role::Negative, 74),
                (Role::Seed, 202),
                (Role::Width, 66),
                (Role::Steps, 87),
                (Role::Model, 193),
                (Role::Lora, 31),
                (Role::Picture, 142),
                (Role::SavePrefix, 224),
            ],
        ),
        (
            "real",
            [
                (Role::Prompt, 111),
                (Role::Negative, 98),
                (Role::Seed, 113),
                (Role::Width, 98),
                (Role::Steps, 112),
                (Role::Model, 113),
                (Role::Lora, 6),
                (Role::Picture, 52),
                (Role::SavePrefix, 112),
            ],
        ),
    ] {
        let prompts = prompts(&corpus.join(set), &info);
        let counts = count(&prompts, &info);
        println!("{set}: of {} workflows, so many have {counts:?}", prompts.len());
        println!("{set}, without classes: {:?}", count(&prompts, &ObjectInfo::default()));
        for (role, least) in least {
            let many = counts.get(&role).copied().unwrap_or_default();
            assert!(many >= least, "{set}: {many} have {role:?}, {least} had");
        }
    }
}

#[test]
fn real_workflows_are_patched_bit_for_bit() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if !corpus.is_dir() {
        println!("corpus: not here, 0 cases");
        return;
    }
    let info = std::fs::read(corpus.join("object_info_0.28.2_with_models.json")).unwrap();
    let info = ObjectInfo::read(&info).unwrap();
    let prompts = prompts(&corpus.join("templates"), &info);
    for prompt in &prompts {
        let changes: Vec<Change> = knobs(prompt, &info)
            .all()
            .filter(|knob| knob.value.is_some())
            .map(|knob| Change {
                node: knob.node.id.clone(),
                input: knob.input.clone(),
                value: format!("\"{} was here\"", knob.label),
            })
            .collect();
        let patched = apply(prompt, &changes).unwrap();
        assert_eq!(difference(prompt, &patched).unwrap().len(), changes.len());
        let back = apply(&patched, &difference(&patched, prompt).unwrap()).unwrap();
        assert_eq!(back.text(), prompt.text());
        let value = |input: &Input| input.string().unwrap_or_default();
        for change in &changes {
            let set = patched.node(&change.node).unwrap().input(&change.input).unwrap();
            assert_eq!(serde_json::to_string(&value(set)).unwrap(), change.value);
        }
    }
    println!("patched there and back: {} workflows", prompts.len());
}
