//! What needs the disk to be found: words in texts, and values of widgets.

use super::{json_list, packed, postings, unpack::aside, unspaced::spaced};
use crate::{Result, Store};
use sqlx::{QueryBuilder, Sqlite};
use std::collections::HashMap;

/// The longest text that is looked for in values, in bytes.
const LONGEST: usize = 4_000;
/// The longest value that is offered, in characters.
const LONGEST_OFFERED: u32 = 200;

/// Where words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextColumn {
    /// In what reaches the positive conditioning.
    Prompt,
    /// In what reaches the negative conditioning.
    Negative,
}

/// Words to find texts by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextTerm {
    /// Where; nothing is everywhere, in the names of models and LoRAs too.
    pub column: Option<TextColumn>,
    /// A word, or words that stand next to one another.
    pub words: String,
    /// The last word may go on.
    pub beginning: bool,
}

/// A value to find recipes by.
#[derive(Clone, Debug, PartialEq)]
pub struct WidgetTerm {
    /// The node's class, whatever the case of its letters; nothing is any.
    pub class: Option<String>,
    /// The input's name, whatever the case; nothing is any.
    pub input: Option<String>,
    /// What the value must be.
    pub test: WidgetTest,
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq)]
pub enum WidgetTest {
    /// A text that contains this, whatever the case; or this number.
    Like {
        /// The text.
        text: String,
        /// The number, if it is one.
        number: Option<f64>,
    },
    /// This text, whatever the case; or this number.
    Equal {
        /// The text.
        text: String,
        /// The number, if it is one.
        number: Option<f64>,
    },
    /// A number within bounds.
    Number {
        /// The smallest.
        least: Option<f64>,
        /// The largest.
        most: Option<f64>,
        /// The smallest is no match itself.
        above: bool,
        /// The largest is no match itself.
        below: bool,
    },
}

impl Store {
    /// The ids of the texts with words in them, in no order. Accents and the case of letters make no
    /// difference. Words without any letter or digit are in no text.
    pub async fn texts_with(&self, term: &TextTerm) -> Result<Vec<u32>> {
        let Some(matching) = match_text(term.column, &term.words, term.beginning) else {
            return Ok(Vec::new());
        };
        let packed: Option<Vec<u8>> = sqlx::query_scalar(
            "SELECT CAST(group_concat(rowid, ',') AS BLOB) FROM words WHERE words MATCH ?",
        )
        .bind(matching)
        .fetch_one(&self.read)
        .await?;
        packed::ids(&packed.unwrap_or_default())
    }

    /// Classes of nodes, each with the inputs that some recipe has a value of.
    pub async fn widgets(&self) -> Result<Vec<(String, String)>> {
        Ok(sqlx::query_as("SELECT class, input FROM widget").fetch_all(&self.read).await?)
    }

    /// Values of an input that have a text in them, each once, those of most recipes first. Where more
    /// than so many fit, such as seeds, only those that begin so count; where those are too many, none.
    pub async fn widget_values(
        &self,
        class: Option<&str>,
        input: Option<&str>,
        part: &str,
        most: u32,
    ) -> Result<Vec<String>> {
        for pattern in [format!("%{}%", escaped(part)), format!("{}%", escaped(part))] {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT id, text FROM param WHERE widget IN (SELECT id FROM widget WHERE TRUE",
            );
            for (column, name) in [("class", class), ("input", input)] {
                if let Some(name) = name {
                    query.push(" AND ").push(column).push(" = ").push_bind(name);
                    query.push(" COLLATE NOCASE");
                }
            }
            query.push(") AND length(text) <= ").push_bind(LONGEST_OFFERED);
            query.push(" AND text LIKE ").push_bind(pattern).push(" ESCAPE '\\' LIMIT ");
            query.push_bind(most.saturating_add(1));
            let found: Vec<(i64, String)> = query.build_query_as().fetch_all(&self.read).await?;
            if found.len() > most as usize {
                continue;
            }
            let ids = json_list(found.iter().map(|(id, _)| id));
            let uses: Vec<(i64, i64)> = sqlx::query_as(
                "SELECT value, (SELECT coalesce(sum(length(recipes)) / 2, 0) FROM param_recipes
                    WHERE param = value)
                FROM json_each(?)",
            )
            .bind(ids)
            .fetch_all(&self.read)
            .await?;
            let mut of_text: HashMap<String, i64> = HashMap::new();
            for ((_, text), (_, uses)) in found.into_iter().zip(uses) {
                *of_text.entry(text).or_default() += uses;
            }
            let mut all: Vec<(String, i64)> = of_text.into_iter().collect();
            all.sort_by(|(text, uses), (other, more)| more.cmp(uses).then_with(|| text.cmp(other)));
            return Ok(all.into_iter().map(|(text, _)| text).collect());
        }
        Ok(Vec::new())
    }

    /// The ids of the recipes with a value, in order, each once.
    pub async fn recipes_with(&self, term: &WidgetTerm) -> Result<Vec<u32>> {
        let mut query = QueryBuilder::<Sqlite>::new(postings::PACKED);
        query.push("param IN (SELECT id FROM param WHERE ");
        values(&mut query, &term.test);
        if term.class.is_some() || term.input.is_some() {
            query.push(" AND widget IN (SELECT id FROM widget WHERE TRUE");
            for (column, name) in [("class", &term.class), ("input", &term.input)] {
                if let Some(name) = name {
                    query.push(" AND ").push(column).push(" = ").push_bind(name);
                    query.push(" COLLATE NOCASE");
                }
            }
            query.push(")");
        }
        query.push(")");
        let packed: Option<Vec<u8>> = query.build_query_scalar().fetch_one(&self.read).await?;
        aside(move || postings::unpack(&packed.unwrap_or_default())).await
    }
}

/// Writes what a value must be.
fn values(query: &mut QueryBuilder<Sqlite>, test: &WidgetTest) {
    match test {
        WidgetTest::Like { text, number } => {
            query.push("(");
            like(query, text, true);
            or_number(query, *number);
        }
        WidgetTest::Equal { text, number } => {
            query.push("(");
            like(query, text, false);
            or_number(query, *number);
        }
        WidgetTest::Number { least, most, above, below } => {
            query.push("num IS NOT NULL");
            if let Some(least) = least {
                query.push(if *above { " AND num > " } else { " AND num >= " }).push_bind(*least);
            }
            if let Some(most) = most {
                query.push(if *below { " AND num < " } else { " AND num <= " }).push_bind(*most);
            }
        }
    }
}

fn or_number(query: &mut QueryBuilder<Sqlite>, number: Option<f64>) {
    if let Some(number) = number {
        query.push(" OR num = ").push_bind(number);
    }
    query.push(")");
}

/// Writes that the text is like this, or contains it, whatever the case. LIKE knows the case of ASCII
/// letters only; with others among them, each letter is written in both.
fn like(query: &mut QueryBuilder<Sqlite>, text: &str, within: bool) {
    // SQLite refuses patterns of more than 50,000 bytes; nothing is typed that long.
    let text = &text[..text.floor_char_boundary(LONGEST)];
    let around = |wild: &str, pattern: String| {
        if within { format!("{wild}{pattern}{wild}") } else { pattern }
    };
    if text.is_ascii() {
        query.push("text LIKE ").push_bind(around("%", escaped(text))).push(" ESCAPE '\\'");
        return;
    }
    let mut pattern = String::with_capacity(text.len() * 4);
    for letter in text.chars() {
        let cases: Vec<char> = letter.to_lowercase().chain(letter.to_uppercase()).collect();
        match cases[..] {
            [small, large] if small != large => pattern.extend(['[', small, large, ']']),
            // What becomes several letters in the other case is looked for as it is.
            _ if matches!(letter, '*' | '?' | '[') => pattern.extend(['[', letter, ']']),
            _ => pattern.push(letter),
        }
    }
    query.push("text GLOB ").push_bind(around("*", pattern));
}

/// Words as an FTS5 expression: quoted, so that nothing in them is an operator, next to one another, the
/// last as the beginning of one if that is wanted. Nothing when there is no word in it.
pub(super) fn match_text(
    column: Option<TextColumn>,
    words: &str,
    beginning: bool,
) -> Option<String> {
    // A token needs a letter or a digit; quoted punctuation alone would match nothing.
    if !words.contains(char::is_alphanumeric) {
        return None;
    }
    let column = match column {
        None => "",
        Some(TextColumn::Prompt) => "prompt : ",
        Some(TextColumn::Negative) => "negative : ",
    };
    // Behind a sign, the quoted words would end with no word to go on.
    let goes_on = beginning && words.ends_with(char::is_alphanumeric);
    let quoted = spaced(words).replace('"', "\"\"").replace('\0', "");
    let quoted = quoted.trim();
    Some(format!("{column}\"{quoted}\"{}", if goes_on { "*" } else { "" }))
}

/// A text in which no sign means another one to `LIKE`, with `\` before those that would.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
