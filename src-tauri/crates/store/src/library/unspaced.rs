//! Chinese, Japanese and Korean: writing in which words are not told apart by spaces. FTS5's tokens end
//! at spaces and signs, so each character becomes a token of its own, and what is looked for is
//! characters next to one another.

use super::recipes;
use crate::{Result, rows};
use domain::PictureFacts;
use sqlx::{Connection, SqliteConnection};
use std::borrow::Cow;

/// Texts that are put in anew together.
const AT_ONCE: u32 = 500;

/// Whether a character is a token of its own.
fn stands_alone(sign: char) -> bool {
    matches!(
        sign,
        // Radicals, marks of repetition, kana, bopomofo, ideographs, hangul, and the same for
        // compatibility (Unicode 16, blocks).
        '\u{2e80}'..='\u{2fdf}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{312f}'
            | '\u{31a0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

/// The text with spaces around each character that is a token of its own.
pub(super) fn spaced(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(stands_alone) {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len() * 2);
    for sign in text.chars() {
        if stands_alone(sign) {
            spaced.extend([' ', sign, ' ']);
        } else {
            spaced.push(sign);
        }
    }
    Cow::Owned(spaced)
}

/// Puts the words anew that migration 14 names, some at a time: whatever comes between, the next start
/// goes on.
pub(super) async fn put_anew(connection: &mut SqliteConnection) -> Result<()> {
    let mut after = 0;
    loop {
        // Recipes are gone through once, in their order: no index leads from a text to them.
        let found: Vec<(i64, i64, String)> = sqlx::query_as(
            "SELECT recipe.id, recipe.text, recipe.facts FROM recipe
            CROSS JOIN words_before ON words_before.text = recipe.text
            WHERE recipe.id > ? ORDER BY recipe.id LIMIT ?",
        )
        .bind(after)
        .bind(AT_ONCE)
        .fetch_all(&mut *connection)
        .await?;
        let Some((last, ..)) = found.last() else { break };
        after = *last;
        let mut tx = connection.begin().await?;
        for (_, text, facts) in found {
            let listed = sqlx::query("DELETE FROM words_before WHERE text = ?")
                .bind(text)
                .execute(&mut *tx)
                .await?;
            // Several recipes may have the same text.
            if listed.rows_affected() == 0 {
                continue;
            }
            sqlx::query("DELETE FROM words WHERE rowid = ?").bind(text).execute(&mut *tx).await?;
            let facts: PictureFacts = rows::from_json(&facts)?;
            recipes::put_words(&mut tx, &[(text, &facts)]).await?;
        }
        tx.commit().await?;
    }
    sqlx::query("DROP TABLE words_before").execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_characters_without_spaces_stand_alone() {
        for (text, wanted) in [
            ("a quiet harbour", "a quiet harbour"),
            ("größe é", "größe é"),
            ("夜の港", " 夜  の  港 "),
            ("masterpiece、夜", "masterpiece、 夜 "),
            ("flux夜2", "flux 夜 2"),
            ("하늘 sky", " 하  늘  sky"),
            ("", ""),
        ] {
            assert_eq!(spaced(text), wanted);
        }
    }
}
