//! The examples of `docs/DYNAMIC_PROMPTS.md` do what it says.

use crate::support::{Files, all, error, prompts};

const GUIDE: &str = include_str!("../../../../../docs/DYNAMIC_PROMPTS.md");

/// The cells of a table's rows, between headings.
fn rows<'a>(heading: &str) -> Vec<Vec<&'a str>> {
    let section = GUIDE.split(heading).nth(1).unwrap_or_else(|| panic!("{heading} is not there"));
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// What is written as code; in tables, `\|` is a bar.
fn code(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(|code| code.replace(r"\|", "|")).collect()
}

fn files() -> Files {
    let files = rows("## The files of the examples");
    Files(files.iter().map(|row| (code(row[0]).remove(0), code(row[1]).join("\n"))).collect())
}

#[test]
fn examples_do_what_is_said() {
    let (files, examples) = (files(), rows("## Examples"));
    assert!(examples.len() > 20, "{} examples", examples.len());
    for row in &examples {
        let (text, expected) = (code(row[0]).remove(0), code(row[1]));
        let results = all(&text, &files);
        if row[1].contains('…') {
            assert_eq!(results[..expected.len()], expected, "{text}");
            assert!(results.len() > expected.len(), "{text}");
        } else {
            assert_eq!(results, expected, "{text}");
        }
    }
    println!("{} examples of the guide", examples.len());
}

#[test]
fn mistakes_are_said_as_is_written() {
    let (files, mistakes) = (files(), rows("## What is refused"));
    assert!(mistakes.len() > 4, "{} mistakes", mistakes.len());
    for row in &mistakes {
        assert_eq!(error(&code(row[0])[0], &files), row[1].replace(r"\|", "|").replace('`', ""));
    }
    assert!(prompts("fine", &files).is_ok());
}
