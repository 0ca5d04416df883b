//! Which server can run which job: it must know every node class and every model file in it.
//!
//! A server passes over a job that it cannot run only while another one can, or may turn out to: where
//! none can, the job is sent all the same, because the server's refusal says best what is missing.

use crate::{
    book::{Book, Classes, Stock},
    core::Core,
    view::{LinkState, ServerView, WaitView},
};
use domain::ServerId;
use store::{NeedRow, StoreError};
use workflow::Needs;

/// The most that one sentence names of what a server lacks.
const NAMED: usize = 2;

/// What a server must have to run a job, as it is stored.
pub fn row_of(needs: &Needs) -> NeedRow {
    // Strings in lists of strings: there is nothing in it that JSON cannot hold.
    let json = serde_json::to_string(needs).unwrap_or_default();
    let digest = blake3::hash(json.as_bytes()).to_hex()[..32].to_owned();
    NeedRow { digest, json }
}

/// What a server lacks of what a job needs, for people. Nothing lacks that cannot be known.
fn lacking(classes: &Classes, needs: &Needs) -> Vec<String> {
    let has = |class: &String| classes.display_names.contains_key(class);
    let nodes =
        needs.classes.iter().filter(|class| !has(class)).map(|class| format!("no node {class}"));
    let models = needs.models.iter().filter(|(class, input, name)| {
        let listed = classes.models.get(&(class.clone(), input.clone()));
        listed.is_some_and(|files| !files.contains(name))
    });
    nodes.chain(models.map(|(_, _, name)| format!("no {name}"))).collect()
}

/// Whether a server can run a job; `None` when that is not known yet.
fn can(book: &Book, server: &ServerView, needs: &Needs) -> Option<bool> {
    match book.stock(server.id) {
        Stock::Known(classes) => Some(lacking(&classes, needs).is_empty()),
        // It does not say: nothing speaks against it.
        Stock::Untold => Some(true),
        Stock::Learning => match server.link {
            LinkState::Connecting | LinkState::Online | LinkState::Reconnecting => None,
            LinkState::Offline | LinkState::Refused => Some(false),
        },
    }
}

async fn open_needs(core: &Core) -> Result<Vec<(String, Needs)>, StoreError> {
    let stored = core.store.open_needs().await?;
    Ok(stored
        .into_iter()
        .filter_map(|row| match serde_json::from_str(&row.json) {
            Ok(needs) => Some((row.digest, needs)),
            Err(error) => {
                tracing::error!(%error, digest = row.digest, "stored needs cannot be read");
                None
            }
        })
        .collect())
}

/// The needs of waiting jobs that a server leaves to others.
///
/// # Errors
/// When the database cannot be read.
pub async fn left_to_others(core: &Core, server: ServerId) -> Result<Vec<String>, StoreError> {
    let (own, others): (Vec<_>, Vec<_>) =
        core.book.views().into_iter().partition(|view| view.id == server);
    let Some(own) = own.first().filter(|_| !others.is_empty()) else { return Ok(Vec::new()) };
    let mut left = Vec::new();
    for (digest, needs) in open_needs(core).await? {
        if can(&core.book, own, &needs) == Some(true) {
            continue;
        }
        if others.iter().any(|other| can(&core.book, other, &needs) != Some(false)) {
            left.push(digest);
        }
    }
    Ok(left)
}

/// Why jobs wait although a server is there: only one that is away has what they need.
///
/// # Errors
/// When the database cannot be read.
pub async fn waits(core: &Core) -> Result<Vec<WaitView>, StoreError> {
    let servers = core.book.views();
    if servers.len() < 2 {
        return Ok(Vec::new());
    }
    let is_there = |server: &&ServerView| server.link == LinkState::Online && !server.paused;
    let mut waits = Vec::new();
    for (digest, needs) in open_needs(core).await? {
        let (able, unable): (Vec<_>, Vec<_>) =
            servers.iter().partition(|server| can(&core.book, server, &needs) != Some(false));
        let lacks = unable.into_iter().filter(is_there).find_map(|server| {
            let Stock::Known(classes) = core.book.stock(server.id) else { return None };
            Some((server.name.clone(), lacking(&classes, &needs)))
        });
        if let Some((name, lacks)) = lacks
            && !able.is_empty()
            && !able.iter().any(is_there)
        {
            let able: Vec<_> = able.iter().map(|server| server.name.as_str()).collect();
            let text = sentence(&able.join(" or "), &name, &lacks);
            waits.push(WaitView { needs: digest, text });
        }
    }
    Ok(waits)
}

fn sentence(able: &str, name: &str, lacks: &[String]) -> String {
    let named = lacks.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = match lacks.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Waits for {able}: {name} has {named}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lacks_is_named() {
        let classes = Classes {
            display_names: [("Load".to_owned(), "Load".to_owned())].into(),
            models: [(("Load".to_owned(), "ckpt".to_owned()), ["a.pt".to_owned()].into())].into(),
            ..Classes::default()
        };
        let model =
            |input: &str, name: &str| ("Load".to_owned(), input.to_owned(), name.to_owned());
        let mut needs = Needs {
            classes: ["Load".to_owned()].into(),
            // An input that the server does not list speaks for nothing.
            models: [model("ckpt", "a.pt"), model("free", "b.pt")].into(),
        };
        assert!(lacking(&classes, &needs).is_empty());
        needs.models.insert(model("ckpt", "c.pt"));
        needs.classes.insert("Odd".to_owned());
        assert_eq!(lacking(&classes, &needs), ["no node Odd", "no c.pt"]);
        assert_eq!(
            sentence("attic", "studio", &["no node A".into(), "no b.pt".into(), "no c.pt".into()]),
            "Waits for attic: studio has no node A, no b.pt and 1 more"
        );
    }
}
