//! What is known of how a file was made, from what is embedded in it.

use super::saver::{saving_node, without_counter};
use crate::checks::{Shelf, Shelves};
use domain::{LoraUse, PictureFacts};
use media::EmbeddedWorkflow;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};
use store::{NewParam, NewRecipe};
use workflow::{Input, Node, ObjectInfo, Parameters, Prompt};

/// The number of the rules by which recipes are read, the facts among them. Where they become better,
/// this becomes higher: recipes of files that are in the library already are read anew then.
pub const RULES: u32 = 3;

/// Recipes that are remembered.
const MOST_KEPT: usize = 1_000;

/// Values kept of one prompt; real ones have a few hundred.
const MOST_VALUES: usize = 4_000;
/// The longest value that is kept, in bytes. Longer ones are no settings: masks, tables, scripts.
const LONGEST_VALUE: usize = 20_000;
/// The class under which settings of other programs are searched.
const PARAMETERS: &str = "parameters";

/// Recipes that were made last, by the texts they were made from: the files of a folder come from few.
#[derive(Default)]
pub struct Recipes {
    kept: Mutex<HashMap<[u8; 32], Kept>>,
    /// Where node classes are read from, once there is a file that has only the editor's graph.
    shelves: Option<Shelves>,
    shelf: OnceLock<Shelf>,
}

/// A recipe, and a sentence where its prompt could not be read.
type Kept = (Option<Arc<NewRecipe>>, Option<String>);

impl Recipes {
    /// With the node classes that servers said they have.
    pub fn new(shelves: Shelves) -> Self {
        Self { shelves: Some(shelves), ..Self::default() }
    }

    /// What the texts in a file say about how it was made; nothing if they say nothing. `name` is the
    /// file's: of several nodes that save, the one counts whose prefix it has.
    ///
    /// Also answers with a sentence where a prompt is there and cannot be read.
    pub fn of(&self, texts: &EmbeddedWorkflow, name: &str) -> Kept {
        // What was drawn says nothing more where there is what ran.
        let graph = texts.workflow.as_ref().filter(|_| texts.prompt.is_none());
        if texts.prompt.is_none() && texts.parameters.is_none() && graph.is_none() {
            return (None, None);
        }
        let mut key = blake3::Hasher::new();
        let parts = [texts.prompt.as_ref(), texts.parameters.as_ref(), graph];
        for text in parts.map(|text| text.map_or("", String::as_str)) {
            key.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        }
        key.update(without_counter(name).as_bytes());
        let key = *key.finalize().as_bytes();
        if let Some(kept) = self.lock().get(&key) {
            return kept.clone();
        }
        let shelf = || self.shelf.get_or_init(|| self.read_shelf());
        let (recipe, trouble) = recipe(texts, name, shelf);
        let made = (recipe.map(Arc::new), trouble);
        let mut kept = self.lock();
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, made.clone());
        made
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_shelf(&self) -> Shelf {
        self.shelves.as_ref().map(Shelves::read).unwrap_or_default()
    }
}

fn recipe<'a>(
    found: &EmbeddedWorkflow,
    name: &str,
    shelf: impl FnOnce() -> &'a Shelf,
) -> (Option<NewRecipe>, Option<String>) {
    let settings = found.parameters.as_deref().and_then(workflow::parameters);
    let cannot = |why: String| (None, Some(format!("The workflow in it cannot be read. {why}")));
    let (made, trouble) = match (&found.prompt, &found.workflow) {
        (Some(prompt), _) => match workflow::read_prompt(prompt.as_bytes()) {
            Ok(prompt) => (Some(of_prompt(&prompt, name)), None),
            Err(error) => cannot(error.to_string()),
        },
        (None, Some(graph)) => match of_graph(graph, name, shelf()) {
            Ok(made) => (made, None),
            // Some other program's, perhaps: what made it is said beside it.
            Err(_) if settings.is_some() => (None, None),
            Err(why) => cannot(why),
        },
        (None, None) => (None, None),
    };
    let recipe = match (made, settings) {
        (Some(mut made), settings) => {
            if let Some(settings) = settings {
                fill(&mut made.facts, settings.facts);
            }
            Some(made)
        }
        (None, Some(settings)) => {
            Some(of_parameters(found.parameters.as_deref().unwrap_or_default(), settings))
        }
        (None, None) => None,
    };
    (recipe, trouble)
}

/// What a graph says as the editor draws it, once it is what would run. Where no server ever said what
/// its node classes are, it is what the graph itself says: newer ones name the inputs of their values.
/// Nothing of it would run.
fn of_graph(graph: &str, name: &str, shelf: &Shelf) -> Result<Option<NewRecipe>, String> {
    if shelf.knows_any() {
        let (converted, _) = shelf.converted(graph)?;
        let is_something = !converted.prompt.nodes().is_empty();
        return Ok(is_something.then(|| of_prompt(&converted.prompt, name)));
    }
    let converted =
        workflow::convert(graph, &ObjectInfo::default()).map_err(|error| error.to_string())?;
    if converted.prompt.nodes().is_empty() {
        return Ok(None);
    }
    let made = of_prompt(&converted.prompt, name);
    let digest = format!("{}-drawn", made.digest);
    Ok(Some(NewRecipe { digest, workflow: None, structure: None, rerunnable: false, ..made }))
}

fn of_prompt(prompt: &Prompt, name: &str) -> NewRecipe {
    let saver = saving_node(prompt, name).map(|node| node.id.clone()).unwrap_or_default();
    recipe_of(prompt, &saver, workflow::facts(prompt, &saver))
}

/// A digest of what a recipe was read from: by other rules it is another recipe.
fn by_rules(digest: &blake3::Hash) -> String {
    format!("{}.{RULES}", digest.to_hex())
}

/// What made the outputs of a node, whose facts are these.
pub fn recipe_of(prompt: &Prompt, node: &str, facts: PictureFacts) -> NewRecipe {
    let hash = prompt.hash();
    let mut digest = blake3::Hasher::new();
    digest.update(hash.0.as_bytes()).update(node.as_bytes());
    NewRecipe {
        digest: by_rules(&digest.finalize()),
        facts,
        workflow: Some(hash),
        structure: Some(workflow::structure(prompt)),
        sources: prompt.nodes().iter().any(|node| loads_picture(node)),
        // The prompt is in the file, or with the job.
        rerunnable: true,
        params: Some(values(prompt)),
    }
}

fn of_parameters(text: &str, settings: Parameters) -> NewRecipe {
    let facts = settings.facts;
    let value = |input: &str, text: String| param(PARAMETERS, input, text);
    let known = [
        ("Steps", facts.steps.map(|steps| steps.to_string())),
        ("Sampler", facts.sampler.clone()),
        ("Schedule type", facts.scheduler.clone()),
        ("CFG scale", facts.cfg.clone()),
        ("Seed", facts.seed.clone()),
        ("Denoising strength", facts.denoise.clone()),
    ];
    let known = known.into_iter().filter_map(|(name, text)| Some(value(name, text?)));
    let others = settings.others.into_iter().map(|(name, text)| value(&name, text));
    let values = known.chain(others).filter(|value| value.text.len() <= LONGEST_VALUE).collect();
    let digest = by_rules(&blake3::hash(text.as_bytes()));
    NewRecipe { digest, facts, params: Some(values), ..NewRecipe::default() }
}

/// Facts that the graph does not say are those of the settings beside it.
fn fill(facts: &mut PictureFacts, other: PictureFacts) {
    fn one<T>(here: &mut Option<T>, there: Option<T>) {
        if here.is_none() {
            *here = there;
        }
    }
    one(&mut facts.prompt, other.prompt);
    one(&mut facts.negative, other.negative);
    one(&mut facts.seed, other.seed);
    one(&mut facts.sampler, other.sampler);
    one(&mut facts.scheduler, other.scheduler);
    one(&mut facts.steps, other.steps);
    one(&mut facts.cfg, other.cfg);
    one(&mut facts.denoise, other.denoise);
    one(&mut facts.width, other.width);
    one(&mut facts.height, other.height);
    if facts.models.is_empty() {
        facts.models = other.models;
    }
    if facts.other_models.is_empty() {
        facts.other_models = other.other_models;
    }
    if facts.loras.is_empty() {
        facts.loras = other.loras.into_iter().collect::<Vec<LoraUse>>();
    }
}

fn param(class: &str, input: &str, text: String) -> NewParam {
    let num = text.parse().ok().filter(|num: &f64| num.is_finite());
    NewParam { class: class.to_owned(), input: input.to_owned(), text, num }
}

/// Every value of every node that a person could search for, each once as it is written.
pub fn values(prompt: &Prompt) -> Vec<NewParam> {
    let mut seen = HashSet::new();
    let mut values = Vec::new();
    for node in prompt.nodes() {
        for (name, input) in &node.inputs {
            let Input::Value(raw) = input else { continue };
            if !seen.insert((node.class.as_str(), name.as_str(), raw.get())) {
                continue;
            }
            let loras = input.loras().into_iter().map(|used| used.name);
            for text in input.text().into_iter().chain(loras) {
                if values.len() == MOST_VALUES {
                    return values;
                }
                if text.len() <= LONGEST_VALUE {
                    values.push(param(&node.class, name, text));
                }
            }
        }
    }
    values
}

/// Whether a node begins with a picture of the artist's.
fn loads_picture(node: &Node) -> bool {
    const ENDS: [&str; 8] =
        [".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".webm", ".png [input]"];
    node.inputs.iter().any(|(name, input)| {
        matches!(name.as_str(), "image" | "video" | "file" | "mask")
            && input.string().is_some_and(|text| {
                let text = text.to_ascii_lowercase();
                ENDS.iter().any(|end| text.ends_with(end))
            })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TWO_SAVERS: &str = r#"{
"1":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"night.safetensors"}},
"2":{"class_type":"CLIPTextEncode","inputs":{"text":"a harbour","clip":["1",1]}},
"3":{"class_type":"CLIPTextEncode","inputs":{"text":"blur","clip":["1",1]}},
"4":{"class_type":"EmptyLatentImage","inputs":{"width":768,"height":512,"batch_size":1}},
"5":{"class_type":"KSampler","inputs":{"seed":7,"steps":20,"cfg":7.5,"sampler_name":"euler","scheduler":"normal","denoise":1,"model":["1",0],"positive":["2",0],"negative":["3",0],"latent_image":["4",0]}},
"6":{"class_type":"VAEDecode","inputs":{"samples":["5",0],"vae":["1",2]}},
"7":{"class_type":"SaveImage","inputs":{"images":["6",0],"filename_prefix":"first/night"}},
"8":{"class_type":"KSampler","inputs":{"seed":99,"steps":8,"cfg":2,"sampler_name":"dpmpp_2m","scheduler":"karras","denoise":0.4,"model":["1",0],"positive":["2",0],"negative":["3",0],"latent_image":["5",0]}},
"9":{"class_type":"VAEDecode","inputs":{"samples":["8",0],"vae":["1",2]}},
"10":{"class_type":"SaveImage","inputs":{"images":["9",0],"filename_prefix":"%date:yyyy%-night-large"}},
"11":{"class_type":"PreviewImage","inputs":{"images":["6",0]}}}"#;

    fn embedded(prompt: &str) -> EmbeddedWorkflow {
        EmbeddedWorkflow { prompt: Some(prompt.to_owned()), ..EmbeddedWorkflow::default() }
    }

    fn read(found: &EmbeddedWorkflow, name: &str) -> Kept {
        Recipes::default().of(found, name)
    }

    #[test]
    fn a_lora_of_a_stack_is_a_value_of_its_node() {
        let prompt = r#"{"1":{"class_type":"Power Lora Loader (rgthree)","inputs":{
            "lora_1":{"on":true,"lora":"film.safetensors","strength":0.8},
            "lora_2":{"on":false,"lora":"off.safetensors","strength":1}}}}"#;
        let values = values(&workflow::read_prompt(prompt.as_bytes()).unwrap());
        let values: Vec<_> =
            values.iter().map(|value| (value.input.as_str(), value.text.as_str())).collect();
        assert_eq!(values, [("lora_1", "film.safetensors")]);
    }

    #[test]
    fn what_only_the_editor_saved_says_what_it_can_without_any_server() {
        let graph = |widgets: bool| {
            let widget = |name: &str| match widgets {
                true => {
                    format!(r#"{{"name":"{name}","type":"STRING","widget":{{"name":"{name}"}}}}"#)
                }
                false => String::new(),
            };
            let found = format!(
                r#"{{"nodes":[
{{"id":1,"type":"CheckpointLoaderSimple","inputs":[{}],"outputs":[{{"name":"MODEL","type":"MODEL","links":[1]}}],"widgets_values":["night.safetensors"]}},
{{"id":2,"type":"KSampler","inputs":[{{"name":"model","type":"MODEL","link":1}}{}{},{{"name":"positive","type":"CONDITIONING","link":2}}],"outputs":[{{"name":"LATENT","type":"LATENT","links":[3]}}],"widgets_values":[7,"randomize",20]}},
{{"id":3,"type":"CLIPTextEncode","inputs":[{}],"outputs":[{{"name":"CONDITIONING","type":"CONDITIONING","links":[2]}}],"widgets_values":["a harbour"]}},
{{"id":4,"type":"SaveImage","inputs":[{{"name":"images","type":"IMAGE","link":3}}],"widgets_values":[]}}],
"links":[[1,1,0,2,0,"MODEL"],[2,3,0,2,1,"CONDITIONING"],[3,2,0,4,0,"IMAGE"]]}}"#,
                widget("ckpt_name"),
                if widgets { "," } else { "" },
                if widgets {
                    format!("{},{}", widget("seed"), widget("steps"))
                } else {
                    String::new()
                },
                widget("text"),
            );
            EmbeddedWorkflow { workflow: Some(found), ..EmbeddedWorkflow::default() }
        };
        let (made, trouble) = read(&graph(true), "a.png");
        assert_eq!(trouble, None);
        let made = made.unwrap();
        assert_eq!(made.facts.models, ["night.safetensors"]);
        assert_eq!(made.facts.prompt.as_deref(), Some("a harbour"));
        assert_eq!((made.facts.seed.as_deref(), made.facts.steps), (Some("7"), Some(20)));
        // Nobody knows yet what of it would run.
        assert!(made.workflow.is_none() && made.structure.is_none() && !made.rerunnable);
        // Without names nothing is guessed.
        let (made, _) = read(&graph(false), "a.png");
        assert_eq!(made.unwrap().facts, PictureFacts::default());
        let broken =
            EmbeddedWorkflow { workflow: Some("{\"nodes\":[".into()), ..Default::default() };
        let (made, trouble) = read(&broken, "a.png");
        assert_eq!(made, None);
        assert!(trouble.unwrap().starts_with("The workflow in it cannot be read."));
    }

    #[test]
    fn facts_are_those_of_the_node_that_saved_the_file() {
        let found = embedded(TWO_SAVERS);
        for (name, seed) in [
            ("night_00001_.png", "7"),
            ("2026-night-large_00001_.png", "99"),
            // Renamed: the first that saves.
            ("holiday.png", "7"),
        ] {
            let (made, trouble) = read(&found, name);
            assert_eq!(trouble, None);
            let made = made.unwrap();
            assert_eq!(made.facts.seed.as_deref(), Some(seed), "{name}");
            assert_eq!(made.facts.prompt.as_deref(), Some("a harbour"));
        }
        let digest = |name| read(&found, name).0.unwrap().digest.clone();
        assert_eq!(digest("night_00001_.png"), digest("night_00002_.png"));
        assert_ne!(digest("night_00001_.png"), digest("2026-night-large_00001_.png"));
    }

    #[test]
    fn every_value_of_every_node_is_kept_once() {
        let made = read(&embedded(TWO_SAVERS), "night_1.png").0.unwrap();
        let params = made.params.clone().unwrap();
        let has = |class: &str, input: &str, text: &str| {
            let is = |p: &&NewParam| p.class == class && p.input == input && p.text == text;
            params.iter().filter(is).count()
        };
        assert_eq!(has("KSampler", "steps", "20"), 1);
        assert_eq!(has("KSampler", "steps", "8"), 1);
        assert_eq!(has("KSampler", "denoise", "0.4"), 1);
        assert_eq!(has("SaveImage", "filename_prefix", "first/night"), 1);
        assert_eq!(params.iter().filter(|value| value.input == "model").count(), 0);
        assert!(made.structure.is_some() && made.workflow.is_some() && !made.sources);
    }

    #[test]
    fn settings_of_other_programs_are_facts_and_values() {
        let plain = "a quiet harbour\nNegative prompt: blur\nSteps: 30, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x768, Model: night, Clip skip: 2";
        let object =
            r#"{"sui_image_params": {"prompt": "a quiet harbour", "steps": 30, "Clip skip": 2}}"#;
        for text in [plain, object] {
            let found = EmbeddedWorkflow { parameters: Some(text.into()), ..Default::default() };
            let made = read(&found, "00001-42.png").0.unwrap();
            let params = made.params.clone().unwrap();
            assert_eq!(made.facts.prompt.as_deref(), Some("a quiet harbour"));
            assert_eq!(made.facts.steps, Some(30));
            let value = |input: &str| {
                params.iter().find(|value| value.input == input).map(|value| value.text.as_str())
            };
            assert_eq!((value("Clip skip"), value("Steps")), (Some("2"), Some("30")));
            assert!(made.structure.is_none() && made.workflow.is_none() && !made.rerunnable);
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_and_nothing_is_made_up() {
        assert_eq!(read(&EmbeddedWorkflow::default(), "a.png"), (None, None));
        let (nothing, trouble) = read(&embedded("{\"1\":"), "a.png");
        assert_eq!(nothing, None);
        assert!(trouble.unwrap().starts_with("The workflow in it cannot be read."));
        let text = "x\nSteps: 30, Sampler: Euler a, CFG scale: 7, Seed: 42";
        let both = EmbeddedWorkflow {
            prompt: Some("{\"1\":".into()),
            parameters: Some(text.into()),
            ..Default::default()
        };
        let (settings, trouble) = read(&both, "a.png");
        assert_eq!(settings.unwrap().facts.seed.as_deref(), Some("42"));
        assert!(trouble.is_some());
    }

    #[test]
    fn files_that_were_counted_up_share_a_recipe() {
        let recipes = Recipes::default();
        let found = embedded(TWO_SAVERS);
        let of = |name: &str| recipes.of(&found, name).0.unwrap();
        assert!(Arc::ptr_eq(&of("night_00001_.png"), &of("night_00002_.png")));
        assert_ne!(of("night_00001_.png").digest, of("2026-night-large_00001_.png").digest);
    }
}
