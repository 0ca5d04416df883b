//! Collecting: everything a run left is fetched, verified and stored before the job is over.

use super::{
    Link, names,
    wanted::{Thing, Wanted, wanted},
};
use crate::{
    convert,
    core::Note,
    library::{Content, KeepError, Kept},
    roots::{
        in_place::{self, End, InPlace},
        recipe_of,
    },
    time::now_ms,
    trouble,
    view::Fact,
};
use comfy::{ComfyError, Download, FileRef, HistoryEntry, Output, OutputItem};
use domain::{AssetId, Evidence, JobId, JobState, PictureFacts, ServerEnd, Trouble, TroubleCode};
use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, atomic::Ordering},
};
use store::{JobEventRow, JobRow, NewAsset, NewMade, NewPlace};
use tokio::time::sleep;
use uuid::Uuid;

/// How often a history entry is asked for that should be there: right after `execution_success` it
/// may not be yet (docs/PROTOCOL.md).
const HISTORY_TRIES: u32 = 25;
/// The longest text output kept among a job's events, in characters.
const LONGEST_TEXT: usize = 2_000;
/// The most of them kept of one job.
const MOST_WORDS: usize = 100;
/// The longest title that a text's beginning becomes, in characters.
const LONGEST_TITLE: usize = 100;

/// Begins to collect a job, unless that is under way.
pub fn begin(link: &Arc<Link>, job: JobId) {
    if !link.busy().collecting.insert(job) {
        return;
    }
    let link = link.clone();
    link.tasks.clone().spawn_until_stopped(async move {
        if let Err(why) = collect(&link, job).await {
            tracing::warn!(%job, %why, "outputs are not collected yet");
            sleep(link.core.pace.collect_again).await;
        }
        link.busy().collecting.remove(&job);
        link.wake.notify_one();
    });
}

/// What keeps a job from being collected for now.
#[derive(Debug, thiserror::Error)]
enum NotNow {
    #[error(transparent)]
    Store(#[from] store::StoreError),
    #[error(transparent)]
    Server(#[from] ComfyError),
    #[error("{0}")]
    Library(String),
}

async fn collect(link: &Arc<Link>, id: JobId) -> Result<(), NotNow> {
    let core = &link.core;
    let Some(job) = core.store.job_alone(id).await? else { return Ok(()) };
    let JobState::Collecting(end) = job.state else { return Ok(()) };
    let (entry, early, stored, workflow) = tokio::join!(
        history(link, id),
        first_seen(link, id),
        core.store.asset_source(id),
        core.store.workflow(&job.workflow)
    );
    let (entry, stored, workflow) = (entry?, stored?, workflow?);
    let (seen, seen_error) =
        core.live.read(id, |run| (run.outputs.clone(), run.error.clone())).unwrap_or_default();
    let history_gone = entry.is_none();
    if !history_gone {
        link.busy().anchor = Some(id);
    }
    let ended = entry.as_ref().and_then(|entry| entry.ended_at);
    let outputs = entry.as_ref().map_or(seen, |entry| entry.outputs.clone());
    if history_gone && end == ServerEnd::Succeeded && !seen_all(link, id, &outputs) {
        let trouble = Trouble::new(
            TroubleCode::Lost,
            format!(
                "{} finished this job, but was restarted, or its history was cleared, before Safelight could learn what it made.",
                link.name()
            ),
        );
        let note = Note { trouble: Some(trouble), ..link.note() };
        core.hear(id, Evidence::Vanished, note).await?;
        return Ok(());
    }
    if let Some(entry) = &entry
        && !entry.cached.is_empty()
    {
        core.live.with(id, |run| {
            entry.cached.iter().fold(false, |any, node| {
                run.node(node, None, domain::progress::NodeEvent::Cached) | any
            })
        });
    }

    let prompt = workflow.and_then(|of| workflow::read_prompt(of.prompt.as_bytes()).ok());
    let ready = Ready { stored, prompt, early };
    let lost = keep_files(link, &job, &outputs, ready).await?;
    keep_words(link, &job, &outputs).await?;

    let evidence = if lost.is_empty() { Evidence::Collected } else { Evidence::CollectFailed };
    let trouble = match end {
        ServerEnd::Failed => {
            let error = entry.and_then(|entry| entry.error).or(seen_error);
            Some(trouble::node_failed(error.as_ref(), &link.name(), core, id))
        }
        ServerEnd::Succeeded if evidence == Evidence::CollectFailed => Some(Trouble::new(
            TroubleCode::OutputGone,
            format!(
                "{} no longer has {}. Run the job again to make it anew.",
                link.name(),
                lost.join(", ")
            ),
        )),
        _ => None,
    };
    // Where nobody listened, the end is the server's word; else it is now, with everything here.
    let followed = core.live.read(id, crate::live::Run::followed).unwrap_or(false);
    let ended = if followed { None } else { ended };
    core.hear(id, evidence, Note { trouble, ended, ..link.note() }).await?;
    Ok(())
}

/// Whether the events of a run named what each of its output nodes made: then the history is not
/// needed to know that nothing is missing.
fn seen_all(link: &Link, id: JobId, outputs: &[Output]) -> bool {
    let Some(classes) = link.core.book.classes(link.id) else { return false };
    let made: HashSet<&str> = outputs.iter().map(|output| output.display_node.as_str()).collect();
    link.core
        .live
        .read(id, |run| {
            let mut wanted = run.of_classes(&classes.outputs).peekable();
            wanted.peek().is_some() && wanted.all(|node| made.contains(node))
        })
        .unwrap_or(false)
}

/// The history entry of a job that ended, or nothing if the server really has none.
async fn history(link: &Link, id: JobId) -> Result<Option<HistoryEntry>, ComfyError> {
    let id = id.to_string();
    for _ in 0..HISTORY_TRIES {
        // Listened for before it is asked, so that it is not missed in between.
        let settled = link.settled.notified();
        if let Some(entry) = link.client.history(&id).await? {
            return Ok(Some(entry));
        }
        tokio::select! {
            () = settled => {}
            () = sleep(link.core.pace.history_again) => {}
        }
    }
    Ok(None)
}

/// Begins to fetch the first file that the events of a run named, while its history is asked for: a
/// small job is over sooner by one answer. Whether it is wanted is for the history to say, and what
/// fails here is asked for again. Where outputs stay in place nothing is fetched.
async fn first_seen(link: &Link, id: JobId) -> Option<(FileRef, Download)> {
    let seen = |run: &crate::live::Run| {
        run.outputs.iter().find_map(|output| match &output.item {
            OutputItem::File(file) if file.folder == "output" => Some(file.clone()),
            _ => None,
        })
    };
    if link.core.book.view(link.id).is_some_and(|view| view.outputs.is_some()) {
        return None;
    }
    let file = link.core.live.read(id, seen).flatten()?;
    let download = link.client.view(&file).await.ok()?;
    Some((file, download))
}

/// What is at hand when a job's outputs are known.
struct Ready {
    /// Outputs of the job that are stored: node and ordinal.
    stored: HashSet<(String, u32)>,
    prompt: Option<workflow::Prompt>,
    /// A file whose fetching has begun.
    early: Option<(FileRef, Download)>,
}

/// Fetches all files that are not stored yet. Answers with the names of those that are gone.
async fn keep_files(
    link: &Arc<Link>,
    job: &JobRow,
    outputs: &[Output],
    Ready { stored, prompt, mut early }: Ready,
) -> Result<Vec<String>, NotNow> {
    let core = &link.core;
    let mut lost = Vec::new();
    let (wanted, left_out) = wanted(outputs);
    let mut left = wanted.len();
    for Wanted { output, thing, ordinal, preview } in wanted {
        if stored.contains(&(output.node.clone(), ordinal)) {
            continue;
        }
        let facts = prompt
            .as_ref()
            .map(|prompt| workflow::facts(prompt, &output.display_node))
            .unwrap_or_default();
        let (kept, title) = match thing {
            Thing::Text(text) => {
                let content = Content::Text(Some(text.to_owned()));
                let kept = keep(link, job, content, ("text.txt", preview), &facts).await?;
                (kept.map_err(|why| format!("a text {why}")), first_words(text))
            }
            Thing::File(file) => {
                let begun = early.take_if(|(of, _)| of == file).map(|(_, download)| download);
                (keep_file(link, job, (file, preview), &facts, begun).await?, job.title.clone())
            }
        };
        let kept = match kept {
            Ok(kept) => kept,
            // Of a node that did not run again the server names a preview of before, which a restart
            // took away.
            Err(_) if preview => continue,
            Err(gone) => {
                lost.push(gone);
                continue;
            }
        };
        let now = now_ms();
        let recipe = prompt.as_ref().map(|prompt| recipe_of(prompt, &output.display_node, facts));
        let new = NewAsset {
            id: AssetId(Uuid::now_v7()),
            kind: convert::stored_kind(kept.kind),
            width: kept.width,
            height: kept.height,
            duration_ms: kept.duration_ms,
            hash: kept.hash,
            created_at: now,
            added_at: now,
            took_ms: job.started_at.map(|started| (now - started).max(0)),
            practice: link.practice.load(Ordering::Relaxed),
            preview,
            server_name: Some(link.name()),
            title,
            made: Some(NewMade {
                job_id: job.id,
                node_id: output.node.clone(),
                ordinal,
                batch: job.batch_id,
            }),
            recipe: recipe.map(Arc::new),
            phash: kept.phash,
            damage: kept.damage,
            place: NewPlace {
                root: core.roots.own_at(core, &kept.root).await?,
                path: kept.path,
                bytes: kept.bytes,
                mtime: kept.mtime,
                inode: kept.inode,
            },
        };
        let added = core.store.add_to_library(std::slice::from_ref(&new)).await?;
        if added.iter().any(|added| added.placed) {
            core.roots.stored(new.place.root, 1).await;
        }
        let ids: Vec<AssetId> = added.iter().map(|added| added.id).collect();
        let assets = core.store.assets(&ids).await?.into_iter().map(convert::asset).collect();
        core.hub.publish(vec![Fact::AssetsAdded { assets }]);
        core.library_moved();
        core.touched.notify_one();
        left -= 1;
        // With the last one the job ends, and is shown then.
        if left > 0 {
            core.publish_jobs(&[job.id]).await?;
        }
    }
    if left_out > 0 {
        let text = format!("{left_out} more previews and texts beside its outputs are not kept");
        let event = JobEventRow { job_id: job.id, at: now_ms(), text, bad: false };
        core.store.add_event(&event).await?;
    }
    Ok(lost)
}

/// A text as a title: its beginning, up to the end of a word where there are several.
fn first_words(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = words.char_indices().nth(LONGEST_TITLE) else { return words };
    let cut = &words[..end];
    format!("{}…", cut.rsplit_once(' ').map_or(cut, |(whole, _)| whole))
}

/// Keeps a file of the server: where it is, if it stays there, else as a copy. `begun` is its download, if
/// that has begun. The inner error says what is gone.
async fn keep_file(
    link: &Arc<Link>,
    job: &JobRow,
    (file, preview): (&FileRef, bool),
    facts: &PictureFacts,
    begun: Option<Download>,
) -> Result<Result<Kept, String>, NotNow> {
    let why = match stays(link, file).await {
        Stays::InPlace(kept) => return Ok(Ok(kept)),
        Stays::No(why) => why,
    };
    let kept = copy(link, job, (file, preview), facts, begun).await?;
    if let (Ok(_), Some(why)) = (&kept, why) {
        let text = format!("{} was copied, because {why}", file.filename);
        let event = JobEventRow { job_id: job.id, at: now_ms(), text, bad: false };
        link.core.store.add_event(&event).await?;
    }
    Ok(kept)
}

/// Whether an output stays where the server put it.
enum Stays {
    InPlace(Kept),
    /// It is copied. If the artist wants it to stay: why not.
    No(Option<String>),
}

/// Looks for an output where the server put it, if that is to stay there.
async fn stays(link: &Link, file: &FileRef) -> Stays {
    let outputs = link.core.book.view(link.id).and_then(|view| view.outputs);
    let Some(outputs) = outputs.filter(|_| file.folder == "output") else { return Stays::No(None) };
    let outputs = Path::new(&outputs);
    match in_place::find(&link.core, outputs, file).await {
        Ok(InPlace { kept, ends }) => {
            if is_the_servers(link, file, kept.bytes, &ends).await {
                Stays::InPlace(kept)
            } else {
                let shown = outputs.display();
                Stays::No(Some(format!("the file of this name in {shown} is not the server's")))
            }
        }
        Err(why) => Stays::No(Some(why)),
    }
}

/// Whether a file is the one that the server means: as long, and with the same bytes at both ends. Two
/// servers call their files the same.
async fn is_the_servers(link: &Link, file: &FileRef, bytes: u64, ends: &[End]) -> bool {
    for end in ends {
        let part = end.from..end.from + end.bytes.len() as u64;
        // What is in the way is in the way of a copy, too, and told there.
        let Ok(part) = link.client.view_part(file, part).await else { return false };
        if part.whole.is_some_and(|whole| whole != bytes)
            || part.bytes.is_some_and(|theirs| theirs != end.bytes)
        {
            return false;
        }
    }
    true
}

/// Copies an output to the library folder, a preview into a folder of previews; `begun` is its download,
/// if that has begun. The inner error says what is gone.
async fn copy(
    link: &Arc<Link>,
    job: &JobRow,
    (file, preview): (&FileRef, bool),
    facts: &PictureFacts,
    begun: Option<Download>,
) -> Result<Result<Kept, String>, NotNow> {
    let core = &link.core;
    let asked = match begun {
        Some(begun) => Ok(begun),
        None => link.client.view(file).await,
    };
    let download = match asked {
        Ok(download) => download,
        Err(ComfyError::NotFound) => return Ok(Err(file.filename.clone())),
        Err(error) => {
            // Not a matter of waiting: somebody has to do something about the proxy.
            if matches!(error, ComfyError::Login { .. } | ComfyError::NotComfy { .. }) {
                let message = format!("{} waits at the server. {error}", file.filename);
                let trouble = Trouble::new(TroubleCode::Server, message);
                core.store.set_trouble(job.id, Some(&trouble)).await?;
                core.publish_jobs(&[job.id]).await?;
            }
            return Err(error.into());
        }
    };
    let content = Content::Download(Box::new(download));
    keep(link, job, content, (&file.filename, preview), facts)
        .await
        .map(|kept| kept.map_err(|why| format!("{} {why}", file.filename)))
}

/// Puts an output into the library folder, a preview into a folder of previews. `server_name` is what the
/// server calls it. The inner error says what is wrong with it, to be read after its name.
async fn keep(
    link: &Link,
    job: &JobRow,
    content: Content,
    (server_name, preview): (&str, bool),
    facts: &PictureFacts,
) -> Result<Result<Kept, String>, NotNow> {
    let core = &link.core;
    let name = {
        let (title, facts, server_name) =
            (job.title.clone(), facts.clone(), server_name.to_owned());
        move |n| names::file_name(&title, &server_name, &facts, n)
    };
    let day = names::day(now_ms());
    let folder = if preview { format!("{day} previews") } else { day };
    match core.library.keep(content, &folder, name).await {
        Ok(kept) => {
            core.library_trouble(None).await;
            Ok(Ok(kept))
        }
        Err(KeepError::Library(why)) => {
            let trouble = Trouble::new(TroubleCode::Library, why.clone());
            core.store.set_trouble(job.id, Some(&trouble)).await?;
            core.library_trouble(Some(why.clone())).await;
            core.publish_jobs(&[job.id]).await?;
            Err(NotNow::Library(why))
        }
        Err(KeepError::Server(error)) => Err(error.into()),
        Err(KeepError::Broken(why)) => {
            tracing::warn!(job = %job.id, file = server_name, %why, "an output is broken");
            Ok(Err(format!("whole ({why})")))
        }
    }
}

/// Keeps what is no file among the job's events, too: texts that nodes showed, and whatever else custom
/// nodes hand out.
async fn keep_words(link: &Link, job: &JobRow, outputs: &[Output]) -> Result<(), NotNow> {
    let words = || outputs.iter().filter(|output| !matches!(output.item, OutputItem::File(_)));
    let more = words().count().saturating_sub(MOST_WORDS);
    if more > 0 {
        let text = format!("{more} more texts and values of its nodes are not listed here");
        let event = JobEventRow { job_id: job.id, at: now_ms(), text, bad: false };
        link.core.store.add_event(&event).await?;
    }
    for output in words().take(MOST_WORDS) {
        let title = link
            .core
            .live
            .read(job.id, |run| run.title(&output.display_node).map(str::to_owned))
            .flatten()
            .unwrap_or_else(|| format!("Node {}", output.display_node));
        let cut = |text: &str| text.chars().take(LONGEST_TEXT).collect::<String>();
        let text = match &output.item {
            OutputItem::File(_) => continue,
            OutputItem::Text(text) => format!("{title} shows: {}", cut(text)),
            OutputItem::Other(value) => {
                format!("{title} handed out “{}”: {}", output.kind, cut(&value.to_string()))
            }
        };
        let event = JobEventRow { job_id: job.id, at: now_ms(), text, bad: false };
        link.core.store.add_event(&event).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_called_by_its_first_words() {
        let long = "ab ".repeat(60);
        let cut = format!("{}…", ["ab"; 33].join(" "));
        let one = "夜".repeat(LONGEST_TITLE);
        for (text, title) in [
            ("  A cat\n\ton a mat. ", "A cat on a mat."),
            (&long, &cut),
            (&one, &one),
            (&format!("{one}夜"), &format!("{one}…")),
            ("", ""),
        ] {
            assert_eq!(first_words(text), title, "{text:?}");
        }
    }
}
