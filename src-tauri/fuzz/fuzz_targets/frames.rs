#![no_main]

use bytes::Bytes;
use comfy::{ProgressReader, decode_binary, decode_text};

// What a server may send over its socket. Zeros cut it into frames that come one after the other.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = decode_text(data);
    let bytes = Bytes::copy_from_slice(data);
    for with_job in [false, true] {
        let _ = decode_binary(&bytes, with_job);
    }
    let mut reader = ProgressReader::default();
    for frame in data.split(|byte| *byte == 0) {
        let _ = reader.read(frame);
    }
});
