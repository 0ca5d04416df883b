//! Sheets, and the workflows that others are stored as patches of.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use domain::{AssetId, BatchId, DraftId, JobState, Outcome, WorkflowHash};
use store::{
    BasePatch, BatchRow, CellRow, DraftRow, JobRow, Mark, NewBatch, NewSheet, SheetMarks, Store,
    StoreError, WorkflowRow,
};
use support::{asset, job, open, workflow};
use tempfile::TempDir;
use uuid::Uuid;

fn batch(created_at: i64) -> BatchRow {
    BatchRow { id: BatchId(Uuid::now_v7()), title: "b".into(), created_at, count: 1 }
}

fn sheet(about: &str, places: &[&str]) -> NewSheet {
    let cell =
        |at: &&str| CellRow { at: (*at).into(), workflow: workflow().hash, values: "[]".into() };
    NewSheet { about: about.into(), cells: places.iter().map(cell).collect() }
}

async fn put(
    store: &Store,
    batch: &BatchRow,
    sheet: Option<(BatchId, &NewSheet)>,
    jobs: &[JobRow],
) -> Result<bool, StoreError> {
    let workflows = [workflow()];
    let new = NewBatch {
        batch,
        base: None,
        workflows: &workflows,
        needs: &[],
        entries: &[],
        sheet,
        jobs,
        events: &[],
    };
    store.add_batch(new).await
}

#[tokio::test]
async fn a_sheet_grows_together_with_its_jobs_or_not_at_all() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let (first, second) = (batch(1), batch(2));
    let small = sheet("small", &["[0]"]);
    let large = sheet("large", &["[1]"]);
    put(&store, &first, Some((first.id, &small)), &[job(first.id, 1.0)]).await.unwrap();
    // Its workflow is not there: as a kill or a full disk, it ends the whole.
    let lost = JobRow { workflow: WorkflowHash("nowhere".into()), ..job(second.id, 2.0) };
    assert!(put(&store, &second, Some((first.id, &large)), &[lost]).await.is_err());
    let before = store.sheet(first.id).await.unwrap().unwrap();
    assert_eq!((before.about.as_str(), before.cells.len()), ("small", 1));
    assert_eq!(store.batch_count(second.id).await.unwrap(), None);
    put(&store, &second, Some((first.id, &large)), &[job(second.id, 2.0)]).await.unwrap();
    let after = store.sheet(first.id).await.unwrap().unwrap();
    assert_eq!((after.about.as_str(), after.cells.len()), ("large", 2));
    assert!(store.sheet(second.id).await.unwrap().is_none(), "it is no sheet of its own");
    store.close().await;
}

#[tokio::test]
async fn the_job_that_stands_for_a_workflow_is_the_best_there_is() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let hash = workflow().hash;
    let (sweep, others) = (batch(10), batch(1));
    let of = |batch: BatchId, at: i64, outcome: Option<Outcome>| JobRow {
        state: outcome.map_or(JobState::Held, JobState::Ended),
        created_at: at,
        ended_at: outcome.map(|_| at),
        ..job(batch, 1.0)
    };
    put(&store, &sweep, Some((sweep.id, &sheet("s", &["[0]"]))), &[]).await.unwrap();
    put(&store, &others, None, &[]).await.unwrap();
    let maker = async |sheet: bool| {
        let made = store.makers(std::slice::from_ref(&hash), sheet.then_some(sweep.id)).await;
        made.unwrap().remove(&hash).map(|maker| (maker.job, maker.asset.map(|asset| asset.id)))
    };
    let add = async |job: &JobRow| {
        put(&store, &batch(1), None, std::slice::from_ref(job)).await.unwrap();
    };
    assert_eq!(maker(true).await, None);
    // One that failed before the sweep says nothing of it; one that failed since does.
    let failed = of(others.id, 5, Some(Outcome::Failed));
    add(&failed).await;
    assert_eq!((maker(true).await, maker(false).await), (None, None));
    let cancelled = of(others.id, 12, Some(Outcome::Cancelled));
    add(&cancelled).await;
    assert_eq!((maker(true).await, maker(false).await), (Some((cancelled.id, None)), None));
    // One that is being cancelled is shown, and not used again.
    let going = JobRow { cancel_requested: true, ..of(sweep.id, 13, None) };
    add(&going).await;
    assert_eq!((maker(true).await, maker(false).await), (Some((going.id, None)), None));
    let waits = of(sweep.id, 14, None);
    add(&waits).await;
    assert_eq!(maker(false).await, Some((waits.id, None)));
    // A picture counts more than a newer run that made none, on the lists or not.
    let made = of(others.id, 15, Some(Outcome::Succeeded));
    add(&made).await;
    let picture = asset(&made, 1, "a", "m");
    store.add_assets(std::slice::from_ref(&picture)).await.unwrap();
    let empty = of(sweep.id, 16, Some(Outcome::Succeeded));
    add(&empty).await;
    store.set_removed(&[made.id], Some(17)).await.unwrap();
    let wanted: Option<(_, Option<AssetId>)> = Some((made.id, Some(picture.id)));
    assert_eq!((maker(true).await, maker(false).await), (wanted, wanted));
    store.close().await;
}

#[tokio::test]
async fn a_patch_becomes_whole_when_others_are_to_be_patches_of_it() {
    let dir = TempDir::new().unwrap();
    let join = |base: &str, patch: &str, _: &WorkflowHash| Ok(format!("{base}+{patch}"));
    let store = open(dir.path()).await.with_patching(join);
    let whole = |hash: &str, prompt: &str| WorkflowRow {
        hash: WorkflowHash(hash.into()),
        prompt: prompt.into(),
        ..workflow()
    };
    let patch = |hash: &str, base: &str| WorkflowRow {
        base: Some(BasePatch { base: WorkflowHash(base.into()), patch: hash.into() }),
        ..whole(hash, "")
    };
    store.keep_workflows(&[whole("a", "A"), patch("b", "a")], &[]).await.unwrap();
    let prompt = async |hash: &str| {
        store.workflow(&WorkflowHash(hash.into())).await.unwrap().unwrap().prompt
    };
    assert_eq!(prompt("b").await, "A+b");
    // The same again is still the patch; as what a draft begins with, it is whole.
    store.keep_workflows(&[whole("b", "B")], &[]).await.unwrap();
    assert_eq!(prompt("b").await, "A+b");
    let draft = DraftRow {
        id: DraftId(Uuid::now_v7()),
        workflow: WorkflowHash("b".into()),
        title: "b".into(),
        source: None,
        about: "{}".into(),
        state: "{}".into(),
        changed_at: 1,
    };
    store.add_draft(&draft, &whole("b", "B")).await.unwrap();
    store.keep_workflows(&[patch("c", "b")], &[]).await.unwrap();
    assert_eq!((prompt("b").await, prompt("c").await), ("B".into(), "B+c".into()));
    // A list holds no more of a draft than is shown.
    store.set_draft(draft.id, &"x".repeat(300_000), 2).await.unwrap();
    assert_eq!(store.drafts().await.unwrap()[0].state, "");
    assert_eq!(store.draft(draft.id).await.unwrap().unwrap().state.len(), 300_000);
    let head = store.draft_head(draft.id).await.unwrap().unwrap();
    assert_eq!((head.state.as_str(), head.title.as_str()), ("", "b"));
    store.close().await;
}

#[tokio::test]
async fn names_in_use_are_counted_and_presets_are_asked_for_by_name() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let batch = batch(1);
    let done = JobRow { state: JobState::Ended(Outcome::Succeeded), ..job(batch.id, 1.0) };
    put(&store, &batch, None, std::slice::from_ref(&done)).await.unwrap();
    for ordinal in [1, 2] {
        store.add_assets(&[asset(&done, ordinal, "a", "m.safetensors")]).await.unwrap();
        let uses = store.name_uses().await.unwrap();
        assert_eq!(uses.len(), 2, "its model and its LoRA: {uses:?}");
        assert!(uses["m.safetensors"] > 0);
    }

    for name in ["a", "b", "c"] {
        store.put_preset("s", name, "[]").await.unwrap();
    }
    store.put_preset("t", "b", "[1]").await.unwrap();
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let found = store.presets_named("s", &named(&["b", "c", "gone"])).await.unwrap();
    assert_eq!(found, [("b".into(), "[]".into()), ("c".into(), "[]".into())]);
    assert!(store.presets_named("s", &[]).await.unwrap().is_empty());
    store.close().await;
}

#[tokio::test]
async fn cells_are_marked_with_one_winner_and_all_of_it_is_taken_back() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let batch = batch(1);
    let cells = sheet("s", &["[0]", "[1]", "[2]"]);
    put(&store, &batch, Some((batch.id, &cells)), &[job(batch.id, 1.0)]).await.unwrap();
    let marks = async || {
        let marks = store.sheet(batch.id).await.unwrap().unwrap().marks;
        ["[0]", "[1]", "[2]"].map(|at| marks.get(at).copied())
    };
    let mark = async |set: &[(&str, Option<Mark>)]| {
        let cells = set.iter().map(|(at, mark)| ((*at).to_owned(), *mark)).collect();
        let set = SheetMarks { cells, ..SheetMarks::default() };
        store.mark_cells(batch.id, &set).await.unwrap()
    };
    let (winner, rejected) = (Some(Mark::Winner), Some(Mark::Rejected));
    mark(&[("[0]", winner), ("[1]", rejected), ("[9]", winner)]).await;
    assert_eq!(marks().await, [winner, rejected, None]);
    // The same again changes nothing.
    assert_eq!(mark(&[("[1]", rejected)]).await, SheetMarks::default());
    let back = mark(&[("[1]", winner)]).await;
    assert_eq!(marks().await, [None, winner, None]);
    store.mark_cells(batch.id, &back).await.unwrap();
    assert_eq!(marks().await, [winner, rejected, None]);
    // What is added to the sheet leaves the marks.
    let (more, grown) = (self::batch(2), sheet("t", &["[3]"]));
    put(&store, &more, Some((batch.id, &grown)), &[job(more.id, 2.0)]).await.unwrap();
    assert_eq!(marks().await, [winner, rejected, None]);
    store.close().await;
}
