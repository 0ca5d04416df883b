//! The words of a file name, and phrases in them: `xl` is found in `albedobaseXL_v21` and not in
//! `pixlart`.

/// The longest name that is looked at, in characters.
const LONGEST: usize = 300;

/// A name in words, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens(Vec<String>);

impl Tokens {
    /// The words of a name without its ending and its folders.
    pub fn of_file(name: &str) -> Self {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        Self::of(file.rsplit_once('.').map_or(file, |(stem, ending)| {
            // `v1.5` has a full stop and no ending.
            if ending.len() <= 11 && ending.bytes().any(|byte| byte.is_ascii_alphabetic()) {
                stem
            } else {
                file
            }
        }))
    }

    /// The words of the folders a name is in; none if it is in no folder.
    pub fn of_folders(name: &str) -> Self {
        name.rfind(['/', '\\']).map_or(Self(Vec::new()), |end| Self::of(&name[..end]))
    }

    /// The words of any text.
    pub fn of(text: &str) -> Self {
        let characters: Vec<char> = text.chars().take(LONGEST).collect();
        let mut tokens = Vec::new();
        let mut start = 0;
        for at in 0..=characters.len() {
            if at == characters.len() || !characters[at].is_alphanumeric() {
                push(&mut tokens, &characters[start..at]);
                start = at + 1;
            } else if at > start && parts(&characters[start..], at - start) {
                push(&mut tokens, &characters[start..at]);
                start = at;
            }
        }
        Self(tokens)
    }

    /// Whether words next to each other make up a phrase, which is written without spaces: `sd15` is in
    /// `sd 1 5` and in `sd15`. A `^` before it means at the start, a `$` behind it at the end.
    pub fn has(&self, phrase: &str) -> bool {
        let (phrase, first) = phrase.strip_prefix('^').map_or((phrase, false), |it| (it, true));
        let (phrase, last) = phrase.strip_suffix('$').map_or((phrase, false), |it| (it, true));
        let starts = if first { 0..self.0.len().min(1) } else { 0..self.0.len() };
        starts.into_iter().any(|start| {
            let mut rest = phrase;
            for (at, token) in self.0.iter().enumerate().skip(start) {
                match rest.strip_prefix(token.as_str()) {
                    Some("") => return !last || at + 1 == self.0.len(),
                    Some(more) => rest = more,
                    None => return false,
                }
            }
            false
        })
    }

    /// The first of several phrases that is there.
    pub fn any<'p>(&self, phrases: &[&'p str]) -> Option<&'p str> {
        phrases.iter().copied().find(|phrase| self.has(phrase))
    }

    /// The number in front of a word, as in `4step`.
    pub fn number_before(&self, words: &[&str]) -> Option<u32> {
        self.0.windows(2).find_map(|pair| {
            words.contains(&pair[1].as_str()).then(|| pair[0].parse().ok()).flatten()
        })
    }

    /// Two digits of a version each, for comparing: `v2.1` is 201, `v21` is 21, none is 0. Only what is
    /// behind a `v` counts.
    pub fn version(&self) -> u32 {
        let at = self.0.iter().rposition(|token| token == "v");
        let number = |place: usize| self.0.get(place).and_then(|token| token.parse::<u32>().ok());
        at.map_or(0, |at| {
            let whole = number(at + 1).unwrap_or(0).min(9_999);
            whole * 100 + number(at + 2).unwrap_or(0).min(99)
        })
    }
}

/// Whether a new word begins at `at`, which is behind the first character.
fn parts(word: &[char], at: usize) -> bool {
    let (before, here) = (word[at - 1], word[at]);
    if before.is_numeric() != here.is_numeric() {
        return true;
    }
    if before.is_lowercase() && here.is_uppercase() {
        return true;
    }
    // `SDXLpersonal` and `XLTurbo`: behind XL a word begins, however it is written.
    let is_xl = at >= 2 && word[at - 2..at] == ['X', 'L'];
    if is_xl && here.is_lowercase() {
        return true;
    }
    // `AIModel`: the last capital belongs to what follows.
    before.is_uppercase()
        && here.is_uppercase()
        && word.get(at + 1).is_some_and(|next| next.is_lowercase())
        && !(here == 'L' && before == 'X')
}

fn push(tokens: &mut Vec<String>, word: &[char]) {
    if word.is_empty() {
        return;
    }
    tokens.push(word.iter().flat_map(|c| c.to_lowercase()).collect());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str) -> String {
        Tokens::of_file(name).0.join(" ")
    }

    #[test]
    fn names_are_taken_apart_as_people_read_them() {
        for (name, wanted) in [
            ("sd_xl_base_1.0.safetensors", "sd xl base 1 0"),
            ("albedobaseXL_v21.safetensors", "albedobase xl v 21"),
            ("juggernautXLv10.safetensors", "juggernaut xl v 10"),
            ("illustriousXLPersonal_v3.ckpt", "illustrious xl personal v 3"),
            ("SDXLpersonal.safetensors", "sdxl personal"),
            ("dreamshaperXLTurbo.safetensors", "dreamshaper xl turbo"),
            ("waiNSFWIllustrious_v140.safetensors", "wai nsfw illustrious v 140"),
            ("noobaiXL_vPred10Version.safetensors", "noobai xl v pred 10 version"),
            ("models/SDXL/pixlart.v1.5", "pixlart v 1 5"),
            ("flux1-dev-Q4_K_S.gguf", "flux 1 dev q 4 k s"),
            ("ponyDiffusionV6XL.safetensors", "pony diffusion v 6 xl"),
            ("été_ÉTÉ.pt", "été été"),
            ("", ""),
        ] {
            assert_eq!(words(name), wanted, "{name}");
        }
    }

    #[test]
    fn phrases_are_found_at_the_borders_of_words() {
        let has = |name: &str, phrase: &str| Tokens::of_file(name).has(phrase);
        assert!(has("sd_xl_base.safetensors", "sdxl") && has("sdxl.safetensors", "sdxl"));
        assert!(has("fooXL.ckpt", "xl") && !has("pixlart.ckpt", "xl") && !has("sdxl.pt", "xl"));
        assert!(has("v1-5-pruned.ckpt", "^v15") && !has("foo_v1-5.ckpt", "^v15"));
        assert!(has("ae.safetensors", "^ae$") && !has("ae_x.safetensors", "^ae$"));
        assert!(has("t5xxl_fp16.pt", "t5xxl") && !has("umt5_xxl.pt", "t5xxl"));
        assert!(!has("a.pt", "") && !Tokens::of("").has("^x"));
        assert_eq!(Tokens::of_file("x_4step.pt").number_before(&["step", "steps"]), Some(4));
        assert_eq!(Tokens::of_folders("SDXL\\a.pt"), Tokens::of("sdxl"));
        assert!(Tokens::of_file("a_v2.1.pt").version() < Tokens::of_file("a_v10.pt").version());
    }
}
