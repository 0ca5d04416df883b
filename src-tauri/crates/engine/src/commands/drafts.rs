//! Commands about drafts, presets, and values from elsewhere.

use super::{blocking, jobs::write_whole};
use crate::{
    Engine,
    compose::{Opened, json, knob_value},
    time::now_ms,
    view::{
        ChoiceView, ChoicesView, CommandError, CommandErrorCode, ComposeState, ExportForm,
        KnobChoice, KnobValue, PresetView,
    },
};
use domain::{AssetId, DraftId, JobId, node_class::InputKind};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};
use workflow::{Change, Knobs, Lacking, Prompt, Role};

/// The longest name of a preset, in characters.
const LONGEST_NAME: usize = 200;
/// The most presets of a workflow.
const MOST_PRESETS: u32 = 500;
/// The most that a preset, or the choice of knobs, takes up as JSON, in bytes.
const LARGEST_KEPT: usize = 4 << 20;
/// The most values that one question for choices gives.
const MOST_CHOICES: usize = 200;

/// Where values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuesFrom {
    /// The newest run of the workflow.
    Last,
    /// A job.
    Job(JobId),
    /// A picture.
    Asset(AssetId),
    /// A text: a prompt, or settings as another program writes them.
    Text(String),
}

impl Engine {
    /// Values for a draft's knobs from elsewhere, with sentences about what could not be brought over.
    ///
    /// # Errors
    /// When there is nothing to take them from.
    pub async fn compose_values(
        &self,
        id: DraftId,
        from: ValuesFrom,
    ) -> Result<(Vec<KnobValue>, Vec<String>), CommandError> {
        let core = self.core();
        let opened = Opened::read(core, id, &ComposeState::default()).await?;
        let hash = match from {
            ValuesFrom::Last => {
                let last = core.store.newest_of_structure(&opened.structure).await?;
                let last = last.map(|(hash, _)| hash);
                last.ok_or_else(|| bad("This workflow has not come to a good end yet."))?
            }
            ValuesFrom::Job(id) => {
                let job = core.store.job_alone(id).await?;
                job.ok_or_else(|| CommandError::not_found("The job"))?.workflow
            }
            ValuesFrom::Asset(id) => {
                let asset = core.store.asset(id).await?;
                let asset = asset.ok_or_else(|| CommandError::not_found("The picture"))?;
                asset.workflow.ok_or_else(|| CommandError::not_found("The workflow"))?
            }
            ValuesFrom::Text(text) => return blocking(move || of_text(&opened, &text)).await?,
        };
        let row = core.workflow(&hash).await?;
        let row = row.ok_or_else(|| CommandError::not_found("The workflow"))?;
        blocking(move || {
            let other = workflow::read_prompt(row.prompt.as_bytes())
                .map_err(|error| bad(error.to_string()))?;
            Ok(of_prompt(&opened, &other))
        })
        .await?
    }

    /// Writes the first prompt of what is set up to a file.
    ///
    /// # Errors
    /// When something is wrong with what is set up, or the file cannot be written.
    pub async fn compose_export(
        &self,
        id: DraftId,
        state: ComposeState,
        path: PathBuf,
        form: ExportForm,
    ) -> Result<(), CommandError> {
        let (prompt, opened) = self.first_prompt(id, state).await?;
        blocking(move || {
            let text = match form {
                ExportForm::Prompt => prompt.text().to_owned(),
                ExportForm::Editor => {
                    // The page must send the texts as they are, not choose from them again.
                    let marked = workflow::as_written(&prompt, &opened.info);
                    let marked = marked.map_err(|error| error.to_string())?;
                    workflow::to_graph(&marked, &opened.info)
                }
            };
            write_whole(&path, text.as_bytes())
        })
        .await?
        .map_err(bad)
    }

    /// Values that a knob could have, by words in them.
    ///
    /// # Errors
    /// When the draft is not there.
    pub async fn compose_choices(
        &self,
        id: DraftId,
        node: &str,
        input: &str,
        words: &str,
        limit: u32,
    ) -> Result<ChoicesView, CommandError> {
        let core = self.core();
        let opened = Opened::read(core, id, &ComposeState::default()).await?;
        let used = core.store.name_uses().await?;
        let class = opened.prompt.node(node).map(|node| node.class.clone()).unwrap_or_default();
        let mut who: Vec<(String, Vec<domain::ServerId>)> = Vec::new();
        let mut place: HashMap<String, usize> = HashMap::new();
        let mut servers = HashSet::new();
        for (server, _, info) in opened.shelf.servers() {
            let kind = info.and_then(|info| info.get(&class)?.input(input)).map(|of| &of.kind);
            let Some(InputKind::Combo(values)) = kind else { continue };
            servers.insert(server);
            for value in values {
                let json = value.to_string();
                let at = *place.entry(json.clone()).or_insert_with(|| {
                    who.push((json, Vec::new()));
                    who.len() - 1
                });
                who[at].1.push(server);
            }
        }
        if who.is_empty() {
            // Lists that no server has in this form: those of dynamic combos.
            let of_place = opened.knobs.all_possible();
            let of_place = of_place.filter(|knob| knob.node.id == node && knob.input == input);
            for json in of_place.flat_map(listed) {
                if !who.iter().any(|(other, _)| *other == json) {
                    who.push((json, servers.iter().copied().collect()));
                }
            }
        }
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let mut choices: Vec<ChoiceView> = who
            .into_iter()
            .filter(|(json, _)| {
                let json = json.to_lowercase();
                words.iter().all(|word| json.contains(word))
            })
            .map(|(json, of)| ChoiceView {
                used: text_of(&json).and_then(|name| used.get(&name).copied()).unwrap_or(0),
                only: if of.len() < servers.len() { of } else { Vec::new() },
                gone: false,
                json,
            })
            .collect();
        // The workflow's own value is kept, whoever has it.
        let own = opened.prompt.node(node).and_then(|node| match node.input(input)? {
            workflow::Input::Value(raw) => Some(raw.get().to_owned()),
            workflow::Input::Link { .. } => None,
        });
        if let Some(json) = own
            && words.is_empty()
            // Several of a list are no choice of it.
            && !json.starts_with('[')
            && !choices.iter().any(|choice| choice.json == json)
        {
            choices.push(ChoiceView { json, used: 0, only: Vec::new(), gone: true });
        }
        // In the servers' order among those that were used as often.
        choices.sort_by_key(|choice| std::cmp::Reverse(choice.used));
        let total = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.truncate(usize::try_from(limit).unwrap_or(MOST_CHOICES).min(MOST_CHOICES));
        Ok(ChoicesView { choices, total })
    }

    /// Takes a draft off the list.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn draft_discard(&self, id: DraftId) -> Result<(), CommandError> {
        Ok(self.core().store.remove_draft(id, Some(now_ms())).await?)
    }

    /// Brings a draft back that was taken off the list.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn draft_restore(&self, id: DraftId) -> Result<(), CommandError> {
        Ok(self.core().store.remove_draft(id, None).await?)
    }

    /// Keeps named values; those of the same name are replaced.
    ///
    /// # Errors
    /// When the name is empty or too long, or the database cannot be written.
    pub async fn preset_save(
        &self,
        structure: &str,
        preset: PresetView,
    ) -> Result<(), CommandError> {
        let name = preset.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(bad(format!("Give it a name of 1 to {LONGEST_NAME} characters.")));
        }
        let store = &self.core().store;
        let values = json(&preset.values);
        if values.len() > LARGEST_KEPT {
            return Err(bad("A preset has 4 MB at most. Leave out the longest texts."));
        }
        if store.count_presets(structure).await? >= MOST_PRESETS
            && !store.presets(structure).await?.iter().any(|(other, _)| other == name)
        {
            return Err(bad(format!(
                "This workflow has {MOST_PRESETS} presets, which is the most. Remove one first."
            )));
        }
        Ok(store.put_preset(structure, name, &values).await?)
    }

    /// Removes named values.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn preset_remove(&self, structure: &str, name: &str) -> Result<(), CommandError> {
        Ok(self.core().store.remove_preset(structure, name).await?)
    }

    /// Keeps the artist's choice, names and order of a workflow's knobs.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn knobs_arrange(
        &self,
        structure: &str,
        knobs: Vec<KnobChoice>,
    ) -> Result<(), CommandError> {
        let knobs = json(&knobs);
        if knobs.len() > LARGEST_KEPT {
            return Err(bad("The names of the knobs have 4 MB at most. Make them shorter."));
        }
        Ok(self.core().store.put_arrangement(structure, &knobs).await?)
    }
}

fn bad(why: impl Into<String>) -> CommandError {
    CommandError::new(CommandErrorCode::BadInput, why)
}

fn text_of(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// What is on a knob's own list.
fn listed(knob: &workflow::Knob) -> Vec<String> {
    match &knob.kind {
        workflow::Kind::Choice { values, .. } | workflow::Kind::File { values, .. } => {
            values.to_vec()
        }
        workflow::Kind::DynamicChoice { options } => {
            options.iter().map(|option| option.value.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// Values of another prompt: all of them where it differs in values only; else those of the same node
/// and input, and those that do the same.
fn of_prompt(opened: &Opened, other: &Prompt) -> (Vec<KnobValue>, Vec<String>) {
    if workflow::difference(&opened.prompt, other).is_some() {
        // Also those that are the workflow's own: another may be set now.
        let free = opened.knobs.all().filter(|knob| knob.linked.is_none());
        let values =
            free.filter_map(|knob| match other.node(&knob.node.id)?.input(&knob.input)? {
                workflow::Input::Value(raw) => Some(KnobValue {
                    node: knob.node.id.clone(),
                    input: knob.input.clone(),
                    json: raw.get().to_owned(),
                }),
                workflow::Input::Link { .. } => None,
            });
        return (values.collect(), Vec::new());
    }
    let theirs = workflow::knobs(other, &opened.info);
    let mut values = Vec::new();
    let mut left = 0_usize;
    for knob in opened.knobs.all().filter(|knob| knob.linked.is_none()) {
        let same_place = theirs
            .get(&knob.node.id, &knob.input)
            .filter(|their| their.node.class == knob.node.class);
        let their = same_place.or_else(|| first_of(&theirs, knob.role));
        match their.and_then(|their| their.value.as_ref()) {
            Some(json) => values.push(Change {
                node: knob.node.id.clone(),
                input: knob.input.clone(),
                value: json.clone(),
            }),
            None => left += 1,
        }
    }
    for Lacking { knob, .. } in &opened.knobs.lacking {
        let their = theirs.get(&knob.node.id, &knob.input);
        let their = their.filter(|their| their.node.class == knob.node.class);
        let is_new = !values.iter().any(|of| of.node == knob.node.id && of.input == knob.input);
        if let Some(value) = their.and_then(|their| their.value.clone()).filter(|_| is_new) {
            values.push(Change { node: knob.node.id.clone(), input: knob.input.clone(), value });
        }
    }
    let notes = match left {
        0 => Vec::new(),
        1 => vec!["1 knob has no counterpart there and keeps its value.".to_owned()],
        left => vec![format!("{left} knobs have no counterpart there and keep their values.")],
    };
    (values.into_iter().map(knob_value).collect(), notes)
}

/// The first knob that does this, if it is more than "other".
fn first_of(knobs: &Knobs, role: Role) -> Option<&workflow::Knob> {
    if role == Role::Other { None } else { knobs.all().find(|knob| knob.role == role) }
}

/// Values of a text: a workflow, or settings as another program writes them.
fn of_text(opened: &Opened, text: &str) -> Result<(Vec<KnobValue>, Vec<String>), CommandError> {
    if let Ok(other) = workflow::read_prompt(text.as_bytes()) {
        return Ok(of_prompt(opened, &other));
    }
    if let Ok(read) = workflow::read(text.as_bytes())
        && let Some(graph) = read.graph
    {
        let (converted, _) = opened.shelf.convert(&graph).map_err(bad)?;
        return Ok(of_prompt(opened, &converted.prompt));
    }
    let Some(parameters) = workflow::parameters(text) else {
        return Err(bad("The clipboard holds neither a workflow nor generation settings."));
    };
    let facts = parameters.facts;
    let text = |text: Option<String>| text.map(|text| serde_json::Value::from(text).to_string());
    let number = |number: Option<String>| number.filter(|n| n.parse::<f64>().is_ok());
    let pairs = [
        (Role::Prompt, text(facts.prompt)),
        (Role::Negative, text(facts.negative)),
        (Role::Seed, number(facts.seed)),
        (Role::Steps, number(facts.steps.map(|steps| steps.to_string()))),
        (Role::Cfg, number(facts.cfg)),
        (Role::Width, number(facts.width.map(|width| width.to_string()))),
        (Role::Height, number(facts.height.map(|height| height.to_string()))),
    ];
    let values = pairs.into_iter().filter_map(|(role, json)| {
        let knob = first_of(&opened.knobs, role).filter(|knob| knob.linked.is_none())?;
        Some(KnobValue { node: knob.node.id.clone(), input: knob.input.clone(), json: json? })
    });
    let values: Vec<KnobValue> = values.collect();
    let note =
        "Taken from settings as another program writes them: words, seed, steps, CFG and size.";
    Ok((values, vec![note.to_owned()]))
}
