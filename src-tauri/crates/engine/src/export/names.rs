//! Names of exported files.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

/// What the name of an exported file is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The file's name without its ending.
    pub name: String,
    /// The output's title.
    pub title: String,
    /// The day it was made, as 2026-11-28.
    pub date: String,
    /// The time it was made, as 14-02-31.
    pub time: String,
    /// The seed, if there is one.
    pub seed: String,
    /// The first model, without its ending.
    pub model: String,
    /// Stars.
    pub rating: u8,
}

impl Named {
    /// The template with its places filled in, as a part of a file name. `at` counts from 0. What is in
    /// braces and no place stays as it is.
    pub fn filled(&self, template: &str, at: usize) -> String {
        let number = format!("{:04}", at + 1);
        let rating = self.rating.to_string();
        let mut filled = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            rest = &rest[open..];
            let Some(close) = rest.find('}') else { break };
            filled.push_str(match &rest[1..close] {
                "name" => &self.name,
                "title" => &self.title,
                "date" => &self.date,
                "time" => &self.time,
                "seed" => &self.seed,
                "model" => &self.model,
                "rating" => &rating,
                "n" => &number,
                _ => &rest[..=close],
            });
            rest = &rest[close + 1..];
        }
        filled.push_str(rest);
        media::sanitise(&filled)
    }
}

/// Names that are taken in a folder.
#[derive(Debug, Default)]
pub struct Taken {
    names: HashSet<String>,
    /// The number that a name gets when it comes again, so that ten thousand of one name take no longer
    /// each.
    next: HashMap<String, u32>,
}

impl Taken {
    /// Those of the files that are there.
    pub fn in_folder(folder: &Path) -> Self {
        let mut taken = Self::default();
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        for entry in entries {
            taken.take(&entry.file_name().to_string_lossy());
        }
        taken
    }

    /// Takes a name. Not all systems tell large letters from small ones.
    pub fn take(&mut self, name: &str) {
        self.names.insert(name.to_lowercase());
    }

    /// A name that is free: with a number behind it where it is taken. With `sidecar` that of its XMP
    /// file is free, too.
    pub fn next(&mut self, stem: &str, ending: Option<&str>, sidecar: bool) -> String {
        let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
        let whole = format!("{stem}{ending}");
        let number = self.next.entry(whole.to_lowercase()).or_insert(1);
        loop {
            let name =
                if *number == 1 { whole.clone() } else { format!("{stem} ({number}){ending}") };
            *number += 1;
            let beside = format!("{name}.xmp").to_lowercase();
            let taken = |name: &str| self.names.contains(name);
            if !taken(&name.to_lowercase()) && (!sidecar || !taken(&beside)) {
                self.names.insert(name.to_lowercase());
                if sidecar {
                    self.names.insert(beside);
                }
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn places_are_filled_in() {
        let named = Named {
            name: "bouquet_00014".into(),
            title: "Bouquet: study".into(),
            date: "2026-11-28".into(),
            seed: "408815".into(),
            model: "sd_xl_base_1.0".into(),
            rating: 4,
            ..Named::default()
        };
        for (template, name) in [
            ("{name}", "bouquet_00014"),
            ("{date} {title} {n}", "2026-11-28 Bouquet study 0003"),
            ("{model}_{seed}_{rating}", "sd_xl_base_1.0_408815_4"),
            ("{time}", "output"),
            ("{nothing} {", "{nothing} {"),
            ("../../{name}", "bouquet_00014"),
        ] {
            let filled = named.filled(template, 2);
            assert!(!filled.contains(['/', '\\']), "{filled}");
            if template.starts_with("..") {
                assert!(filled.ends_with(name), "{filled}");
            } else {
                assert_eq!(filled, name, "{template}");
            }
        }
    }

    #[test]
    fn no_name_comes_twice() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("A.png"), "x").unwrap();
        let mut taken = Taken::in_folder(folder.path());
        let names: Vec<String> = (0..3).map(|_| taken.next("a", Some("png"), false)).collect();
        assert_eq!(names, ["a (2).png", "a (3).png", "a (4).png"]);
        assert_eq!(taken.next("a", None, false), "a");
        taken.take("b.png.xmp");
        assert_eq!(taken.next("B", Some("png"), true), "B (2).png");
        assert_eq!(taken.next("b (2)", Some("png"), false), "b (2) (2).png");
    }
}
