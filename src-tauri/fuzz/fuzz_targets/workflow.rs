#![no_main]

// What is found in a file is read as a workflow, or as settings.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = workflow::read(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = workflow::parameters(text);
    }
});
