//! From a server's word about an error to a sentence a person can act on.

use crate::core::Core;
use comfy::{NodeError, NodeProblem, Refusal};
use domain::{JobId, Trouble, TroubleCode};
use workflow::preflight::words;

/// The longest traceback kept, in bytes.
const LONGEST_TRACEBACK: usize = 64 << 10;

/// The workflow of a job is not in the database.
pub fn workflow_gone() -> Trouble {
    Trouble::new(
        TroubleCode::Server,
        "The workflow of this job is no longer in the database, so it cannot be sent. Drop its file again.",
    )
}

/// A picture, video or sound that goes into the workflow did not get to the server.
pub fn input_not_taken(server: &str, why: &str) -> Trouble {
    let message =
        format!("A file that goes into this workflow could not be brought to {server}. {why}");
    Trouble::new(TroubleCode::Server, message)
}

fn title(core: &Core, job: JobId, node: &str, class: &str) -> String {
    core.live
        .read(job, |run| run.title(node).map(str::to_owned))
        .flatten()
        .or_else(|| {
            let classes = core.book.any_classes()?;
            classes.display_names.get(class).cloned()
        })
        .unwrap_or_else(|| class.to_owned())
}

/// What a refused offer means.
pub fn refused(refusal: &Refusal, server: &str, core: &Core, job: JobId) -> Trouble {
    if refusal.payload_too_large {
        return Trouble::new(
            TroubleCode::Validation,
            format!(
                "The workflow is larger than {server}, or a proxy before it, accepts. Start ComfyUI with a larger --max-upload-size, raise the limit of the proxy, or take large data out of the workflow."
            ),
        );
    }
    if let Some(missing) = &refusal.missing_node {
        let mut trouble = Trouble::new(
            TroubleCode::MissingNode,
            words::class_missing(server, &missing.class, None),
        );
        trouble.node_title = missing.title.clone();
        trouble.node_id = missing.node_id.clone();
        trouble.node_class = Some(missing.class.clone());
        trouble.details = Some(refusal.message.clone());
        return trouble;
    }
    let Some(problem) = refusal.problems.first() else {
        let message = match refusal.kind.as_str() {
            "prompt_no_outputs" => words::no_output(server),
            "dependency_cycle" => format!(
                "{server} refused the workflow because some of its nodes feed each other in a circle."
            ),
            _ => format!("{server} refused the workflow: {}", refusal.message),
        };
        let mut trouble = Trouble::new(TroubleCode::Validation, message);
        trouble.details = Some(refusal.details.clone()).filter(|details| !details.is_empty());
        return trouble;
    };
    let title = title(core, job, &problem.node_id, &problem.class);
    let mut message = sentence(problem, &title, server);
    if refusal.problems.len() > 1 {
        message.push_str(&format!(" {} more like this.", refusal.problems.len() - 1));
    }
    Trouble {
        details: Some(
            refusal
                .problems
                .iter()
                .map(|problem| {
                    format!(
                        "Node {} ({}): {} {}",
                        problem.node_id, problem.class, problem.message, problem.details
                    )
                })
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        node_id: Some(problem.node_id.clone()),
        node_title: Some(title),
        node_class: Some(problem.class.clone()),
        input_name: problem.input_name.clone(),
        received: problem.received.clone(),
        allowed: problem.allowed.clone(),
        ..Trouble::new(TroubleCode::Validation, message)
    }
}

fn sentence(problem: &NodeProblem, title: &str, server: &str) -> String {
    let input = problem.input_name.as_deref().unwrap_or("an input");
    let received = problem.received.as_deref().unwrap_or("its value");
    match problem.kind.as_str() {
        "required_input_missing" => words::input_missing(title, input),
        "value_not_in_list" if workflow::is_model(received) => {
            words::file_missing(server, title, input, received)
        }
        "value_not_in_list" => words::not_in_list(title, input, received),
        "value_smaller_than_min" => words::too_small(title, input, received),
        "value_bigger_than_max" => words::too_large(title, input, received),
        "invalid_input_type" => words::wrong_type(title, input, received),
        "return_type_mismatch" => words::link_type(title, input),
        "custom_validation_failed" => {
            format!("{title} does not take {received} for {input}: {}", problem.details)
        }
        _ => format!("{title}: {} {}", problem.message, problem.details).trim().to_owned(),
    }
}

/// Sentences about parts that the server dropped while it runs the rest.
pub fn warnings(problems: &[NodeProblem], core: &Core, job: JobId) -> Vec<String> {
    problems
        .iter()
        .map(|problem| {
            let title = title(core, job, &problem.node_id, &problem.class);
            format!("Left out by the server: {}", sentence(problem, &title, "The server"))
        })
        .collect()
}

/// What a failed node means.
pub fn node_failed(error: Option<&NodeError>, server: &str, core: &Core, job: JobId) -> Trouble {
    let Some(error) = error else {
        return Trouble::new(
            TroubleCode::NodeFailed,
            format!("{server} says that this job failed, and nothing more."),
        );
    };
    let title = title(core, job, &error.node_id, &error.class);
    let message = if error.out_of_memory {
        format!(
            "{server} ran out of memory at {title}. Make the picture smaller, free the server's memory, or use a server with more."
        )
    } else {
        format!("{title} failed on {server}: {}", error.message.trim())
    };
    let code = if error.out_of_memory { TroubleCode::OutOfMemory } else { TroubleCode::NodeFailed };
    let mut traceback = error.traceback.clone();
    if traceback.len() > LONGEST_TRACEBACK {
        let cut = (0..=LONGEST_TRACEBACK).rev().find(|at| traceback.is_char_boundary(*at));
        traceback.truncate(cut.unwrap_or(0));
    }
    Trouble {
        details: Some(format!("{}: {}", error.kind, error.message.trim())),
        node_id: Some(error.node_id.clone()),
        node_title: Some(title),
        node_class: Some(error.class.clone()),
        traceback: Some(traceback).filter(|text| !text.is_empty()),
        ..Trouble::new(code, message)
    }
}
