//! Fills a library with made-up assets, for tests and benches that need many. No part of the app: the
//! feature `dev` brings it.
//!
//! The same number and seed give the same library, but for ids of jobs. Files and thumbnails are not
//! made: who needs them finds by [`content_hash`] what each thumbnail is called, and by [`place`] where
//! each file would lie below the root.

use crate::{
    BatchRow, JobRow, Kind, MarkChange, NewAsset, NewBatch, NewMade, NewParam, NewPlace, NewRecipe,
    Result, RootId, RootKind, Store, WorkflowRow,
};
use domain::{AssetId, BatchId, JobId, JobState, LoraUse, Outcome, PictureFacts, WorkflowHash};
use std::sync::Arc;
use uuid::Uuid;

/// Assets that are added together.
const AT_ONCE: u32 = 5_000;
/// Assets of one recipe: what a batch of four, or a run again, makes.
const OF_RECIPE: u32 = 4;
/// Recipes that share their words.
const OF_TEXT: u32 = 5;
/// Of so many assets one is an output of a job; the others are imported.
const OF_OUTPUT: u32 = 10;
/// Outputs of one job.
const OF_JOB: u32 = 100;
/// Files in one folder.
const OF_FOLDER: u32 = 400;
/// The first asset's time: a day in 2023.
const BEGAN: i64 = 1_690_000_000_000;
/// Milliseconds from one asset to the next.
const STEP: i64 = 100_000;

const MODELS: u64 = 40;
const LORAS: u64 = 200;
const WORDS: u64 = 6_000;
const STRUCTURES: u64 = 60;
const SHAPES: [(u32, u32); 5] = [(1024, 1024), (832, 1216), (1216, 832), (1152, 864), (1536, 640)];
const SAMPLERS: [&str; 5] = ["euler", "euler_ancestral", "dpmpp_2m", "dpmpp_2m_sde", "uni_pc"];
const SCHEDULERS: [&str; 4] = ["normal", "karras", "simple", "sgm_uniform"];
const TAGS: [&str; 8] =
    ["for print", "client", "reference", "portrait", "keep", "later", "sketch", "textures"];

/// What is made.
#[derive(Clone, Debug)]
pub struct Fill {
    /// How many assets.
    pub assets: u32,
    /// Another seed gives another library.
    pub seed: u64,
    /// Widget values of each recipe, beside the usual ones: 0 for none at all.
    pub params: u32,
    /// The root of imported files, and of outputs.
    pub root: Vec<u8>,
}

impl Default for Fill {
    fn default() -> Self {
        Self { assets: 100_000, seed: 1, params: 40, root: b"/made-up".to_vec() }
    }
}

/// Numbers by chance that are the same everywhere: SplitMix64.
struct Chance(u64);

impl Chance {
    fn of(seed: u64, number: u32) -> Self {
        Self(seed.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ (u64::from(number) << 20))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number below `end`, small ones far more often than large ones.
    fn skewed(&mut self, end: u64) -> u64 {
        let a = self.below(end) + 1;
        self.below(a)
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        // No list here is empty, and none is long.
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }
}

/// The id of an asset, by its number from 0.
pub fn asset_id(seed: u64, number: u32) -> AssetId {
    let mut chance = Chance::of(seed ^ 0xa55e7, number);
    let high = u128::from((created_at(number).unsigned_abs() << 16) | 0x7000);
    AssetId(Uuid::from_u128((high << 64) | u128::from(chance.next() >> 2 | 1 << 63)))
}

/// The hash of an asset's content, by its number from 0.
pub fn content_hash(seed: u64, number: u32) -> String {
    blake3::hash(format!("content {seed} {number}").as_bytes()).to_hex().to_string()
}

/// Where an asset lies below the root, by its number from 0.
pub fn place(number: u32) -> String {
    let (folder, file) = (number / OF_FOLDER, number % OF_FOLDER);
    format!("{}/batch_{folder:05}/ComfyUI_{file:05}_.png", 2023 + folder / 1_000)
}

fn created_at(number: u32) -> i64 {
    BEGAN + i64::from(number) * STEP
}

/// A word by its number: four letters to eight, the same for the same number.
fn word(number: u64) -> String {
    const PARTS: [&str; 20] = [
        "ba", "lo", "mir", "ten", "sa", "ve", "no", "kri", "ul", "fen", "da", "or", "pi", "gra",
        "hu", "zel", "ti", "qua", "se", "wyn",
    ];
    let part = |number: u64| PARTS[usize::try_from(number % 20).unwrap_or(0)];
    format!("{}{}{}", part(number), part(number / 20), part(number / 400))
}

fn words(chance: &mut Chance, count: u64) -> String {
    let list: Vec<String> = (0..count).map(|_| word(chance.skewed(WORDS))).collect();
    list.join(" ")
}

fn facts(seed: u64, recipe: u32) -> PictureFacts {
    let mut text = Chance::of(seed ^ 1, recipe / OF_TEXT);
    let mut own = Chance::of(seed ^ 2, recipe);
    let prompt = format!("a {} window light, {}", word(text.below(300)), words(&mut text, 30));
    let negative = format!("blurry, {}", words(&mut Chance(text.below(200)), 10));
    let model = format!("models/{}_v{}.safetensors", word(text.skewed(MODELS) + 40), 2);
    let loras = (0..text.below(3))
        .map(|_| LoraUse {
            name: format!("{}-style.safetensors", word(text.skewed(LORAS) + 500)),
            strength: Some("0.8".to_owned()),
        })
        .collect();
    let (width, height) = own.one_of(&SHAPES);
    PictureFacts {
        prompt: Some(prompt),
        negative: Some(negative),
        models: vec![model],
        other_models: Vec::new(),
        loras,
        seed: Some(own.next().to_string()),
        sampler: Some(own.one_of(&SAMPLERS).to_owned()),
        scheduler: Some(own.one_of(&SCHEDULERS).to_owned()),
        steps: u32::try_from(15 + own.below(36)).ok(),
        cfg: Some(format!("{}.{}", 1 + own.below(10), own.below(2) * 5)),
        denoise: Some(if own.below(5) == 0 { "0.55" } else { "1.0" }.to_owned()),
        width: Some(width),
        height: Some(height),
    }
}

fn param(class: &str, input: &str, text: String) -> NewParam {
    let num = text.parse().ok();
    NewParam { class: class.to_owned(), input: input.to_owned(), text, num }
}

fn params(facts: &PictureFacts, structure: u64, more: u32) -> Vec<NewParam> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut list = vec![
        param("KSampler", "seed", text(&facts.seed)),
        param("KSampler", "steps", facts.steps.unwrap_or(0).to_string()),
        param("KSampler", "cfg", text(&facts.cfg)),
        param("KSampler", "sampler_name", text(&facts.sampler)),
        param("KSampler", "scheduler", text(&facts.scheduler)),
        param("KSampler", "denoise", text(&facts.denoise)),
        param("CLIPTextEncode", "text", text(&facts.prompt)),
        param("CLIPTextEncode", "text", text(&facts.negative)),
        param("CheckpointLoaderSimple", "ckpt_name", facts.models.concat()),
        param("EmptyLatentImage", "width", facts.width.unwrap_or(0).to_string()),
        param("EmptyLatentImage", "height", facts.height.unwrap_or(0).to_string()),
        param("SaveImage", "filename_prefix", "ComfyUI".to_owned()),
    ];
    for lora in &facts.loras {
        list.push(param("LoraLoader", "lora_name", lora.name.clone()));
        list.push(param("LoraLoader", "strength_model", "0.8".to_owned()));
    }
    for at in 0..more {
        let class = format!("Node{}", (structure + u64::from(at)) % 50);
        list.push(param(&class, "amount", (at % 7).to_string()));
    }
    list
}

fn recipe(fill: &Fill, number: u32) -> NewRecipe {
    let facts = facts(fill.seed, number);
    let structure = Chance::of(fill.seed ^ 3, number / OF_TEXT).skewed(STRUCTURES);
    let hash = |of: &str| blake3::hash(format!("{of} {} {number}", fill.seed).as_bytes()).to_hex();
    NewRecipe {
        digest: hash("recipe").to_string(),
        params: (fill.params > 0).then(|| params(&facts, structure, fill.params)),
        facts,
        workflow: Some(WorkflowHash(hash("workflow").to_string())),
        structure: Some(format!("{structure:064x}")),
        sources: number.is_multiple_of(20),
        rerunnable: true,
    }
}

/// One imported asset, by its number from 0, with its recipe.
pub fn asset(fill: &Fill, root: RootId, number: u32) -> NewAsset {
    of_recipe(fill, root, number, Some(Arc::new(recipe(fill, number / OF_RECIPE))))
}

fn of_recipe(fill: &Fill, root: RootId, number: u32, recipe: Option<Arc<NewRecipe>>) -> NewAsset {
    let mut chance = Chance::of(fill.seed ^ 4, number);
    let (width, height) = chance.one_of(&SHAPES);
    let kind = match chance.below(40) {
        0 => Kind::Video,
        1 => Kind::Audio,
        _ => Kind::Picture,
    };
    let created_at = created_at(number);
    NewAsset {
        id: asset_id(fill.seed, number),
        kind,
        width: (kind != Kind::Audio).then_some(width),
        height: (kind != Kind::Audio).then_some(height),
        duration_ms: (kind != Kind::Picture).then(|| 1_000 + chance.below(20_000)),
        hash: content_hash(fill.seed, number),
        created_at,
        added_at: created_at,
        took_ms: Some(i64::try_from(2_000 + chance.below(60_000)).unwrap_or(0)),
        practice: false,
        preview: false,
        server_name: (chance.below(3) > 0).then(|| "studio".to_owned()),
        title: format!("{} {}", word(chance.below(900)), word(chance.below(900))),
        made: None,
        recipe,
        phash: (kind == Kind::Picture).then(|| chance.next()),
        damage: None,
        place: NewPlace {
            root,
            path: place(number).into_bytes(),
            bytes: 900_000 + chance.below(3_000_000),
            mtime: Some(created_at * 1_000_000),
            inode: Some(number.into()),
        },
    }
}

/// Fills a library. A million assets take a minute or two without params.
///
/// # Errors
/// When the database cannot be written.
pub async fn fill(store: &Store, fill: &Fill) -> Result<RootId> {
    let root = store.put_root(RootKind::Imported, &fill.root, BEGAN).await?;
    let mut jobs = Jobs::default();
    let mut made = None;
    for begin in (0..fill.assets).step_by(AT_ONCE as usize) {
        let end = begin.saturating_add(AT_ONCE).min(fill.assets);
        let mut assets = Vec::with_capacity(AT_ONCE as usize);
        for number in begin..end {
            let of = number / OF_RECIPE;
            let recipe = match &made {
                Some((known, recipe)) if *known == of => Arc::clone(recipe),
                _ => {
                    let recipe = Arc::new(recipe(fill, of));
                    made = Some((of, Arc::clone(&recipe)));
                    recipe
                }
            };
            // Some files say nothing of how they were made.
            let recipe = (number % 50 != 49).then_some(recipe);
            let mut asset = of_recipe(fill, root, number, recipe);
            if (number / OF_JOB).is_multiple_of(OF_OUTPUT) {
                asset.made = Some(jobs.output(store, number).await?);
            }
            assets.push(asset);
        }
        store.add_to_library(&assets).await?;
    }
    mark(store, fill).await?;
    Ok(root)
}

/// Marks a part of the library: every 20th is rated, and so on.
async fn mark(store: &Store, fill: &Fill) -> Result<()> {
    let every = |step: usize, from: u32| (1 + from..=fill.assets).step_by(step).collect::<Vec<_>>();
    for rating in 1..=5 {
        let change = MarkChange { rating: Some(rating), ..MarkChange::default() };
        store.mark(&every(100, u32::from(rating) * 17), &change).await?;
    }
    let favourite = MarkChange { favourite: Some(true), ..MarkChange::default() };
    store.mark(&every(60, 7), &favourite).await?;
    for (at, flag) in [(3, 1), (11, -1)] {
        let change = MarkChange { flag: Some(flag), ..MarkChange::default() };
        store.mark(&every(80, at), &change).await?;
    }
    let binned = MarkChange { binned_at: Some(Some(BEGAN)), ..MarkChange::default() };
    store.mark(&every(200, 91), &binned).await?;
    for (at, tag) in (0..).zip(TAGS) {
        let change = MarkChange { add_tags: vec![tag.to_owned()], ..MarkChange::default() };
        store.mark(&every(90, at * 5), &change).await?;
    }
    for at in 0..4 {
        let collection = store.add_collection(&format!("Series {at}"), None, BEGAN).await?;
        let change = MarkChange { add_to: vec![collection], ..MarkChange::default() };
        store.mark(&every(400, at * 9), &change).await?;
    }
    store.add_collection("Best of print", Some("rating:4+ tag:\"for print\""), BEGAN).await?;
    Ok(())
}

/// The jobs of those assets that are outputs.
#[derive(Default)]
struct Jobs {
    now: Option<(u32, JobId, BatchId)>,
}

impl Jobs {
    async fn output(&mut self, store: &Store, number: u32) -> Result<NewMade> {
        let of = number / OF_JOB;
        let (job_id, batch) = match self.now {
            Some((known, job, batch)) if known == of => (job, batch),
            _ => {
                let job = job(of);
                let (id, batch) = (job.id, job.batch_id);
                add(store, job).await?;
                self.now = Some((of, id, batch));
                (id, batch)
            }
        };
        Ok(NewMade { job_id, node_id: "9".to_owned(), ordinal: number % OF_JOB, batch })
    }
}

fn job(number: u32) -> JobRow {
    let created_at = created_at(number * OF_JOB);
    JobRow {
        id: JobId(Uuid::now_v7()),
        batch_id: BatchId(Uuid::now_v7()),
        batch_index: 1,
        batch_count: 1,
        title: format!("Run {number}"),
        state: JobState::Ended(Outcome::Succeeded),
        on_hold: false,
        cancel_requested: false,
        asked_back: false,
        position: f64::from(number),
        wants_server: None,
        server_id: None,
        created_at,
        started_at: Some(created_at),
        ended_at: Some(created_at + STEP),
        workflow: WorkflowHash("0".repeat(64)),
        shape: None,
        needs: None,
        pixels: None,
        batch_name: None,
        sheet: false,
        source: None,
        facts: PictureFacts::default(),
        node_count: 7,
        trouble: None,
        warnings: Vec::new(),
        attempt: 1,
        retry_of: None,
        retried_by: None,
        practice: false,
        seen: true,
        not_before: None,
        removed_at: None,
        asset_count: 0,
        shown: Vec::new(),
    }
}

async fn add(store: &Store, job: JobRow) -> Result<()> {
    let workflow = WorkflowRow {
        hash: job.workflow.clone(),
        prompt: "{}".to_owned(),
        ui_graph: None,
        title: "Made up".to_owned(),
        source: None,
        created_at: BEGAN,
        base: None,
    };
    let batch = BatchRow {
        id: job.batch_id,
        title: job.title.clone(),
        created_at: job.created_at,
        count: 1,
    };
    let new = NewBatch {
        batch: &batch,
        base: None,
        workflows: &[workflow],
        needs: &[],
        entries: &[],
        sheet: None,
        jobs: &[job],
        events: &[],
    };
    store.add_batch(new).await?;
    Ok(())
}
