//! A small file takes little memory, whatever it says of itself. Alone in its program, since all
//! threads are counted together.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use media::embedded_in;
use peak_alloc::PeakAlloc;
use std::io::Cursor;
use support::build;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What reading a file of a few kilobytes may take, in bytes.
const MOST: usize = 256 << 10;

#[test]
fn a_lying_length_allocates_nothing() {
    let prompt = r#"{"1": {"class_type": "A", "inputs": {}}}"#;
    let files = build::all(&[("prompt", prompt), ("workflow", "{\"nodes\": [], \"links\": []}")]);
    let mut count = 0;
    for (name, _, bytes) in files {
        // Each place of the file says in turn that what follows is as long as can be.
        for at in 0..bytes.len() {
            for lie in [
                &[0xff][..],
                &[0x7f, 0xff],
                &[0x7f, 0xff, 0xff, 0xff],
                &[0, 0xff, 0xff, 0xff, 0xff],
            ] {
                let mut lying = bytes.clone();
                let end = (at + lie.len()).min(lying.len());
                lying[at..end].copy_from_slice(&lie[..end - at]);
                let before = MEMORY.current_usage();
                MEMORY.reset_peak_usage();
                let _ = embedded_in(Cursor::new(&lying), None);
                let took = MEMORY.peak_usage().saturating_sub(before);
                assert!(took < MOST, "{name}, {lie:x?} at {at}: {took} bytes");
                count += 1;
            }
        }
    }
    println!("{count} lies");
    assert!(count > 10_000);
}
