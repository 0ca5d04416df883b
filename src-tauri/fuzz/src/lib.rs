//! What the fuzz targets share.

use std::io::Cursor;

/// Reads `data` as a file of one kind: `marks` are put where the kind has its magic, so that no run is
/// wasted on files of other kinds.
pub fn read(data: &[u8], marks: &[(usize, &[u8])]) {
    let mut file = data.to_vec();
    for (at, mark) in marks {
        if file.len() < at + mark.len() {
            return;
        }
        file[*at..at + mark.len()].copy_from_slice(mark);
    }
    if let Ok((_, found)) = media::embedded_in(Cursor::new(file), None) {
        for text in [found.prompt, found.workflow, found.parameters].into_iter().flatten() {
            assert!(text.len() <= 64 << 20);
        }
    }
}
