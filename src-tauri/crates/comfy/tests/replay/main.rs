//! The recorded traffic of three real servers, played back: every frame is understood, and every job
//! ends as the recording says, however the frames are cut, lost, repeated or swapped.
//!
//! `SAFELIGHT_REPLAY_SEED` chooses another run of the same chances.
#![allow(missing_docs, clippy::expect_used, clippy::panic)]

mod answers;
mod chance;
mod large;
#[path = "../support/playback.rs"]
mod playback;
mod recording;
mod scenarios;
mod story;
mod truth;
mod wire;

use chance::Chance;
use comfy::{Frame, ProgressReader, decode_binary, decode_text};
use playback::Playback;
use recording::{Recording, Step, VERSIONS, Wire};
use std::collections::{BTreeMap, HashMap};
use story::{Jobs, beats, memory};
use wire::Sockets;

/// Rounds of losing, repeating and swapping frames, beside the one that goes through a socket.
const ROUNDS: usize = 50;

/// Kinds that the server sends, and that Safelight does not read: what an asset scan has come to
/// (0.28 with `--enable-assets`).
const NOT_READ: &str = "assets.seed.";

fn decoded(wire: &Wire) -> Frame {
    let frame = match wire {
        Wire::Text(text) => decode_text(text.as_bytes()),
        Wire::Binary { bytes, .. } => decode_binary(bytes, false),
    };
    frame.expect("a frame of a real server")
}

/// The frames of each step, as a socket reads them.
fn read(connections: &[Vec<(usize, Wire)>]) -> HashMap<usize, Vec<Frame>> {
    let mut frames = HashMap::<usize, Vec<Frame>>::new();
    for connection in connections {
        let mut progress = ProgressReader::default();
        for (at, wire) in connection {
            let known = match wire {
                Wire::Text(text) => progress.read(text.as_bytes()),
                Wire::Binary { .. } => None,
            };
            frames.entry(*at).or_default().push(known.unwrap_or_else(|| decoded(wire)));
        }
    }
    frames
}

#[test]
fn every_recorded_frame_is_understood() {
    if recording::folder().is_none() {
        return;
    }
    for version in VERSIONS {
        let (mut scenarios, mut whole, mut shortened) = (0, 0, 0);
        let mut kinds = BTreeMap::<String, u32>::new();
        for recording in recording::of_version(version) {
            scenarios += 1;
            let name = &recording.name;
            for step in &recording.steps {
                let Step::Frame { wire, .. } = step else { continue };
                let frame = decoded(wire);
                let kind = match (wire, &frame) {
                    (Wire::Text(text), Frame::Unknown { kind, .. }) => {
                        assert!(kind.starts_with(NOT_READ), "{version} {name}: {text}");
                        kind
                    }
                    (Wire::Text(_), _) => "text",
                    (Wire::Binary { recorded_whole, picture, .. }, frame) => {
                        *(if *recorded_whole { &mut whole } else { &mut shortened }) += 1;
                        match frame {
                            Frame::Preview { bytes, mime, .. } => {
                                assert_eq!(Some(bytes.len()), *picture, "{version} {name}");
                                let begin: &[u8] = match *mime {
                                    "image/png" => b"\x89PNG",
                                    _ => b"\xff\xd8\xff",
                                };
                                assert!(!recorded_whole || bytes.starts_with(begin), "{mime}");
                                "preview"
                            }
                            Frame::Text { text, .. } => {
                                assert!(text.starts_with("lab progress text"), "{text}");
                                "progress text"
                            }
                            odd => panic!("{version} {name}: {odd:?}"),
                        }
                    }
                };
                *kinds.entry(kind.to_owned()).or_default() += 1;
            }
        }
        println!(
            "{version}: {scenarios} scenarios, frames: {kinds:?}; of the binary ones {whole} recorded whole, {shortened} with a made up picture behind their recorded head"
        );
        assert!(scenarios > 50);
    }
}

/// What one recording's jobs came to.
async fn play(recording: &Recording, server: &Playback, sockets: &Sockets, counts: &mut Counts) {
    let whose = format!("{} {} (seed {})", recording.version, recording.name, chance::seed());
    let ends = truth::ends(recording);
    let beats = beats(recording, server).await;
    let connections = wire::connections(recording);

    let frames = read(&connections);
    let mut jobs = Jobs::play(&beats, &frames);
    jobs.collect();
    counts.ended += jobs.compare(&ends, &whose);
    counts.jobs += ends.len();
    counts.scenarios += 1;
    for end in ends.values() {
        *counts.ends.entry(format!("{end:?}")).or_default() += 1;
    }

    // The same through a socket, cut at random.
    let mut cut = HashMap::new();
    for (at, connection) in connections.iter().enumerate() {
        counts.frames += connection.len();
        let chance = Chance::new(&format!("{whose} cut {at}"));
        cut.extend(sockets.send(connection, chance).await);
    }
    assert!(cut == frames, "{whose}: other frames came out of the socket");

    // The same with frames lost, repeated and swapped on their way, through a socket.
    let (memory, answered) = memory(&beats, &ends);
    counts.answered += answered;
    let mangle = |round: usize| Chance::new(&format!("{whose} mangled {round}"));
    let mut chance = mangle(0);
    let mangled: Vec<_> =
        connections.iter().map(|frames| wire::mangled(frames, &mut chance)).collect();
    let mut cut = HashMap::new();
    for (at, connection) in mangled.iter().enumerate() {
        counts.mangled += connection.len();
        let chance = Chance::new(&format!("{whose} mangled and cut {at}"));
        cut.extend(sockets.send(connection, chance).await);
    }
    assert!(cut == read(&mangled), "{whose}: other mangled frames came out of the socket");
    let mut jobs = Jobs::play(&beats, &cut);
    jobs.reconcile(&memory);
    jobs.compare(&ends, &format!("{whose} mangled"));

    // And again and again, without the socket.
    for round in 1..=ROUNDS {
        let mut chance = mangle(round);
        let mut arriving = HashMap::<usize, Vec<&Frame>>::new();
        for connection in &connections {
            let sent: Vec<_> = connection.iter().map(|(at, _)| (*at, &frames[at][0])).collect();
            for (at, frame) in wire::mangled(&sent, &mut chance) {
                counts.mangled += 1;
                arriving.entry(at).or_default().push(frame);
            }
        }
        let mut jobs = Jobs::play(&beats, &arriving);
        jobs.reconcile(&memory);
        jobs.compare(&ends, &format!("{whose} round {round}"));
    }
}

#[derive(Default)]
struct Counts {
    scenarios: usize,
    frames: usize,
    mangled: usize,
    jobs: usize,
    ended: usize,
    answered: usize,
    ends: BTreeMap<String, u32>,
}

async fn play_all(version: &'static str) {
    if recording::folder().is_none() {
        return;
    }
    let (server, sockets) = (Playback::at("").await, Sockets::open().await);
    let mut counts = Counts::default();
    for recording in recording::of_version(version) {
        play(&recording, &server, &sockets, &mut counts).await;
    }
    println!(
        "{version} (seed {}): {} scenarios, {} frames through sockets, {} jobs compared, {} of them ended, of {} of them an answer tells; {:?}; {} mangled frames in {} rounds",
        chance::seed(),
        counts.scenarios,
        counts.frames,
        counts.jobs,
        counts.ended,
        counts.answered,
        counts.ends,
        counts.mangled,
        ROUNDS + 1,
    );
    assert!(counts.ended > 150);
}

#[tokio::test]
async fn jobs_of_0_3_end_as_recorded() {
    play_all("v0.3.64").await;
}

#[tokio::test]
async fn jobs_of_0_8_end_as_recorded() {
    play_all("v0.8.0").await;
}

#[tokio::test]
async fn jobs_of_0_28_end_as_recorded() {
    play_all("v0.28.2").await;
}
