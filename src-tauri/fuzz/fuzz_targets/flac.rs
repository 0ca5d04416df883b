#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::read(data, &[(0, b"fLaC")]));
