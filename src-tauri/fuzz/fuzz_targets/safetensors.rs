#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::read(data, &[(2, b"\0\0\0\0\0\0{\"")]));
