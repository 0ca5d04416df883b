//! How deep a JSON text is nested, before anything recursive sees it.

/// Workflows in the wild stay below 30.
pub const MAX_DEPTH: usize = 100;

/// Whether brackets are nested deeper than [`MAX_DEPTH`].
pub fn too_deep(text: &[u8]) -> bool {
    deeper_than(MAX_DEPTH, text)
}

/// Whether brackets are nested deeper than so many levels.
pub fn deeper_than(most: usize, text: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > most {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}
