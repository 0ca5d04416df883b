//! Values against what an input takes, in the order ComfyUI looks at them (`validate_inputs`): first
//! it converts, then it looks at the range, then at the list.

use super::{
    FindingKind,
    class::Spec,
    files::{self, FileState},
    number::Number,
    problem::{About, Fault, Rank},
    same::{is_listed, same_value},
};
use crate::needs::is_model;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use std::cmp::Ordering;

/// Types that only a link can bring.
const LINKED: &[&str] = &[
    "IMAGE",
    "MASK",
    "LATENT",
    "MODEL",
    "CLIP",
    "VAE",
    "CONDITIONING",
    "CONTROL_NET",
    "CLIP_VISION",
    "CLIP_VISION_OUTPUT",
    "STYLE_MODEL",
    "UPSCALE_MODEL",
    "SAMPLER",
    "SIGMAS",
    "NOISE",
    "GUIDER",
    "AUDIO",
    "VIDEO",
];

/// Types that ComfyUI itself has: custom nodes play no tricks with those.
pub(super) fn is_plain_type(kind: &str) -> bool {
    LINKED.contains(&kind) || ["INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"].contains(&kind)
}

/// What is wrong with a value, given as JSON text.
pub(super) fn fault(spec: &Spec<'_>, raw: &str) -> Option<Fault> {
    let unwrapped = unwrap(raw);
    if unwrapped.is_none() && raw.starts_with('[') {
        return bad_link(raw);
    }
    let raw = unwrapped.unwrap_or(raw);
    let (value, changed) = match converted(spec.kind(), raw) {
        Converted::Refused(wants) => return Some(wrong(wants)),
        Converted::Other => (None, None),
        Converted::Number(number, changed) => (Some(number), changed),
        Converted::Changed(fault) => (None, Some(fault)),
    };
    out_of_range(spec, value, raw).or_else(|| off_list(spec, raw)).or_else(|| {
        let linked = LINKED.contains(&spec.kind());
        let no_value = || Fault::new(FindingKind::WrongType, Rank::Warns, About::TakesLink);
        linked.then(no_value).or(changed)
    })
}

/// A value in `{"__value__": …}`: so lists are told from links.
pub(super) fn unwrap(raw: &str) -> Option<&str> {
    #[derive(Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow, rename = "__value__")]
        value: &'a RawValue,
    }
    if !raw.starts_with('{') {
        return None;
    }
    serde_json::from_str::<Wrapped<'_>>(raw).ok().map(|wrapped| wrapped.value.get())
}

/// A list that is no link. Python takes a slot below zero, counted from the last.
fn bad_link(raw: &str) -> Option<Fault> {
    let backwards = serde_json::from_str::<(String, i64)>(raw).is_ok();
    let rank = if backwards { Rank::Warns } else { Rank::Refused };
    Some(Fault::new(FindingKind::BadLink, rank, About::Nothing))
}

fn wrong(wants: &'static str) -> Fault {
    Fault::new(FindingKind::WrongType, Rank::Refused, About::Wants(wants))
}

/// What ComfyUI makes of a value.
enum Converted {
    Number(Number, Option<Fault>),
    Changed(Fault),
    /// Nothing is converted.
    Other,
    /// It cannot be made into what it should be.
    Refused(&'static str),
}

fn converted(kind: &str, raw: &str) -> Converted {
    let first = raw.as_bytes().first().copied().unwrap_or(b'n');
    let truth = match raw {
        "true" => Some(Number::Whole(1)),
        "false" => Some(Number::Whole(0)),
        _ => None,
    };
    let text = (first == b'"').then(|| serde_json::from_str::<String>(raw).unwrap_or_default());
    let becomes =
        |what: String, rank| Fault::new(FindingKind::Converted, rank, About::Becomes(what));
    match kind {
        "INT" | "FLOAT" => {
            let whole = kind == "INT";
            let number = match (&text, truth) {
                (Some(text), _) if whole => Number::int_of_text(text),
                (Some(text), _) => Number::float_of_text(text),
                (None, Some(truth)) => Some(truth),
                (None, None) => Number::of_json(raw),
            };
            let made = number.and_then(|it| if whole { it.to_int() } else { it.to_float() });
            let Some(made) = made else {
                return Converted::Refused(if whole { "a whole number" } else { "a number" });
            };
            let same = number.is_some_and(|it| it.compare(made) == Some(Ordering::Equal));
            let fault = if whole && !same {
                Some(becomes(made.text(), Rank::Warns))
            } else if text.is_some() || truth.is_some() {
                Some(becomes(made.text(), Rank::Says))
            } else {
                None
            };
            Converted::Number(made, fault)
        }
        "STRING" => match first {
            b'n' => Converted::Changed(becomes("the word None".to_owned(), Rank::Warns)),
            b'{' | b'[' => Converted::Changed(becomes("a text of it".to_owned(), Rank::Warns)),
            b't' => Converted::Changed(becomes("the word True".to_owned(), Rank::Says)),
            b'f' => Converted::Changed(becomes("the word False".to_owned(), Rank::Says)),
            _ => Converted::Other,
        },
        "BOOLEAN" => {
            if let Some(truth) = truth {
                return Converted::Number(truth, None);
            }
            let zero = || {
                Number::of_json(raw)
                    .is_some_and(|it| it.compare(Number::Whole(0)).is_some_and(Ordering::is_eq))
            };
            let off = raw == "null"
                || raw == "{}"
                || raw == "[]"
                || zero()
                || text.as_deref() == Some("");
            // Any text is true, also `false` and `no`.
            let rank = if text.is_some() { Rank::Warns } else { Rank::Says };
            let made = Number::Whole((!off).into());
            Converted::Number(made, Some(becomes(if off { "no" } else { "yes" }.to_owned(), rank)))
        }
        _ => match truth.or_else(|| Number::of_json(raw)) {
            Some(number) => Converted::Number(number, None),
            None => Converted::Other,
        },
    }
}

fn out_of_range(spec: &Spec<'_>, value: Option<Number>, raw: &str) -> Option<Fault> {
    for (option, beyond, kind) in [
        ("min", Ordering::Less, FindingKind::TooSmall),
        ("max", Ordering::Greater, FindingKind::TooLarge),
    ] {
        let Some(limit) = spec.input.options.get(option).and_then(Number::of_value) else {
            continue;
        };
        let Some(value) = value else {
            // Python cannot compare a text with a number, and fails.
            let bare = raw.starts_with(['"', 'n', '{']);
            return bare.then(|| wrong("a number"));
        };
        if value.compare(limit) == Some(beyond) {
            let shown = spec.input.options.get(option).map(Value::to_string).unwrap_or_default();
            return Some(Fault::new(kind, Rank::Refused, About::Limit(shown)));
        }
    }
    None
}

fn off_list(spec: &Spec<'_>, raw: &str) -> Option<Fault> {
    if let Some(mut keys) = spec.keys() {
        // ComfyUI does not look at the key, and the node fails when its turn comes.
        let known = keys.any(|key| same_value(raw, key));
        return (!known).then(|| Fault::new(FindingKind::NotInList, Rank::Warns, About::Nothing));
    }
    let list = spec.list()?;
    let text = serde_json::from_str::<String>(raw).ok();
    if let Some(text) = text.as_deref().filter(|_| files::is_upload(&spec.input)) {
        let (rank, about) = match files::state(spec, text) {
            FileState::There => return None,
            FileState::Missing => (Rank::Warns, About::Nothing),
            FileState::CannotTell => (Rank::Says, About::CannotTell),
        };
        return Some(Fault::new(FindingKind::InputFileMissing, rank, about));
    }
    if spec.input.is("multiselect")
        && let Ok(values) = serde_json::from_str::<Vec<&RawValue>>(raw)
    {
        let all = values.iter().all(|value| is_listed(spec, value.get()));
        return (!all).then(|| Fault::new(FindingKind::NotInList, Rank::Refused, About::Nothing));
    }
    if is_listed(spec, raw) {
        return None;
    }
    let is_file = text.as_deref().is_some_and(looks_like_file);
    if list.is_empty() && !is_file {
        // Lists of other things are empty where the page fills them in and the server looks at
        // nothing.
        return Some(Fault::new(FindingKind::ListEmpty, Rank::Says, About::CannotTell));
    }
    let kind = if list.is_empty() {
        FindingKind::ListEmpty
    } else if text.as_deref().is_some_and(is_model) || lists_models(list) {
        FindingKind::ModelMissing
    } else {
        FindingKind::NotInList
    };
    Some(Fault::new(kind, Rank::Refused, About::Nothing))
}

fn lists_models(list: &[Value]) -> bool {
    list.iter().take(50).filter_map(Value::as_str).any(is_model)
}

/// Whether a text ends as files do.
fn looks_like_file(text: &str) -> bool {
    is_model(text)
        || text.rsplit_once('.').is_some_and(|(name, ending)| {
            let letters = ending.chars().all(|letter| letter.is_ascii_alphanumeric());
            !name.is_empty() && letters && (2..=5).contains(&ending.len())
        })
}
