//! What is done with more than goes into one step: in parts, with progress, stopped between two of them,
//! and nothing twice.

use crate::{made, start, support::classic, support::until};
use domain::{AssetId, BatchId, JobId};
use engine::{
    Engine, SubmitPictures, Which,
    view::{CutOff, IntakeReport, Mark, WorkKind, WorkState, WorkView},
};
use std::{collections::HashSet, path::PathBuf};
use tempfile::TempDir;
use uuid::Uuid;

/// Pictures in the folder: more than two parts of jobs.
const PICTURES: u64 = 1_100;

struct Many {
    folder: TempDir,
    engine: Engine,
}

impl Many {
    /// Of the last and the first picture, which are in different parts, the workflow is the same.
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for n in 0..PICTURES {
            let workflow = classic(n % (PICTURES - 1), 20);
            let bytes = made::png(8, n, &[("prompt", &workflow)]);
            made::put(&folder.path().join("pictures"), format!("{n:04}.png"), bytes);
        }
        let engine = start(folder.path()).await;
        let root = engine.root_add(folder.path().join("pictures"), false).await.unwrap();
        until("all are read", || async {
            let roots = engine.root_list().await;
            let root = roots.into_iter().find(|one| one.id == root.id).unwrap();
            (root.scanned_at.is_some() && u64::from(root.assets) == PICTURES).then_some(())
        })
        .await;
        Self { folder, engine }
    }

    fn keys() -> Vec<u32> {
        (1..=u32::try_from(PICTURES).unwrap()).collect()
    }

    async fn ids(&self) -> Vec<AssetId> {
        let mut ids = Vec::new();
        for keys in Self::keys().chunks(1_000) {
            let cells = self.engine.library_cells(keys.to_vec()).await.unwrap();
            ids.extend(cells.iter().map(|cell| cell.id));
        }
        ids
    }

    /// All jobs that wait.
    async fn waiting(&self) -> HashSet<JobId> {
        let mut jobs = HashSet::new();
        for offset in [0, 1_000, 2_000] {
            let part = self.engine.job_list(Which::Open, offset, 1_000).await.unwrap();
            jobs.extend(part.iter().map(|job| job.id));
        }
        jobs
    }

    fn works(&self, kind: WorkKind) -> Vec<WorkView> {
        self.engine.work_list().into_iter().filter(|work| work.kind == kind).collect()
    }

    /// Stops the next work of a kind as soon as it is under way.
    async fn stop_next(&self, kind: WorkKind) {
        until("it is under way", || async {
            let works = self.works(kind);
            let running = works.iter().find(|work| work.state == WorkState::Running);
            running.map(|work| self.engine.work_cancel(work.id).unwrap())
        })
        .await;
    }
}

fn jobs(report: &IntakeReport) -> Vec<JobId> {
    report.items.iter().filter_map(|item| item.job_id).collect()
}

#[tokio::test]
async fn a_thousand_are_run_again_in_parts_and_none_of_them_twice() {
    let many = Many::new().await;
    let ids = many.ids().await;
    assert_eq!(ids.len() as u64, PICTURES);
    let batch = BatchId(Uuid::now_v7());
    let report = many.engine.asset_rerun(&ids, batch, false).await.unwrap();
    assert_eq!((report.cut_off.clone(), report.batch_id), (None, Some(batch)));
    let queued = jobs(&report);
    assert_eq!(queued.len() as u64, PICTURES - 1, "one of the two of one workflow");
    assert_eq!(many.waiting().await, queued.iter().copied().collect());
    let [work] = &many.works(WorkKind::Queue)[..] else { panic!("one work") };
    assert_eq!((work.state, work.done, work.of), (WorkState::Done, 1_100, 1_100), "{work:?}");

    // The same once more, as where the answer got lost.
    let again = many.engine.asset_rerun(&ids, batch, false).await.unwrap();
    assert_eq!(jobs(&again), queued);
    assert_eq!(many.waiting().await.len(), queued.len());

    // Stopped, what was queued is told, and nothing else is.
    let batch = BatchId(Uuid::now_v7());
    let (report, ()) =
        tokio::join!(many.engine.asset_rerun(&ids, batch, true), many.stop_next(WorkKind::Queue));
    let report = report.unwrap();
    let more = jobs(&report);
    let left = u32::try_from(1_100 - more.len()).unwrap();
    assert!(left == 600 || left == 1_100, "whole parts: {left}");
    assert_eq!(report.cut_off, Some(CutOff { left, why: None }));
    assert_eq!(many.waiting().await.len(), queued.len() + more.len());
    let work = many.works(WorkKind::Queue).pop().unwrap();
    assert_eq!((work.state, work.done as usize), (WorkState::Cancelled, more.len()));
    // Begun once more, it goes on.
    let report = many.engine.asset_rerun(&ids, batch, true).await.unwrap();
    let all = jobs(&report);
    assert!(all.starts_with(&more) && all.len() == queued.len(), "{} jobs", all.len());
    assert_eq!(many.waiting().await.len(), 2 * queued.len());
    many.engine.stop().await;
}

#[tokio::test]
async fn more_than_a_folder_may_have_go_into_a_workflow() {
    let many = Many::new().await;
    let paths: Vec<PathBuf> = many.engine.asset_files(&Many::keys()).await.unwrap();
    let load = r#"{"1":{"class_type":"LoadImage","inputs":{"image":"example.png"}},
"2":{"class_type":"SaveImage","inputs":{"images":["1",0],"filename_prefix":"x"}}}"#;
    let file = made::put(many.folder.path(), "load.json", load);
    let kept = many.engine.intake_save(vec![file]).await.unwrap();
    let submit = SubmitPictures {
        batch_id: BatchId(Uuid::now_v7()),
        // A folder's 2,000 are no bound here.
        paths: [&paths[..], &paths[..]].concat(),
        workflow: kept.items[0].workflow.clone().unwrap(),
        node: "1".into(),
        input: "image".into(),
        on_hold: true,
    };
    let report = many.engine.intake_pictures(submit.clone()).await.unwrap();
    assert_eq!((report.items.len(), report.left_out, report.cut_off.clone()), (2_200, 0, None));
    let queued = jobs(&report);
    assert_eq!(queued.iter().collect::<HashSet<_>>().len(), 2_200);
    let again = many.engine.intake_pictures(submit).await.unwrap();
    assert_eq!(jobs(&again), queued, "nothing is queued twice");
    assert_eq!(many.waiting().await.len(), 2_200);
    many.engine.stop().await;
}

#[tokio::test]
async fn marks_of_very_many_are_stopped_between_parts_and_undone_exactly() {
    let many = Many::new().await;
    let keys = Many::keys();
    let rated = async |stars| {
        let cells = many.engine.library_cells(keys[..1_000].to_vec()).await.unwrap();
        let more = many.engine.library_cells(keys[1_000..].to_vec()).await.unwrap();
        cells.iter().chain(&more).filter(|cell| cell.rating == stars).count()
    };
    // Between them some that are not there, so that they are in different parts.
    let mut spread = keys[..600].to_vec();
    spread.extend(1_000_000..1_020_000);
    spread.extend(&keys[600..]);
    many.engine.asset_mark(keys[..10].to_vec(), Mark::Rating { stars: 1 }).await.unwrap();
    assert_eq!(many.works(WorkKind::Mark), [], "few are done at once");
    let all = many.engine.asset_mark(spread, Mark::Rating { stars: 4 }).await.unwrap();
    assert_eq!((all.changed, all.cut_off), (1_100, None));
    let [work] = &many.works(WorkKind::Mark)[..] else { panic!("one work") };
    assert_eq!((work.state, work.done, work.of), (WorkState::Done, 21_100, 21_100), "{work:?}");
    many.engine.mark_undo(all.undo).await.unwrap();
    assert_eq!((rated(4).await, rated(1).await, rated(0).await), (0, 10, 1_090));

    let mut far = keys[..600].to_vec();
    far.extend(1_000_000..4_000_000);
    far.extend(&keys[600..]);
    let (part, ()) = tokio::join!(
        many.engine.asset_mark(far, Mark::Rating { stars: 4 }),
        many.stop_next(WorkKind::Mark)
    );
    let part = part.unwrap();
    let left = part.cut_off.as_ref().unwrap().left;
    assert!(left >= 500 && (left - 1_100) % 5_000 == 0 || left == 3_001_100, "{left}");
    assert_eq!(rated(4).await, part.changed as usize);
    assert!(part.changed == 600 || part.changed == 0, "{part:?}");
    many.engine.mark_undo(part.undo).await.unwrap();
    assert_eq!((rated(4).await, rated(1).await, rated(0).await), (0, 10, 1_090));
    many.engine.stop().await;
}
