//! What one token says of one asset or recipe, looked at by itself.

use crate::model::{Asset, Recipe};
use catalog::{Column, NameTest, Number, Shape, SizeValue, Test, WidgetTest};

pub fn shape(asset: &Asset) -> Option<Shape> {
    let (width, height) = (asset.width, asset.height);
    if width == 0 || height == 0 {
        return None;
    }
    Some(if width == height {
        Shape::Square
    } else if width > height {
        Shape::Landscape
    } else {
        Shape::Portrait
    })
}

pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

pub fn bare(text: &str) -> String {
    lower(text).chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// Whole words, or the beginning of the last, next to one another.
pub fn has_words(recipe: &Recipe, column: Column, words: &str, beginning: bool) -> bool {
    let cut = |text: &str| -> Vec<String> {
        let words = lower(text);
        let words = words.split(|sign: char| !sign.is_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let wanted = cut(words);
    let texts: Vec<&String> = match column {
        Column::Any => {
            let all = [&recipe.prompt, &recipe.negative];
            all.into_iter().chain(&recipe.models).chain(&recipe.loras).collect()
        }
        Column::Prompt => vec![&recipe.prompt],
        Column::Negative => vec![&recipe.negative],
    };
    !wanted.is_empty()
        && texts.iter().any(|text| {
            cut(text).windows(wanted.len()).any(|window| {
                (0..wanted.len()).all(|at| {
                    let last = at + 1 == wanted.len();
                    window[at] == wanted[at]
                        || (beginning && last && window[at].starts_with(&wanted[at]))
                })
            })
        })
}

pub fn name_holds(test: &NameTest, name: &str) -> bool {
    match test {
        NameTest::Like(text) if bare(text).is_empty() => lower(name).contains(&lower(text)),
        NameTest::Like(text) => bare(name).contains(&bare(text)),
        NameTest::Is(text) => {
            let file = name.rsplit('/').next().unwrap();
            let stem = file.strip_suffix(".safetensors").unwrap_or(file);
            lower(name) == lower(text) || lower(stem) == lower(text)
        }
    }
}

pub fn widget_holds(recipe: &Recipe, test: &WidgetTest) -> bool {
    let Some(steps) = recipe.steps else { return false };
    let number = Number::new(f64::from(steps)).unwrap();
    match test {
        WidgetTest::Like { number: wanted, .. } | WidgetTest::Equal { number: wanted, .. } => {
            *wanted == Some(number)
        }
        WidgetTest::Number(test) => test.holds(&number),
    }
}

pub fn size_holds(asset: &Asset, test: &Test<SizeValue>) -> bool {
    let (width, height) = (asset.width, asset.height);
    let known = width > 0 && height > 0;
    let (Test::Is(value)
    | Test::Above(value)
    | Test::AtLeast(value)
    | Test::Below(value)
    | Test::AtMost(value)
    | Test::Between(value, _)) = *test;
    let side = |value| match value {
        SizeValue::Longer(side) => side,
        SizeValue::Sides(width, _) => width,
        _ => 0,
    };
    let measure = |value| match value {
        SizeValue::Pixels(measure) | SizeValue::Bytes(measure) => measure,
        other => panic!("{other:?} is no measure"),
    };
    match value {
        SizeValue::Longer(_) => known && test.map(side).holds(&width.max(height)),
        SizeValue::Sides(..) => {
            let other = |value| match value {
                SizeValue::Sides(_, height) => height,
                _ => 0,
            };
            known && test.map(side).holds(&width) && test.map(other).holds(&height)
        }
        SizeValue::Pixels(_) => {
            known && test.map(measure).holds_for(u64::from(width) * u64::from(height))
        }
        SizeValue::Bytes(_) => test.map(measure).holds_for(asset.bytes),
    }
}
