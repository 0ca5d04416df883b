//! The practice server against recordings of real ones, where they are at hand beside
//! the project: the same requests in the same order, and the same answers and frames.
//! `PRACTICE_SCENARIO=name` replays one scenario only.

mod ask;
mod classes;
mod normal;
mod recording;
mod replay;

use std::collections::BTreeMap;

use practice::Like;

use replay::Report;

/// Scenarios that are not replayed, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("assets_enabled", "needs --enable-assets"),
    ("cors_one_origin", "needs --enable-cors-header"),
    ("cors_star", "needs --enable-cors-header"),
    ("limits_and_compress", "needs --max-upload-size and --enable-compress-response-body"),
    ("multi_user", "needs --multi-user"),
    ("preview_none_cache_none", "needs --preview-method none and --cache-none"),
    ("same_number_same_id", "needs LabSleep to hold the queue"),
    ("tls", "needs --tls-keyfile"),
    ("slow_client", "its slow socket was not recorded; Scene::SlowReader has a test of its own"),
    ("measure", "measures speed, 50 jobs alike"),
];

/// Routes that are not there on purpose: what they tell is about a ComfyUI installation.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/experiment/", "where model files are: the practice engine has none"),
    (
        "/view_metadata/checkpoints?filename=lab",
        "what is in a model file: the practice engine has none",
    ),
    ("/internal/folder_paths", "where model files are: the practice engine has none"),
    ("/extensions", "ComfyUI's web page"),
    ("/templates/", "ComfyUI's web page"),
    ("/global_subgraphs", "ComfyUI's own workflows"),
    ("/node_replacements", "ComfyUI's own list of renamed nodes"),
    ("/object_info/Lab", "nodes the practice engine has not"),
    ("/object_info/SaveVideo", "nodes the practice engine has not"),
];

/// Differences that are meant: scenario, what stands in the difference, the reason.
const MEANT: &[(&str, &str, &str)] = &[
    ("", ".practice is too much", "the practice engine says what it is"),
    ("", "practice_dunes", "it has models of its own"),
    ("", "practice_grain", "it has models of its own"),
    ("", "practice_x2", "it has models of its own"),
    ("object_info", ".image[0] is []", "the recorded server had pictures to load"),
    ("view", "the order is 2, 3", "which output node runs first comes out of a set"),
    ("view", "frame 9.data.nodes.3 is missing", "which output node runs first comes out of a set"),
    ("uploads", "Invalid data found", "0.28.2 reads pictures with ffmpeg, and it has other words"),
    ("info_endpoints", ".category is ", "the nodes are those of 0.28.2"),
    ("info_endpoints", ".sampler_name[0] is ", "the nodes are those of 0.28.2"),
    ("info_endpoints", ".output is [", "the nodes are those of 0.28.2"),
    ("info_endpoints", "GET /models: ", "it lists only folders it knows"),
    ("origin_checks", "foreign Host", "it listens on loopback only: such a name was rebound to it"),
    (
        "origin_checks",
        "non-loopback Host",
        "it listens on loopback only: such a name was rebound to it",
    ),
];

async fn conforms(version: &str, like: Like) {
    let Some(folder) = recording::folder(version) else {
        println!("not run: there are no recordings of {version} beside the project");
        return;
    };
    let mut report = Report::default();
    let only = std::env::var("PRACTICE_SCENARIO").ok();
    for name in recording::scenarios(&folder) {
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        match LEFT_OUT.iter().find(|(known, _)| *known == name) {
            Some((_, reason)) => report.leave_out(format!("scenario {name}: {reason}")),
            None => {
                let begun = std::time::Instant::now();
                report.add(replay::scenario(&folder, &name, like).await);
                println!("  {name} took {:?}", begun.elapsed());
            }
        }
    }
    let (compared, differences) = classes::differences(&folder, like).await;
    report.differences.extend(differences);
    let mut wrong = vec![];
    let mut meant: BTreeMap<&str, usize> = BTreeMap::new();
    for difference in &report.differences {
        let reason = MEANT.iter().find(|(scenario, part, _)| {
            difference.starts_with(scenario) && difference.contains(part)
        });
        match reason {
            Some((_, _, reason)) => *meant.entry(reason).or_default() += 1,
            None => wrong.push(difference.as_str()),
        }
    }
    println!(
        "{version}: compared {} scenarios, {} requests, {} frames, {} jobs and {compared} node \
         classes; {} differences are meant",
        report.scenarios,
        report.requests,
        report.frames,
        report.jobs,
        meant.values().sum::<usize>()
    );
    for (reason, count) in meant {
        println!("  meant {count} times: {reason}");
    }
    for (reason, count) in &report.left_out {
        println!("  left out {count} times: {reason}");
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn like_0_3_64() {
    conforms("v0.3.64", Like::V0_3_64).await;
}

#[tokio::test]
async fn like_0_8_0() {
    conforms("v0.8.0", Like::V0_8_0).await;
}

#[tokio::test]
async fn like_0_28_2() {
    conforms("v0.28.2", Like::V0_28_2).await;
}
