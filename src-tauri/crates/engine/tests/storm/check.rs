//! What is counted: our record against the server's.

use crate::World;
use domain::{JobId, JobState, Outcome, TroubleCode};
use engine::view::JobDetail;
use practice::{Ended, Execution};
use std::collections::HashMap;

impl World {
    /// Checks a job and what tried it again: each against the record, and how it came out in the end.
    pub async fn check_chain(&mut self, root: JobId) {
        let mut detail = self.engine.job_get(root).await.unwrap();
        loop {
            self.check(&detail);
            let Some(next) = detail.job.retried_by else { break };
            self.tally.retries += 1;
            detail = self.engine.job_get(next).await.unwrap();
        }
        match detail.job.state {
            JobState::Ended(Outcome::Succeeded) => {}
            JobState::Ended(Outcome::Cancelled) => {
                self.tally.cancelled += 1;
                assert!(self.cancelled.contains(&detail.job.id), "nobody cancelled {detail:#?}");
            }
            JobState::Ended(Outcome::Failed) => {
                let code = detail.job.trouble.as_ref().unwrap().code;
                // Why it failed is not known where the history was cleared and the event lost.
                let unsaid = self.forgets && code == TroubleCode::NodeFailed;
                assert!(unsaid || code == TroubleCode::OutOfMemory, "{detail:#?}");
                self.tally.out_of_memory += 1;
            }
            // Four times in a row: said, and left to the artist.
            JobState::Ended(Outcome::Lost) => {
                assert!(self.forgets, "given up by a server that forgets nothing: {detail:#?}");
                self.tally.lost += 1;
            }
            other => panic!("{other:?}"),
        }
    }

    /// One job against the server's record.
    fn check(&mut self, detail: &JobDetail) {
        let id = detail.job.id.to_string();
        let record = self.practice.record();
        let runs: Vec<&Execution> =
            record.executions.iter().filter(|run| run.prompt_id == id).collect();
        self.tally.executions += runs.len();
        let why = || format!("{:#?} {:#?} {runs:#?}", detail.job, detail.events);
        // What the server forgot in the middle is lost, and may be offered again.
        let whole: Vec<_> = runs.iter().filter(|run| run.ended != Some(Ended::Forgotten)).collect();
        assert!(whole.len() <= 1, "run twice: {}", why());
        let last = whole.first().copied().or(runs.first());
        let ended = last.and_then(|run| run.ended);
        match detail.job.state {
            JobState::Ended(Outcome::Succeeded) => {
                assert_eq!(ended, Some(Ended::Success), "{}", why());
                self.check_files(detail, whole[0]);
            }
            JobState::Ended(Outcome::Failed) => {
                let gone = detail.job.trouble.as_ref().map(|trouble| trouble.code)
                    == Some(TroubleCode::OutputGone);
                assert!(ended == Some(Ended::Error) && !gone, "{}", why());
            }
            JobState::Ended(Outcome::Cancelled) => {
                // Where the history is gone, nobody can know that it was faster than the cancel.
                let faster = ended == Some(Ended::Success) && !self.forgets;
                assert!(!faster, "{}", why());
            }
            JobState::Ended(Outcome::Lost) => {
                // An offer that was never answered may have run at a server that forgot it: it is
                // not offered again under its name. Where nothing is forgotten, it never ran.
                assert!(self.forgets || runs.is_empty(), "not lost: {}", why());
                assert_ne!(ended, Some(Ended::Interrupted), "{}", why());
            }
            other => panic!("{other:?}: {}", why()),
        }
    }

    /// Every file the run names is ours, to the byte, and nothing else is.
    fn check_files(&mut self, detail: &JobDetail, run: &Execution) {
        let output = self.folder.path().join("practice/output");
        let mut theirs: HashMap<String, u32> = HashMap::new();
        for file in &run.named {
            let bytes = std::fs::read(output.join(file)).unwrap();
            *theirs.entry(blake3::hash(&bytes).to_hex().to_string()).or_default() += 1;
        }
        let mut ours: HashMap<String, u32> = HashMap::new();
        for asset in &detail.assets {
            let bytes =
                std::fs::read(self.folder.path().join("library").join(&asset.path)).unwrap();
            let hash = blake3::hash(&bytes).to_hex().to_string();
            assert_eq!(Some(&hash), asset.hash.as_ref(), "{} was altered", asset.path);
            *ours.entry(hash).or_default() += 1;
            self.tally.files += 1;
        }
        assert_eq!(ours, theirs, "{:#?} {:#?}", detail.job, detail.events);
    }
}
