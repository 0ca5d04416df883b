#![no_main]

// As a file, and as EXIF in either order of bytes.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    fuzz::read(data, &[(0, b"II*\0")]);
    fuzz::read(data, &[(0, b"MM\0*")]);
});
