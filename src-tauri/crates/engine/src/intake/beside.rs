//! Pictures, videos and sounds that a workflow asks for, that no server has, and that lie beside the
//! workflow's file or were handed in with it: they are taken along.
//!
//! Whoever made a workflow chose the names in it, so a name never leads out of the workflow's folder,
//! no link out of it is followed, and nothing but pictures, videos and sounds is taken.

use super::look;
use crate::{
    inputs::Inputs,
    view::{CheckView, FindingView, Severity},
};
use std::{
    collections::HashMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use workflow::{Prompt, preflight::with_value};

/// The kind of finding that says that no server has a file.
const MISSING: &str = "input_file_missing";
/// The kind of finding that says what became of a file that a workflow asks for.
pub const TAKEN_ALONG: &str = "taken_along";
/// The most files taken along for one workflow.
const MOST_FILES: usize = 100;

/// Where files that workflows ask for may be found, for everything that is handed in together.
pub struct Beside<'a> {
    /// What is handed in, by the files' names.
    given: HashMap<&'a OsStr, Vec<&'a Path>>,
    /// Where the files are kept; without it nothing is copied, and it is only said what would be.
    keep: Option<&'a Inputs>,
    /// What became of files that were asked for before: their names in prompts.
    kept: Mutex<HashMap<PathBuf, Result<String, String>>>,
    /// What was handed in and goes into a workflow, with the name of the first one.
    used: Mutex<HashMap<PathBuf, String>>,
}

/// A workflow with what is taken along for it.
pub struct Along {
    /// The prompt that names our copies.
    pub prompt: Prompt,
    /// What was taken, and what is there and cannot be.
    pub findings: Vec<FindingView>,
}

/// Where a file was found.
enum Found {
    Beside(PathBuf),
    With(PathBuf),
}

impl<'a> Beside<'a> {
    /// Looks beside workflows and among the files given. With `keep` the files are copied there.
    pub fn new(given: &'a [PathBuf], keep: Option<&'a Inputs>) -> Self {
        let mut by_name: HashMap<&OsStr, Vec<&Path>> = HashMap::new();
        for path in given {
            if let Some(name) = path.file_name() {
                by_name.entry(name).or_default().push(path);
            }
        }
        Self { given: by_name, keep, kept: Mutex::default(), used: Mutex::default() }
    }

    /// Takes along what a workflow asks for and no server has. What is found is no longer missing in
    /// the check. Blocking: files are copied.
    pub fn take(&self, workflow: &Path, prompt: Prompt, check: &mut CheckView) -> Along {
        let mut along = Along { prompt, findings: Vec::new() };
        let mut taken = Vec::new();
        for (node, input) in missing(check).into_iter().take(MOST_FILES) {
            let value = along.prompt.node(&node).and_then(|node| node.input(&input));
            let Some(name) = value.and_then(workflow::Input::string) else { continue };
            let Some(found) = self.find(workflow, &name) else { continue };
            let (severity, text) =
                match self.put_in(workflow, &mut along.prompt, &node, &input, found) {
                    Ok(from) => {
                        let took = if self.keep.is_some() { "Took" } else { "Takes" };
                        taken.push((node.clone(), input.clone()));
                        (Severity::Says, format!("{took} {} {from}.", bare(&name)))
                    }
                    Err(why) => {
                        (Severity::Warns, format!("{} is not taken along: {why}.", bare(&name)))
                    }
                };
            along.findings.push(finding(&along.prompt, severity, text, node, input));
        }
        let is_taken = |found: &FindingView| {
            found.kind == MISSING
                && taken.iter().any(|(node, input)| {
                    found.node.as_ref() == Some(node) && found.input.as_ref() == Some(input)
                })
        };
        for server in &mut check.servers {
            server.findings.retain(|found| !is_taken(found));
        }
        along
    }

    /// The name of the workflow that a file handed in goes into.
    pub fn goes_into(&self, path: &Path) -> Option<String> {
        locked(&self.used).get(path).cloned()
    }

    /// Keeps a file and names it in the prompt. Answers with where it was.
    fn put_in(
        &self,
        workflow: &Path,
        prompt: &mut Prompt,
        node: &str,
        input: &str,
        found: Result<Found, String>,
    ) -> Result<&'static str, String> {
        let found = found?;
        let (Found::Beside(path) | Found::With(path)) = &found;
        if !look::is_media(path) {
            return Err("it is no picture, video or sound".to_owned());
        }
        if let Some(inputs) = self.keep {
            let name = self.kept(inputs, path)?;
            let value = serde_json::to_string(&name).map_err(|error| error.to_string())?;
            *prompt = with_value(prompt, node, input, &value).map_err(|error| error.to_string())?;
        }
        let given = path.file_name().and_then(|name| self.given.get(name));
        if given.is_some_and(|given| given.contains(&path.as_path())) {
            let mut used = locked(&self.used);
            used.entry(path.clone()).or_insert_with(|| look::name_of(workflow));
        }
        Ok(match found {
            Found::Beside(_) => "from beside it",
            Found::With(_) => "that was handed in with it",
        })
    }

    fn kept(&self, inputs: &Inputs, path: &Path) -> Result<String, String> {
        let mut kept = locked(&self.kept);
        let keep = || inputs.keep(path).map_err(|error| error.to_string());
        kept.entry(path.to_owned()).or_insert_with(keep).clone()
    }

    /// The file of a name, or why it is not taken. Nothing when there is none.
    fn find(&self, workflow: &Path, name: &str) -> Option<Result<Found, String>> {
        let name = relative(name)?;
        let folder = match workflow.parent()? {
            none if none.as_os_str().is_empty() => Path::new("."),
            folder => folder,
        };
        let path = folder.join(&name);
        if path.is_file() {
            return Some(match is_within(folder, &path) {
                true => Ok(Found::Beside(path)),
                false => Err("it is a link that leads out of the workflow's folder".to_owned()),
            });
        }
        let given = self.given.get(name.file_name()?)?;
        // A link in a folder that was handed in may lead anywhere.
        let is_file = |path: &&&Path| fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file());
        let mut found = given.iter().filter(|path| path.ends_with(&name)).filter(is_file);
        let first = found.next()?;
        Some(match found.next() {
            None => Ok(Found::With((*first).to_owned())),
            Some(_) => Err("several files of this name were handed in".to_owned()),
        })
    }
}

/// Whether a file is in a folder once all links are followed.
fn is_within(folder: &Path, path: &Path) -> bool {
    let (Ok(folder), Ok(path)) = (folder.canonicalize(), path.canonicalize()) else { return false };
    path.starts_with(folder)
}

/// The places of files that no server has.
fn missing(check: &CheckView) -> Vec<(String, String)> {
    let mut places = Vec::new();
    for found in check.servers.iter().flat_map(|server| &server.findings) {
        if found.kind == MISSING
            && found.fine_on.is_empty()
            && let (Some(node), Some(input)) = (&found.node, &found.input)
        {
            let place = (node.clone(), input.clone());
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    places
}

/// A name without the folder that ComfyUI writes behind it.
fn bare(name: &str) -> &str {
    name.strip_suffix(" [input]").unwrap_or(name)
}

/// A name as a path below the workflow's folder. Nothing for names that lead elsewhere, and for files
/// of a server's other folders.
fn relative(name: &str) -> Option<PathBuf> {
    let name = bare(name);
    if name.ends_with(']') && [" [output]", " [temp]"].iter().any(|end| name.ends_with(end)) {
        return None;
    }
    let parts = || name.split(['/', '\\']);
    let good = |part: &str| {
        !matches!(part, "" | "." | "..") && !part.contains(|c: char| c == ':' || c.is_control())
    };
    parts().all(good).then(|| parts().collect())
}

fn finding(
    prompt: &Prompt,
    severity: Severity,
    text: String,
    node: String,
    input: String,
) -> FindingView {
    let of = prompt.node(&node);
    FindingView {
        severity,
        kind: TAKEN_ALONG.to_owned(),
        text,
        title: of.map(|node| node.title.clone().unwrap_or_else(|| node.class.clone())),
        class: of.map(|node| node.class.clone()),
        node: Some(node),
        input: Some(input),
        given: None,
        suggestions: Vec::new(),
        fine_on: Vec::new(),
    }
}

/// What a panic elsewhere left is whole: entries are put in at once.
fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_stay_below_the_workflow_s_folder() {
        for (name, path) in [
            ("harbour.png", Some("harbour.png")),
            ("harbour.png [input]", Some("harbour.png")),
            ("masks/night/a b.png", Some("masks/night/a b.png")),
            (r"masks\a.png", Some("masks/a.png")),
            ("harbour.png [output]", None),
            ("harbour.png [temp]", None),
            ("../harbour.png", None),
            ("masks/../../harbour.png", None),
            (r"masks\..\harbour.png", None),
            ("/etc/harbour.png", None),
            (r"C:\harbour.png", None),
            ("C:harbour.png", None),
            ("./harbour.png", None),
            ("masks//a.png", None),
            ("a\n.png", None),
            ("", None),
        ] {
            let wanted = path.map(|path| path.split('/').collect::<PathBuf>());
            assert_eq!(relative(name), wanted, "{name:?}");
        }
    }
}
