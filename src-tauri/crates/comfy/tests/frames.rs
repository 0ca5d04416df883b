//! Frames: a table, and bytes that make no sense. Recorded traffic is in `replay`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bytes::Bytes;
use comfy::{Frame, decode_binary, decode_text};
use proptest::prelude::*;
use serde_json::{Value, json};

fn text(frame: &Value) -> Frame {
    decode_text(frame.to_string().as_bytes()).unwrap()
}

#[test]
fn every_kind_of_text_frame_is_understood() {
    let frame = text(&json!({"type": "status",
        "data": {"status": {"exec_info": {"queue_remaining": 3}}, "sid": "me"}}));
    assert!(
        matches!(frame, Frame::Status { queue_remaining: Some(3), sid: Some(sid) } if sid == "me")
    );
    let frame =
        text(&json!({"type": "execution_start", "data": {"prompt_id": "p", "timestamp": 7}}));
    assert!(matches!(frame, Frame::Started { prompt_id, at: Some(7) } if prompt_id == "p"));
    let frame =
        text(&json!({"type": "execution_cached", "data": {"prompt_id": "p", "nodes": ["1", 2]}}));
    assert!(matches!(frame, Frame::Cached { nodes, .. } if nodes == ["1", "2"]));
    let frame = text(&json!({"type": "executing", "data": {"node": "5"}}));
    assert!(
        matches!(frame, Frame::Executing { prompt_id: None, node: Some(node), .. } if node == "5")
    );
    let frame = text(&json!({"type": "progress",
        "data": {"prompt_id": "p", "node": "5", "value": 2, "max": 9}}));
    assert!(matches!(frame, Frame::Progress { value, max, .. } if (value, max) == (2.0, 9.0)));
    let frame = text(&json!({"type": "progress_state", "data": {"prompt_id": "p", "nodes": {
        "5.0.1": {"value": 1, "max": 4, "state": "running", "display_node_id": "5", "real_node_id": "1"}}}}));
    let Frame::ProgressState { nodes, .. } = frame else { panic!("{frame:?}") };
    assert_eq!((nodes[0].display_id.as_str(), nodes[0].running, nodes[0].max), ("5", true, 4.0));
    let frame = text(&json!({"type": "executed", "data": {"prompt_id": "p", "node": "9",
        "output": {"images": [{"filename": "a.png", "subfolder": "s", "type": "output"}]}}}));
    assert!(matches!(frame, Frame::Executed { outputs, .. } if outputs.len() == 1));
    let frame = text(&json!({"type": "execution_success", "data": {"prompt_id": "p"}}));
    assert!(matches!(frame, Frame::Succeeded { .. }));
    let frame = text(&json!({"type": "execution_error", "data": {"prompt_id": "p", "node_id": "3",
        "node_type": "KSampler", "exception_message": "no", "exception_type": "E", "traceback": ["a", "b"]}}));
    assert!(matches!(frame, Frame::Failed { .. }));
    let frame =
        text(&json!({"type": "execution_interrupted", "data": {"prompt_id": "p", "node_id": "3"}}));
    assert!(matches!(frame, Frame::Interrupted { node: Some(node), .. } if node == "3"));
    let frame = text(&json!({"type": "somebodys.event", "data": {"anything": [1]}}));
    assert!(matches!(frame, Frame::Unknown { kind, .. } if kind == "somebodys.event"));
}

#[test]
fn bare_nan_in_a_frame_is_read() {
    let frame = br#"{"type":"executed","data":{"prompt_id":"p","node":"1","output":{"text":["a"],"score":[NaN]}}}"#;
    assert!(matches!(decode_text(frame).unwrap(), Frame::Executed { .. }));
}

#[test]
fn previews_are_cut_where_they_say() {
    let old = Bytes::from_static(b"\0\0\0\x01\0\0\0\x01JPEG");
    let Frame::Preview { mime, bytes, prompt_id, .. } = decode_binary(&old, false).unwrap() else {
        panic!()
    };
    assert_eq!((mime, &bytes[..], prompt_id), ("image/jpeg", &b"JPEG"[..], None));
    let meta = br#"{"node_id":"3","prompt_id":"p","image_type":"image/png"}"#;
    let mut new = vec![0, 0, 0, 4];
    new.extend(u32::try_from(meta.len()).unwrap().to_be_bytes());
    new.extend(meta);
    new.extend(b"PNG");
    let whole = Bytes::from(new);
    let Frame::Preview { mime, bytes, node, .. } = decode_binary(&whole, false).unwrap() else {
        panic!()
    };
    assert_eq!((mime, &bytes[..], node.as_deref()), ("image/png", &b"PNG"[..], Some("3")));
    for cut in 0..8 + meta.len() {
        assert!(decode_binary(&whole.slice(..cut), false).is_err(), "cut to {cut}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_text(&bytes);
        let bytes = Bytes::from(bytes);
        let _ = decode_binary(&bytes, false);
        let _ = decode_binary(&bytes, true);
    }

    #[test]
    fn no_shape_makes_it_panic(
        kind in "status|execution_start|execution_cached|executing|progress|progress_state|executed|execution_error|execution_success",
        key in "prompt_id|nodes|node|output|value|max|status|display_node",
        value in prop_oneof![
            Just(json!(null)), Just(json!(-1)), Just(json!(1e300)), Just(json!("x")), Just(json!([[], {}])),
            Just(json!({"a": {"b": []}})),
        ],
    ) {
        let frame = json!({"type": kind, "data": {"prompt_id": "p", key: value}});
        let _ = decode_text(frame.to_string().as_bytes());
    }
}
