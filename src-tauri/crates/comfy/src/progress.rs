//! Reading `progress_state` frames cheaply.
//!
//! Each frame lists every node that is not pending, so traffic grows with the square of the node
//! count: 2,000 nodes send 815 MB (ComfyUI 0.3.64 to 0.28.2). A frame begins like the one before it,
//! up to the node that moved; only what comes after that is decoded.

use crate::{
    Frame, NodeProgress,
    frame::{RawNodeState, node_progress},
    lenient::strict_json,
};
use serde::Deserialize;

/// Frames larger than this are decoded whole each time, and not kept.
const LARGEST_KEPT: usize = 16 << 20;

/// Remembers the last `progress_state` of a socket.
#[derive(Debug, Default)]
pub struct ProgressReader {
    last: Vec<u8>,
    /// Where the entries of the last frame's nodes end.
    ends: Vec<usize>,
    prompt_id: String,
}

impl ProgressReader {
    /// Decodes a `progress_state` into the nodes that may have changed since the last one: every node
    /// from the first that differs. Nothing when the frame is of another kind or of an unusual form;
    /// then it is to be decoded as any other, and the next one is decoded whole.
    pub fn read(&mut self, text: &[u8]) -> Option<Frame> {
        let read = self.try_read(text);
        if read.is_none() && is_progress_state(text) {
            self.forget();
        }
        read
    }

    /// Forgets the last frame: the next one is told whole. For a job that is followed only from now on.
    pub fn forget(&mut self) {
        self.last.clear();
        self.ends.clear();
    }

    fn try_read(&mut self, text: &[u8]) -> Option<Frame> {
        if !is_progress_state(text) || text.len() > LARGEST_KEPT {
            return None;
        }
        let same = common(&self.last, text);
        let known = self.ends.partition_point(|end| *end <= same);
        let mut at = match known.checked_sub(1) {
            Some(last_known) => self.ends[last_known],
            None => {
                let (prompt_id, nodes) = head(text)?;
                self.prompt_id = prompt_id;
                nodes
            }
        };
        self.ends.truncate(known);
        let mut nodes = Vec::new();
        loop {
            at = blank(text, at);
            match text.get(at)? {
                b'}' => break,
                b',' if !self.ends.is_empty() => at = blank(text, at + 1),
                b'"' if self.ends.is_empty() => {}
                _ => return None,
            }
            let key = string_end(text, at)?;
            let colon = blank(text, key);
            if text.get(colon) != Some(&b':') {
                return None;
            }
            let value = blank(text, colon + 1);
            let end = object_end(text, value)?;
            nodes.push(entry(&text[at..key], &text[value..end])?);
            self.ends.push(end);
            at = end;
        }
        // Nothing but the two ends may follow, or it is not the frame we know.
        let rest = text[at..].iter().filter(|byte| !byte.is_ascii_whitespace());
        if !rest.eq(b"}}}") {
            return None;
        }
        self.last.truncate(same);
        self.last.extend_from_slice(&text[same..]);
        Some(Frame::ProgressState { prompt_id: self.prompt_id.clone(), nodes })
    }
}

fn is_progress_state(text: &[u8]) -> bool {
    text.starts_with(b"{\"type\": \"progress_state\"")
        || text.starts_with(b"{\"type\":\"progress_state\"")
}

/// How many bytes two texts have in common at their beginning.
fn common(one: &[u8], other: &[u8]) -> usize {
    const PIECE: usize = 1_024;
    let whole = one
        .chunks_exact(PIECE)
        .zip(other.chunks_exact(PIECE))
        .take_while(|(one, other)| one == other)
        .count()
        * PIECE;
    whole + one[whole..].iter().zip(&other[whole..]).take_while(|(one, other)| one == other).count()
}

/// The prompt id, and where the first node begins: `{"type": …, "data": {"prompt_id": …, "nodes": {`.
fn head(text: &[u8]) -> Option<(String, usize)> {
    #[derive(Deserialize)]
    struct Id(String);
    let expect = |at: usize, word: &[u8]| {
        let at = blank(text, at);
        text[at..].starts_with(word).then_some(at + word.len())
    };
    let mut at = 0;
    for word in [
        b"{".as_slice(),
        b"\"type\"",
        b":",
        b"\"progress_state\"",
        b",",
        b"\"data\"",
        b":",
        b"{",
        b"\"prompt_id\"",
        b":",
    ] {
        at = expect(at, word)?;
    }
    let from = blank(text, at);
    let to = string_end(text, from)?;
    let Id(prompt_id) = serde_json::from_slice(&text[from..to]).ok()?;
    at = to;
    for word in [b",".as_slice(), b"\"nodes\"", b":", b"{"] {
        at = expect(at, word)?;
    }
    Some((prompt_id, at))
}

fn blank(text: &[u8], at: usize) -> usize {
    let blanks = text.get(at..).unwrap_or_default().iter();
    at + blanks.take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Where the string that begins at `at` ends, its quote included.
fn string_end(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Where the object that begins at `at` ends, its brace included.
fn object_end(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'{') {
        return None;
    }
    let (mut at, mut depth) = (at, 0_u32);
    loop {
        match text.get(at)? {
            b'"' => {
                at = string_end(text, at)?;
                continue;
            }
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

fn entry(key: &[u8], value: &[u8]) -> Option<NodeProgress> {
    let id: String = serde_json::from_slice(key).ok()?;
    let raw: RawNodeState = match serde_json::from_slice(value) {
        Ok(raw) => raw,
        // A custom node may report NaN.
        Err(_) => serde_json::from_slice(&strict_json(value)).ok()?,
    };
    Some(node_progress((id, raw)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fmt::Write;

    /// A frame of a job in which `begun` nodes are not pending.
    fn frame(job: usize, begun: usize) -> String {
        let mut text =
            format!(r#"{{"type": "progress_state", "data": {{"prompt_id": "{job}", "nodes": {{"#);
        for node in 0..begun {
            let comma = if node == 0 { "" } else { ", " };
            let state = if node + 1 == begun { "running" } else { "finished" };
            write!(text, r#"{comma}"{node}": {{"value": 0.0, "max": 1.0, "state": "{state}"}}"#)
                .unwrap();
        }
        text + "}}}"
    }

    #[test]
    fn memory_follows_the_largest_frame_and_not_their_number() {
        let mut reader = ProgressReader::default();
        let (mut largest, mut frames) = (0, 0);
        for job in 0..100 {
            for begun in 1..=100 {
                let text = frame(job, begun);
                largest = largest.max(text.len());
                assert!(reader.read(text.as_bytes()).is_some());
                frames += 1;
            }
        }
        assert_eq!(frames, 10_000);
        assert_eq!((reader.last.len(), reader.ends.len()), (frame(99, 100).len(), 100));
        // A vector grows to at most twice what it needs.
        assert!(reader.last.capacity() <= 2 * largest, "{}", reader.last.capacity());
        assert!(reader.ends.capacity() <= 256, "{}", reader.ends.capacity());
    }

    #[test]
    fn a_frame_too_large_to_keep_is_left_to_the_whole_reading() {
        let mut reader = ProgressReader::default();
        assert!(reader.read(frame(1, 3).as_bytes()).is_some());
        let mut large = frame(1, 4);
        large.push_str(&" ".repeat(LARGEST_KEPT));
        assert!(reader.read(large.as_bytes()).is_none());
        assert!(reader.last.is_empty() && reader.last.capacity() < LARGEST_KEPT);
    }
}
