#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::read(data, &[(0, b"\0\0\0\x0cJXL \r\n\x87\n")]));
