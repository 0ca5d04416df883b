#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::read(data, &[(0, b"glTF"), (16, b"JSON")]));
