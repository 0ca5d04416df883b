//! Running again what made outputs.

use super::{
    blocking,
    intake::{QUEUED_PART, join, part_of},
    parts::Parts,
};
use crate::{
    Engine,
    checks::{Shelf, Shelves},
    compose::merged_knobs,
    intake::{self, Looked, Place, look},
    view::{CommandError, CommandErrorCode, IntakeReport, WorkKind},
};
use domain::{AssetId, BatchId, WorkflowHash};
use std::{collections::HashSet, path::Path};
use store::{AssetRow, WorkflowRow};
use uuid::Uuid;
use workflow::{
    Change, Kind, Role,
    sweep::{SeedRule, seed_for, seed_max},
};

/// The most outputs that are run again at once: as many jobs as a queue bears.
const MOST_AGAIN: usize = 50_000;
/// The largest seed where no server says how large one may be: every sampler takes it.
const SAFE_SEED: u64 = u32::MAX as u64;

impl Engine {
    /// Queues what made some outputs once more: exactly as it ran, or with other seeds. Several outputs
    /// of one workflow are one job. What cannot be run again is told in the report. Many are queued in
    /// parts, a batch each; doing it twice with the same batch id queues nothing twice.
    ///
    /// # Errors
    /// When there are too many, or the database cannot be read or written before anything is queued.
    pub async fn asset_rerun(
        &self,
        ids: &[AssetId],
        batch_id: BatchId,
        new_seed: bool,
    ) -> Result<IntakeReport, CommandError> {
        if ids.len() > MOST_AGAIN {
            return Err(CommandError::new(
                CommandErrorCode::BadInput,
                format!("At most {MOST_AGAIN} outputs are run again at once. Choose fewer."),
            ));
        }
        let title = format!("Queueing what made {} outputs", ids.len());
        let mut parts = Parts::begin(self.core(), WorkKind::Queue, title, ids.len(), QUEUED_PART);
        let mut report = IntakeReport::default();
        // Of all parts: outputs of one workflow may be far from each other.
        let mut met = HashSet::new();
        for (part, ids) in ids.chunks(QUEUED_PART).enumerate() {
            if !parts.go_on() {
                break;
            }
            let queued = self.rerun_part(ids, part_of(batch_id, part), new_seed, &mut met).await;
            if let Some(queued) = parts.take(ids.len(), queued) {
                join(&mut report, queued);
            }
        }
        report.cut_off = parts.end()?;
        if report.items.is_empty() && report.cut_off.is_none() {
            return Err(CommandError::not_found("The picture"));
        }
        // Nobody reads them of an output that was seen before, and of so many they take long.
        for item in &mut report.items {
            item.facts = None;
            item.findings.clear();
        }
        Ok(report)
    }

    async fn rerun_part(
        &self,
        ids: &[AssetId],
        batch_id: BatchId,
        new_seed: bool,
        met: &mut HashSet<WorkflowHash>,
    ) -> Result<IntakeReport, CommandError> {
        let core = self.core();
        let assets = core.store.assets(ids).await?;
        let mut looked = Vec::with_capacity(assets.len());
        for asset in assets {
            match self.made_by(&asset).await? {
                Some(stored) if !met.insert(stored.hash.clone()) => {}
                Some(stored) if new_seed => {
                    let shelves = Shelves::of(core);
                    let of = asset.path;
                    looked.push(blocking(move || reseeded(&stored, &of, &shelves.read())).await?);
                }
                Some(stored) => looked.push(intake::look_at_stored(&stored)),
                None => looked.push(look::refused(
                    Path::new(&asset.path),
                    "No workflow is known of it, so it cannot be run again.".to_owned(),
                )),
            }
        }
        if looked.is_empty() {
            return Ok(IntakeReport::default());
        }
        Ok(intake::queue(core, batch_id, looked, Place::default()).await?)
    }

    /// The prompt that made an output, as JSON text: its job's, or the one in its file.
    ///
    /// # Errors
    /// When none is known or can be reached, or the database cannot be read.
    pub async fn asset_workflow(&self, id: AssetId) -> Result<String, CommandError> {
        let asset = self.core().store.asset(id).await?;
        let asset = asset.ok_or_else(|| CommandError::not_found("The picture"))?;
        let made = self.made_by(&asset).await?;
        Ok(made.ok_or_else(|| CommandError::not_found("Its workflow"))?.prompt)
    }

    /// The workflow that made an output, under its job's name or its own.
    async fn made_by(&self, asset: &AssetRow) -> Result<Option<WorkflowRow>, CommandError> {
        let store = &self.core().store;
        let job = match asset.job_id {
            Some(job) => store.job_alone(job).await?,
            None => None,
        };
        if let Some(job) = job {
            let (title, source) = (job.title, job.source);
            let stored = store.workflow(&job.workflow).await?;
            return Ok(stored.map(|stored| WorkflowRow { title, source, ..stored }));
        }
        let Some(hash) = &asset.workflow else { return Ok(None) };
        let stored = self.core().workflow(hash).await?;
        Ok(stored.map(|stored| WorkflowRow { title: asset.title.clone(), ..stored }))
    }
}

/// A stored workflow with other seeds.
fn reseeded(stored: &WorkflowRow, of: &str, shelf: &Shelf) -> Looked {
    let (chance, _) = Uuid::new_v4().as_u64_pair();
    match with_new_seeds(&stored.prompt, shelf, chance) {
        Ok(prompt) => look::stored_from(stored, &prompt),
        Err(why) => look::refused(Path::new(of), why),
    }
}

/// A prompt with other seeds, drawn by chance. Seeds that were the same still are.
fn with_new_seeds(prompt: &str, shelf: &Shelf, chance: u64) -> Result<String, String> {
    let prompt = workflow::read_prompt(prompt.as_bytes()).map_err(|error| error.to_string())?;
    let knobs = merged_knobs(&prompt, shelf);
    let seeds = knobs.all().filter_map(|knob| {
        let Kind::Int { max, .. } = &knob.kind else { return None };
        let unsaid = if knob.known { u64::MAX } else { SAFE_SEED };
        let max = max.as_deref().map_or(unsaid, seed_max);
        let free = knob.role == Role::Seed && knob.linked.is_none();
        Some((knob, knob.value.as_deref()?, max)).filter(|_| free)
    });
    // By the value that they have now: the knobs, and the least of what they take at most.
    let mut groups: Vec<(&str, u64, Vec<&workflow::Knob>)> = Vec::new();
    for (knob, now, max) in seeds {
        match groups.iter_mut().find(|(of, ..)| *of == now) {
            Some((_, least, knobs)) => {
                *least = max.min(*least);
                knobs.push(knob);
            }
            None => groups.push((now, max, vec![knob])),
        }
    }
    if groups.is_empty() {
        return Err("Its workflow has no seed that could be another one.".to_owned());
    }
    let mut changes = Vec::new();
    for ((now, max, knobs), run) in groups.into_iter().zip(0..) {
        let drawn = seed_for(SeedRule::Random, chance, run, max).value;
        // By chance it may be the one that it is already.
        let same = drawn.to_string() == now;
        let seed = if same { drawn.checked_sub(1).unwrap_or(max) } else { drawn };
        changes.extend(knobs.into_iter().map(|knob| Change {
            node: knob.node.id.clone(),
            input: knob.input.clone(),
            value: seed.to_string(),
        }));
    }
    let changed = workflow::apply(&prompt, &changes).map_err(|error| error.to_string())?;
    Ok(changed.text().to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn seeds_become_others_and_stay_the_same_where_they_were() {
        let sampler = |seed: u64| json!({ "class_type": "KSampler", "inputs": { "seed": seed, "steps": 20, "cfg": 7.0 } });
        let linked = json!({
            "class_type": "KSampler", "inputs": { "seed": ["4", 0], "steps": 20 }
        });
        let value = json!({ "class_type": "PrimitiveInt", "inputs": { "value": 5 } });
        let prompt = json!({
            "1": sampler(7), "2": sampler(7), "3": sampler(8), "4": value, "5": linked,
        });
        let text = prompt.to_string();
        for chance in 0..50 {
            let new = with_new_seeds(&text, &Shelf::default(), chance).unwrap();
            let new: Value = serde_json::from_str(&new).unwrap();
            let seed = |node: &str| new[node]["inputs"]["seed"].as_u64();
            assert_eq!(seed("1"), seed("2"));
            assert!(seed("1") != Some(7) && seed("3") != Some(8), "{new}");
            assert!(seed("1").unwrap() <= SAFE_SEED);
            assert_eq!(new["5"], prompt["5"]);
            assert_ne!(new["4"]["inputs"]["value"], 5, "it feeds a seed");
            assert_eq!(new["1"]["inputs"]["steps"], 20);
        }
        let none = json!({ "1": { "class_type": "SaveImage", "inputs": { "images": ["2", 0] } } });
        let refused = with_new_seeds(&none.to_string(), &Shelf::default(), 1).unwrap_err();
        assert!(refused.contains("no seed"), "{refused}");
    }
}
