//! File names that every system takes and a person can read.

/// The longest name in bytes, without its extension.
const LONGEST: usize = 120;
/// Names that Windows keeps for devices.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A text as a part of a file name: without separators, control characters and whatever a file
/// system refuses. Letters of all scripts stay.
pub fn sanitise(text: &str) -> String {
    let cleaned: String = text
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => ' ',
            // Marks that change the direction of text can disguise an extension.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let words = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut name = words.trim_matches(['.', ' ', '-']).to_owned();
    if name.len() > LONGEST {
        let cut = (0..=LONGEST).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
        name.truncate(cut);
        name.truncate(name.trim_end_matches(['.', ' ']).len());
    }
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    if RESERVED.contains(&stem.as_str()) {
        name.insert(0, '_');
    }
    if name.is_empty() { "output".to_owned() } else { name }
}

/// A readable name: title, prefix and seed if there are any, and a number of five digits.
pub fn readable_name(
    title: &str,
    prefix: &str,
    seed: Option<&str>,
    n: u32,
    extension: &str,
) -> String {
    let mut name = sanitise(title);
    for part in [prefix, seed.unwrap_or_default()] {
        if !part.is_empty() {
            name = format!("{name}_{}", sanitise(part));
        }
    }
    let extension: String = extension
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect::<String>()
        .to_ascii_lowercase();
    let extension = if extension.is_empty() { "bin" } else { &extension };
    format!("{name}_{n:05}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_readable_and_harmless() {
        for (title, name) in [
            ("Bouquet study", "Bouquet study"),
            ("../../etc/passwd", "etc passwd"),
            ("a/b\\c:d", "a b c d"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("...", "output"),
            ("", "output"),
            ("夜の港", "夜の港"),
            ("evil\u{202e}gnp.exe", "evil gnp.exe"),
            ("line\nbreak\0", "line break"),
        ] {
            assert_eq!(sanitise(title), name, "{title:?}");
        }
        assert_eq!(readable_name("A", "", Some("42"), 1, "PNG"), "A_42_00001.png");
        assert_eq!(readable_name("A", "", None, 1, "../x"), "A_00001.x");
    }

    proptest! {
        #[test]
        fn any_title_gives_one_name_in_one_folder(title in ".*", seed in ".*", ext in ".*") {
            let name = readable_name(&title, "", Some(&seed), 7, &ext);
            prop_assert!(name.len() <= 2 * LONGEST + 20);
            prop_assert!(!name.contains(['/', '\\', '\0']) && !name.starts_with('.'));
            let path = std::path::Path::new("folder").join(&name);
            prop_assert_eq!(path.components().count(), 2);
        }
    }
}
