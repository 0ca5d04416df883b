//! A real ComfyUI to test with.

/// The real server, or nothing, which is said.
pub fn server() -> Option<String> {
    let named = std::env::var("SAFELIGHT_COMFYUI_URL").ok().filter(|url| !url.is_empty());
    if named.is_none() {
        eprintln!("not run: SAFELIGHT_COMFYUI_URL names no ComfyUI");
    }
    named.map(|url| url.trim_end_matches('/').to_owned())
}
