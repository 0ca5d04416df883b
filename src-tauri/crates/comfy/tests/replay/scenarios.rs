//! What single scenarios were recorded for, in all three versions.

use crate::{
    decoded,
    playback::Playback,
    recording::{self, Recording, Step, VERSIONS, Wire},
};
use comfy::{Frame, OutputItem, Submit, SubmitError, strict_json};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The scenario in each version, if there are recordings.
fn each(name: &str) -> impl Iterator<Item = Recording> {
    let versions = recording::folder().map(|_| VERSIONS);
    versions.into_iter().flatten().map(move |version| recording::one(version, name))
}

fn frames(recording: &Recording) -> Vec<Frame> {
    let frames = recording.steps.iter().filter_map(|step| match step {
        Step::Frame { wire, .. } => Some(decoded(wire)),
        _ => None,
    });
    frames.collect()
}

fn count(frames: &[Frame], of: impl Fn(&Frame) -> bool) -> usize {
    frames.iter().filter(|frame| of(frame)).count()
}

#[test]
fn previews_name_their_job_for_those_who_ask() {
    for recording in each("progress_previews_metadata") {
        let frames = frames(&recording);
        let named = |frame: &Frame| matches!(frame, Frame::Preview { prompt_id: Some(_), node: Some(_), display_node: Some(_), bytes, .. } if !bytes.is_empty());
        assert!(count(&frames, named) > 5, "{}", recording.version);
    }
    // Without asking, JPEG and PNG; then the same connection asks late.
    for recording in each("progress_previews_legacy") {
        let frames = frames(&recording);
        let old = |wanted: &str| {
            count(
                &frames,
                |frame| matches!(frame, Frame::Preview { prompt_id: None, node: None, mime, bytes, .. } if *mime == wanted && !bytes.is_empty()),
            )
        };
        assert!(old("image/jpeg") > 4 && old("image/png") >= 2, "{}", recording.version);
        let new = |frame: &Frame| matches!(frame, Frame::Preview { prompt_id: Some(_), .. });
        assert!(count(&frames, new) >= 2, "{}", recording.version);
    }
    // Whole pictures, and nothing else of what the node made.
    for recording in each("save_image_websocket") {
        let png = |frame: &Frame| matches!(frame, Frame::Preview { mime: "image/png", .. });
        assert!(count(&frames(&recording), png) > 0, "{}", recording.version);
    }
}

#[test]
fn nodes_made_at_run_time_are_shown_at_those_that_made_them() {
    for recording in each("subgraph_expand") {
        let frames = frames(&recording);
        let inner = |frame: &Frame| matches!(frame, Frame::Executed { node, display_node, .. } if node == "1.0.0.2" && display_node == "1");
        let colons = |frame: &Frame| matches!(frame, Frame::Executed { node, display_node, .. } if node == "5:7:2" && display_node == node);
        assert_eq!(
            (count(&frames, inner), count(&frames, colons)),
            (1, 1),
            "{}",
            recording.version
        );
        let state = |frame: &Frame| match frame {
            Frame::ProgressState { nodes, .. } => nodes.iter().any(|node| {
                node.id == "1.0.0.1"
                    && node.display_id == "1"
                    && node.parent_id.as_deref() == Some("1")
            }),
            Frame::Preview { node, display_node, .. } => {
                node.as_deref() == Some("1.0.0.1") && display_node.as_deref() == Some("1")
            }
            _ => false,
        };
        assert!(count(&frames, state) > 2, "{}", recording.version);
    }
}

#[test]
fn a_blocked_output_is_no_end() {
    for recording in each("blocker") {
        let frames = frames(&recording);
        let mut blocked = 0;
        for frame in &frames {
            if let Frame::Failed { blocked: true, error, at, .. } = frame {
                assert_eq!((&*error.node_id, &*error.class, *at), ("3", "SaveImage", None));
                assert!(error.message.contains("blocked on purpose"));
                assert!(frame.evidence().is_none());
                blocked += 1;
            }
        }
        let ended = count(&frames, |frame| matches!(frame, Frame::Succeeded { .. }));
        assert_eq!((blocked, ended), (1, 2), "{}", recording.version);
    }
}

#[test]
fn two_nodes_run_at_once_and_one_begins_twice() {
    for recording in each("lazy_async_list") {
        let frames = frames(&recording);
        let two = |frame: &Frame| match frame {
            Frame::ProgressState { nodes, .. } => {
                nodes.iter().filter(|node| node.running).count() == 2
            }
            _ => false,
        };
        assert!(count(&frames, two) > 2, "{}", recording.version);
        let mut begun = BTreeMap::<(&str, &str), u32>::new();
        for frame in &frames {
            if let Frame::Executing { prompt_id: Some(job), node: Some(node), .. } = frame {
                *begun.entry((job, node)).or_default() += 1;
            }
        }
        assert!(begun.values().any(|times| *times == 2), "{}: {begun:?}", recording.version);
    }
}

#[test]
fn cached_outputs_are_handed_out_again() {
    for recording in each("cached_rerun") {
        let frames = frames(&recording);
        let mut all_cached = 0;
        for frame in &frames {
            let Frame::Cached { prompt_id: job, nodes } = frame else { continue };
            let of_job = |frame: &&Frame| match frame {
                Frame::Executing { prompt_id: Some(of), node: Some(_), .. }
                | Frame::Executed { prompt_id: of, .. } => of == job,
                _ => false,
            };
            let ran = |frame: &&Frame| matches!(frame, Frame::Executing { .. });
            let (ran, handed): (Vec<_>, Vec<_>) = frames.iter().filter(of_job).partition(ran);
            for frame in ran.iter().chain(&handed) {
                match frame {
                    Frame::Executing { node: Some(node), .. } => assert!(!nodes.contains(node)),
                    Frame::Executed { outputs, .. } => assert!(!outputs.is_empty()),
                    _ => {}
                }
            }
            all_cached += usize::from(ran.is_empty() && handed.len() == 4);
        }
        assert!(all_cached >= 2, "{}: {all_cached}", recording.version);
    }
}

/// The server lists waiting jobs as a heap; they begin in the order that the client makes of it.
#[tokio::test]
async fn waiting_jobs_begin_in_the_order_of_the_queue() {
    let server = Playback::at("").await;
    for version in recording::folder().map(|_| VERSIONS).into_iter().flatten() {
        let (mut lists, mut jobs, mut heaps) = (0, 0, 0);
        for recording in recording::of_version(version) {
            for (at, step) in recording.steps.iter().enumerate() {
                let Step::Answer(answer) = step else { continue };
                let request = &recording.requests[answer.request];
                let (200, Some(body), "GET", "/queue") =
                    (answer.status, &answer.body, &*request.method, &*request.path)
                else {
                    continue;
                };
                server.answer(200, &answer.content_type, body.clone());
                let queue = server.client.queue().await.expect("a recorded queue");
                let listed: Vec<_> = queue.pending.into_iter().map(|item| item.prompt_id).collect();
                let once: BTreeSet<_> = listed.iter().collect();
                let begun = recording.steps[at..].iter().filter_map(|step| match step {
                    Step::Frame { wire, .. } => match decoded(wire) {
                        Frame::Started { prompt_id, .. } => Some(prompt_id),
                        _ => None,
                    },
                    _ => None,
                });
                let mut begun: Vec<_> = begun.filter(|job| once.contains(job)).collect();
                // Some were deleted, some ran for nobody; one id may wait, or run, twice.
                begun.dedup();
                if begun.len() < 2 || once.len() < listed.len() {
                    continue;
                }
                let expected: Vec<_> =
                    listed.iter().filter(|job| begun.contains(job)).cloned().collect();
                assert_eq!(begun, expected, "{version} {}", recording.name);
                let raw: Value = serde_json::from_slice(&strict_json(body)).expect("JSON");
                let raw = raw["queue_pending"].as_array().expect("a list");
                heaps += u32::from(!raw.iter().map(|item| &item[1]).eq(&listed));
                lists += 1;
                jobs += begun.len();
            }
        }
        println!(
            "{version}: {lists} queues, {heaps} of them in another order, {jobs} jobs begun as listed"
        );
        assert!(jobs > 5 && heaps > 0);
    }
}

#[test]
fn a_socket_that_comes_back_hears_of_a_node_without_a_job() {
    for recording in each("reconnect_same_id") {
        let frames = frames(&recording);
        let bare = |frame: &Frame| {
            matches!(frame, Frame::Executing { prompt_id: None, node: Some(_), .. })
        };
        assert!(count(&frames, bare) > 0, "{}", recording.version);
        assert!(frames.iter().filter(|frame| bare(frame)).all(|frame| frame.last_of().is_none()));
    }
}

#[test]
fn numbers_that_are_none_do_not_cost_the_frame() {
    for recording in each("text_outputs") {
        let odd = recording.steps.iter().find_map(|step| match step {
            Step::Frame { wire: wire @ Wire::Text(text), .. } if text.contains("NaN") => Some(wire),
            _ => None,
        });
        let Frame::Executed { outputs, .. } = decoded(odd.expect("a frame with NaN")) else {
            panic!("{}", recording.version)
        };
        let nulls = outputs.iter().filter(|output| output.item == OutputItem::Other(Value::Null));
        assert_eq!((outputs.len(), nulls.count()), (4, 3), "{}", recording.version);
    }
}

#[test]
fn what_frames_hand_out_is_in_the_history() {
    if recording::folder().is_none() {
        return;
    }
    for version in VERSIONS {
        let (mut compared, mut items) = (0, 0);
        for recording in recording::of_version(version) {
            let mut history = BTreeMap::<String, BTreeSet<String>>::new();
            for step in &recording.steps {
                let Step::Answer(answer) = step else { continue };
                let request = &recording.requests[answer.request];
                if request.method != "GET" || !request.path.starts_with("/history") {
                    continue;
                }
                // Of the largest ones, only the size was kept.
                let body = answer.body.as_deref().unwrap_or_default();
                let Ok(Value::Object(all)) = serde_json::from_slice(&strict_json(body)) else {
                    continue;
                };
                for (id, entry) in all {
                    let mut flat = BTreeSet::new();
                    for (node, kinds) in entry["outputs"].as_object().into_iter().flatten() {
                        for (kind, list) in kinds.as_object().into_iter().flatten() {
                            let list = list.as_array().into_iter().flatten();
                            flat.extend(list.map(|item| format!("{node} {kind} {}", plain(item))));
                        }
                    }
                    history.entry(id).or_default().extend(flat);
                }
            }
            let frames = frames(&recording);
            // A run under an id that ran before takes its place in the history.
            let mut runs = BTreeMap::<String, u32>::new();
            for frame in &frames {
                if let Frame::Started { prompt_id, .. } = frame {
                    *runs.entry(prompt_id.clone()).or_default() += 1;
                }
            }
            for frame in frames {
                let Frame::Executed { prompt_id, outputs, .. } = frame else { continue };
                let Some(known) = history.get(&prompt_id) else { continue };
                if runs.get(&prompt_id).is_some_and(|runs| *runs > 1) {
                    continue;
                }
                compared += 1;
                for output in outputs {
                    let item = match output.item {
                        OutputItem::File(file) => {
                            format!("{} / {} / {}", file.folder, file.subfolder, file.filename)
                        }
                        OutputItem::Text(text) => text,
                        OutputItem::Other(value) => plain(&value),
                    };
                    let line = format!("{} {} {item}", output.node, output.kind);
                    assert!(known.contains(&line), "{version} {}: {line}", recording.name);
                    items += 1;
                }
            }
        }
        println!("{version}: {compared} frames handed out {items} things that the history has");
        assert!(items > 150);
    }
}

/// An item of the raw history, written as the client's is above.
fn plain(item: &Value) -> String {
    let text = |key: &str| item[key].as_str().unwrap_or_default();
    match item {
        Value::String(text) => text.clone(),
        Value::Object(_) if !text("filename").is_empty() => {
            format!("{} / {} / {}", text("type"), text("subfolder"), text("filename"))
        }
        other => other.to_string(),
    }
}

#[tokio::test]
async fn what_a_server_refuses_keeps_its_structure() {
    let server = Playback::at("").await;
    for recording in each("validation_errors") {
        let (mut refused, mut missing, mut problems) = (0, 0, 0);
        for step in &recording.steps {
            let Step::Answer(answer) = step else { continue };
            if answer.status != 400 || !recording.requests[answer.request].path.ends_with("/prompt")
            {
                continue;
            }
            let body = answer.body.clone().expect("kept whole");
            let raw: Value = serde_json::from_slice(&strict_json(&body)).expect("JSON");
            server.answer(400, &answer.content_type, body);
            let submit = Submit {
                prompt: "{}".to_owned(),
                prompt_id: String::new(),
                client_id: String::new(),
                workflow: None,
                preview_method: None,
            };
            let error = server.client.submit(&submit).await.expect_err("it was refused");
            let SubmitError::Refused(refusal) = error else { panic!("{error:?}") };
            let errors = raw["node_errors"].as_object().into_iter().flatten();
            let errors = errors.map(|(_, node)| node["errors"].as_array().map_or(0, Vec::len));
            assert_eq!(refusal.problems.len(), errors.sum::<usize>(), "{raw}");
            assert_eq!(Some(&*refusal.kind), raw["error"]["type"].as_str());
            for problem in &refusal.problems {
                assert!(!problem.node_id.is_empty() && !problem.class.is_empty(), "{problem:?}");
                assert!(!problem.kind.is_empty() && !problem.message.is_empty(), "{problem:?}");
            }
            if raw["error"].to_string().contains("NoSuchNode") {
                let node = refusal.missing_node.expect("the class that is missing");
                assert_eq!((&*node.class, node.node_id.as_deref()), ("NoSuchNode", Some("1")));
                missing += 1;
            }
            refused += 1;
            problems += refusal.problems.len();
        }
        println!(
            "{}: {refused} refusals, {missing} of missing classes, {problems} problems of nodes",
            recording.version
        );
        assert!(refused > 15 && missing > 0 && problems > 10);
    }
}
