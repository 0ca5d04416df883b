//! What the page fills into texts when it queues.

/// Whether the page would send something else than what is saved.
pub(super) fn changes(input: &str, by_chance: bool, json: &str) -> bool {
    if by_chance && (json.contains('{') || json.contains("//") || json.contains("/*")) {
        return true;
    }
    input == "filename_prefix" && json.matches('%').count() > 1
}
