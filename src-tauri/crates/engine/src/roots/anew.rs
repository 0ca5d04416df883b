//! Reading recipes anew of files that are in the library already, because the rules by which recipes are
//! read have become better. Only what tells how a file was made is read of it, most often its head; of a
//! job's output the job's prompt says it. What else is to be looked at comes first: what was broken off
//! goes on with the next scan.

use super::{
    names::{join, name_of, shown},
    pulse::Pulse,
    recipe::{RULES, Recipes, recipe_of},
    scan::{Broken, Scan},
    threads::{self, Hitch},
};
use crate::{checks::Shelves, core::Core, upkeep};
use media::Original;
use std::{
    collections::HashMap,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{NewRecipe, RecipeFile, RulesOf, StoreError};

/// Files whose recipes are read and stored together.
const CHUNK: u32 = 500;
/// How long recipes are read at least before something else is looked at.
const TURN: Duration = Duration::from_secs(2);

/// By which rules recipes are read now: they say more where a server said what its node classes are, so
/// that what only the editor saved is read anew once one did.
async fn rules(core: &Core) -> u32 {
    let known = core.known.clone();
    let any = tokio::task::spawn_blocking(move || known.has_any()).await;
    RULES * 2 + u32::from(any.unwrap_or_default())
}

/// Remembers that all files of a folder are read by today's rules: nothing is known of it yet.
pub(super) async fn all_new(scan: &Scan, core: &Core) -> Result<(), StoreError> {
    let rules = rules(core).await;
    core.store.set_recipe_rules(scan.root, RulesOf { rules, up_to: None }).await
}

/// Reads the recipes of a folder's files anew, if they were read by older rules.
pub(super) async fn read_all(scan: &Scan, core: &Core) -> Result<(), Broken> {
    let rules = rules(core).await;
    let before = core.store.recipe_rules(scan.root).await?;
    let mut after = match before.up_to {
        // Higher is what was read when more servers were known.
        None if before.rules >= rules => return Ok(()),
        Some(up_to) if before.rules == rules => up_to,
        _ => 0,
    };
    // What a server newly said it has changes only what the editor alone saved.
    let only_new_classes = before.rules / 2 == rules / 2;
    let recipes = Arc::new(Recipes::new(Shelves::of(core)));
    // Where something is always asked, recipes still get their turn.
    let until = Instant::now() + TURN;
    let mut prompts = Prompts::default();
    let mut moved = false;
    loop {
        let files = core.store.recipe_files(scan.root, after, CHUNK, only_new_classes).await?;
        let Some(last) = files.last() else { break };
        after = last.seq;
        let (made, files): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| file.made.is_some());
        let mut read = prompts.recipes(core, made).await?;
        let (path, recipes) = (scan.path.clone(), recipes.clone());
        let work = move |file: &RecipeFile, pulse: &Pulse| {
            let recipe = read_file(&path, file, &recipes);
            pulse.beat()?;
            Ok((file.seq, recipe))
        };
        let ahead = CHUNK as usize;
        let mut answers = threads::each(&scan.pulse, files, threads::all_but_one(), ahead, work)
            .map_err(Hitch::Io)?;
        while let Some(some) = threads::wait(&scan.pulse, core.pace.answer, answers.recv()).await? {
            read.extend(some.into_iter().filter_map(|(seq, recipe)| Some((seq, recipe?))));
        }
        if scan.pulse.is_stopped() {
            return Err(Hitch::Stopped.into());
        }
        core.store.set_recipes(&read).await?;
        moved |= !read.is_empty();
        core.store.set_recipe_rules(scan.root, RulesOf { rules, up_to: Some(after) }).await?;
        if scan.asks.is_asked() && Instant::now() >= until {
            return Ok(());
        }
    }
    // What is on a drive that is away is read when that is back.
    let is_away = core.store.mounts(scan.root).await?.iter().any(|mount| mount.away);
    let up_to = is_away.then_some(after);
    core.store.set_recipe_rules(scan.root, RulesOf { rules, up_to }).await?;
    if moved {
        core.library_moved_all();
    }
    Ok(())
}

/// What made a file, if it is as it was when it was found, and says something.
fn read_file(root: &Path, file: &RecipeFile, recipes: &Recipes) -> Option<Arc<NewRecipe>> {
    let path = join(root, &file.path);
    let is_as_it_was = || upkeep::is_as(&path, file.bytes, file.mtime);
    if !is_as_it_was() {
        // The scan sees to it.
        return None;
    }
    let texts = Original::open(&path).and_then(|mut original| original.embedded()).ok()?;
    recipes.of(&texts, &shown(name_of(&file.path))).0.filter(|_| is_as_it_was())
}

/// Recipes of outputs, by their workflow and node: those of a batch come one after another.
#[derive(Default)]
struct Prompts(HashMap<(String, String), Option<Arc<NewRecipe>>>);

impl Prompts {
    async fn recipes(
        &mut self,
        core: &Core,
        files: Vec<RecipeFile>,
    ) -> Result<Vec<(u32, Arc<NewRecipe>)>, StoreError> {
        if self.0.len() > CHUNK as usize {
            self.0.clear();
        }
        let mut read = Vec::with_capacity(files.len());
        for RecipeFile { seq, made, .. } in files {
            let Some((hash, node)) = made else { continue };
            let key = (hash.0.clone(), node);
            if !self.0.contains_key(&key) {
                let stored = core.store.workflow(&hash).await?;
                let prompt =
                    stored.and_then(|row| workflow::read_prompt(row.prompt.as_bytes()).ok());
                // What a node became while it ran is not in the prompt: what is known of it stays.
                let recipe = prompt.filter(|prompt| prompt.node(&key.1).is_some()).map(|prompt| {
                    Arc::new(recipe_of(&prompt, &key.1, workflow::facts(&prompt, &key.1)))
                });
                self.0.insert(key.clone(), recipe);
            }
            if let Some(Some(recipe)) = self.0.get(&key) {
                read.push((seq, recipe.clone()));
            }
        }
        Ok(read)
    }
}
