//! Reading a file that is new or changed: its measures, how it was made, and its content's hash.
//!
//! Of a new file only what tells how it was made is read, most often its head: it is found at once then,
//! and read whole when all others are found, too ([`super::contents`]).

use super::{
    names::{is_model, is_wanted, join, name_of, shown},
    problems::reason,
    pulse::Pulse,
    recipe::Recipes,
    walk::{Found, changed_ns, is_gone},
};
use media::{Kind, Measures, MediaError, Original, measure};
use std::{fs, io, path::Path, sync::Arc};
use store::NewRecipe;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct ReadFile {
    /// Where it lies, and how it was before it was read.
    pub found: Found,
    /// BLAKE3 of its content, if it was read whole.
    pub hash: Option<String>,
    /// What it is.
    pub kind: store::Kind,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// How long it plays.
    pub duration_ms: Option<u64>,
    /// What made it.
    pub recipe: Option<Arc<NewRecipe>>,
    /// Whether a practice engine drew it.
    pub practice: bool,
    /// What is damaged of it although it is in the library, as a sentence.
    pub damage: Option<String>,
    /// Why what made it cannot be read, as a sentence.
    pub unread: Option<String>,
}

/// How much of a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What tells how it was made.
    Head,
    /// All of it.
    Whole,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was read.
    Read(Box<ReadFile>),
    /// It cannot be read, and why.
    Problem(Found, String),
    /// Somebody writes it: it is to be looked at later.
    Changing(Found),
    /// It is gone meanwhile.
    Gone(Found),
}

/// Reads a file.
///
/// # Errors
/// When the work was stopped.
pub fn read(
    root: &Path,
    found: Found,
    depth: Depth,
    recipes: &Recipes,
    pulse: &Pulse,
) -> io::Result<Outcome> {
    let path = join(root, &found.path);
    let outcome = match read_file(&path, &found, depth, recipes, pulse) {
        Ok(file) if still(&path, &found) => Outcome::Read(Box::new(file)),
        Ok(_) => Outcome::Changing(found),
        Err(_) if pulse.is_stopped() => return Err(io::Error::other("stopped")),
        Err(MediaError::Io(error)) if is_gone(&error) => Outcome::Gone(found),
        Err(_) if !still(&path, &found) => match fs::metadata(&path) {
            Err(error) if is_gone(&error) => Outcome::Gone(found),
            _ => Outcome::Changing(found),
        },
        Err(MediaError::Io(error)) => Outcome::Problem(found, reason(&error)),
        Err(error) => Outcome::Problem(found, error.to_string()),
    };
    pulse.beat()?;
    Ok(outcome)
}

/// Whether a file is as it was found.
fn still(path: &Path, found: &Found) -> bool {
    fs::metadata(path)
        .is_ok_and(|now| now.len() == found.bytes && changed_ns(&now) == found.changed_ns)
}

fn read_file(
    path: &Path,
    found: &Found,
    depth: Depth,
    recipes: &Recipes,
    pulse: &Pulse,
) -> Result<ReadFile, MediaError> {
    let mut original = Original::open(path)?;
    let hash = match depth {
        Depth::Head => None,
        Depth::Whole => Some(original.hash(&pulse.stop_of_file())?),
    };
    let measures = measure(&mut original)?;
    let embedded = original.embedded();
    let kind = kind(&measures, &found.path)?;
    let mut damage = measures.note;
    let (mut made, mut practice, mut unread) = (None, false, None);
    match embedded {
        Ok(texts) => {
            let name = shown(name_of(&found.path));
            practice = texts.practice;
            (made, unread) = recipes.of(&texts, &name);
            damage = damage.or(texts.damage);
        }
        // A kind in which no workflow can be.
        Err(error) if error.is_unsupported() => {}
        Err(error) => damage = damage.or(Some(error.to_string())),
    }
    let damage = damage.or_else(|| original.check_end().err().map(|error| error.to_string()));
    Ok(ReadFile {
        found: found.clone(),
        hash,
        kind,
        width: measures.width,
        height: measures.height,
        duration_ms: measures.duration_ms,
        recipe: made,
        practice,
        damage,
        unread,
    })
}

/// What a file is: by its content. Only of 3D models the ending counts, since many of their formats
/// are text.
fn kind(measures: &Measures, path: &[u8]) -> Result<store::Kind, MediaError> {
    let name = name_of(path);
    Ok(match measures.kind {
        Kind::Picture => store::Kind::Picture,
        Kind::Video => store::Kind::Video,
        Kind::Audio => store::Kind::Audio,
        Kind::Model => store::Kind::Model,
        Kind::Text | Kind::Other if is_model(name) => store::Kind::Model,
        // An output of ours that was written anew.
        Kind::Text if !is_wanted(name) => store::Kind::Text,
        Kind::Other if !is_wanted(name) => store::Kind::Other,
        Kind::Text => return Err(not_named("text")),
        Kind::Other => return Err(not_named("nothing that Safelight knows")),
    })
}

fn not_named(what: &str) -> MediaError {
    MediaError::Damaged(format!("its content is {what}, whatever its name says"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn outcome(root: &Path, name: &str, bytes: u64) -> Outcome {
        let path = join(root, name.as_bytes());
        let changed_ns = fs::metadata(path).map_or(0, |about| changed_ns(&about));
        let found = Found { path: name.as_bytes().to_vec(), bytes, changed_ns, inode: None };
        read(root, found, Depth::Whole, &Recipes::default(), &Pulse::default()).unwrap()
    }

    #[test]
    fn what_vanishes_or_grows_while_it_is_read_is_no_problem_of_the_report() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::write(root.join("grows.png"), "more than was found").unwrap();
        fs::write(root.join("words.png"), "words").unwrap();
        assert!(matches!(outcome(root, "gone.png", 5), Outcome::Gone(_)));
        assert!(matches!(outcome(root, "no/such/folder.png", 5), Outcome::Gone(_)));
        assert!(matches!(outcome(root, "grows.png", 5), Outcome::Changing(_)));
        assert!(matches!(outcome(root, "words.png", 5), Outcome::Problem(..)));
    }

    #[test]
    fn a_stopped_scan_reads_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.png"), "x").unwrap();
        let pulse = Pulse::default();
        pulse.stop();
        let found = Found { path: b"a.png".to_vec(), bytes: 1, changed_ns: 0, inode: None };
        assert!(read(dir.path(), found, Depth::Head, &Recipes::default(), &pulse).is_err());
    }
}
