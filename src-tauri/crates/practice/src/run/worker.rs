//! The one task that runs jobs, one after the other.

use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use super::execute::Run;
use crate::queue::Finished;
use crate::record::Ended;
use crate::scenes::Scene;
use crate::server::Shared;
use crate::unix_millis;

/// Runs jobs until the server stops; a job then running is interrupted.
pub(crate) async fn work(shared: Arc<Shared>) {
    loop {
        let (item, control) = tokio::select! {
            biased;
            () = shared.stop.cancelled() => return,
            next = shared.queue.next() => next,
        };
        let execution = shared.record.begins(&item.prompt_id);
        let began = Instant::now();
        let mut running = {
            let (shared, item, control) = (shared.clone(), item.clone(), control.clone());
            tokio::task::spawn_blocking(move || Run::new(&shared, &item, &control).run())
        };
        let outcome = tokio::select! {
            outcome = &mut running => outcome,
            () = shared.stop.cancelled() => {
                control.interrupt();
                running.await
            }
        };
        let finished = outcome.unwrap_or_else(|error| {
            tracing::error!(%error, prompt_id = item.prompt_id, "a node panicked");
            let data = json!({
                "prompt_id": item.prompt_id,
                "exception_message": format!("The practice engine failed: {error}\n"),
                "exception_type": "RuntimeError",
                "traceback": [],
                "timestamp": unix_millis(),
            });
            Finished {
                item: item.clone(),
                outputs: serde_json::Map::new(),
                executed: vec![],
                messages: vec![json!(["execution_error", data])],
                success: false,
            }
        });
        control.set_node(None);
        shared.log(&format!("Prompt executed in {:.2} seconds", began.elapsed().as_secs_f64()));
        // Before anybody can learn of the end.
        shared.record.ends(execution, Ended::of(&finished, control.forgotten()), &finished);
        shared.queue.done(finished, &control);
        if shared.scenes.weather.strikes(Scene::HistoryCleared) {
            shared.queue.delete_history(|_| true);
        }
    }
}
