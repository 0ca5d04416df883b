//! Phrases in names and metadata, and the families they tell. The first that fits counts, so what is
//! special stands before what is general.

use super::{Family, Variant};

/// Phrases that tell a family.
#[derive(Debug)]
pub struct Rule {
    /// Phrases, as [`super::tokens::Tokens::has`] takes them.
    pub phrases: &'static [&'static str],
    /// The family.
    pub family: Family,
    /// What it is within the family.
    pub variant: Option<Variant>,
    /// The length of a side of its pictures, where it is not that of its family.
    pub side: Option<u32>,
    /// Why, where the name does not plainly say so.
    pub why: &'static str,
}

/// The reason of models whose names tell the family only to who knows them.
const KNOWN: &str = "A model of this name is known to be of this family.";

impl Rule {
    const fn side(mut self, side: u32) -> Self {
        self.side = Some(side);
        self
    }

    const fn because(mut self, why: &'static str) -> Self {
        self.why = why;
        self
    }
}

const fn a(family: Family, phrases: &'static [&'static str]) -> Rule {
    Rule { phrases, family, variant: None, side: None, why: "" }
}

const fn v(family: Family, variant: Variant, phrases: &'static [&'static str]) -> Rule {
    Rule { phrases, family, variant: Some(variant), side: None, why: "" }
}

/// All rules, in order.
#[rustfmt::skip]
pub static RULES: &[Rule] = &[
    a(Family::Sd1, &["^practice"]).because("The practice engine draws it: it takes the plainest nodes."),
    // Videos, sounds, shapes, and pictures by nodes of their own.
    a(Family::Other, &[
        "^wan", "wan1", "wan2", "wan21", "wan22", "wan25", "wanvideo", "hunyuanvideo", "hunyuandit", "hunyuan3d",
        "hunyuanimage", "hunyuan", "ltx", "ltxv", "ltx2", "mochi", "cogvideo", "cogvideox", "svd", "stablevideo",
        "svdxt", "animatediff", "cosmos", "kandinsky", "kandinsky5", "kandinsky5lite", "humo", "scail", "skyreels", "framepack", "t2v", "i2v",
        "flf2v", "ti2v", "s2v", "capybara", "chronoedit", "causalforcing", "^void", "bernini", "seedvr", "seedvr2",
        "acestep", "stableaudio", "audio", "musicgen", "stablezero123", "zero123", "sv3d", "trellis", "triposplat",
        "stablecascade", "cascade", "wuerstchen", "pixart", "sana", "kolors", "playgroundv2", "deepfloyd",
        "sdpose", "^sam", "^sam2", "^sam3", "rtdetr", "rtdetrv4", "birefnet", "lotus", "moge", "^pid", "pixeldit",
        "ideogram", "ideogram4", "omnigen", "omnigen2", "newbie", "^lens", "hidreamo1", "hidreame1",
        "^bria", "fibo", "nunchaku", "svdq", "stablelm",
    ]).because("It makes no pictures from words in a way that a starter knows."),
    a(Family::QwenImage, &["qwenimage", "qwen", "fireredimage", "firered"]),
    v(Family::ZImage, Variant::Turbo, &["zimageturbo", "zit"]),
    a(Family::ZImage, &["zimage"]),
    v(Family::Krea2, Variant::Turbo, &["krea2turbo"]),
    a(Family::Krea2, &["krea2"]),
    v(Family::Ernie, Variant::Turbo, &["ernieimageturbo"]),
    a(Family::Ernie, &["ernieimage", "ernie"]),
    a(Family::LongCat, &["longcatimage", "longcat"]),
    a(Family::Ovis, &["ovisimage", "ovis"]),
    v(Family::Boogu, Variant::Turbo, &["booguimageturbo"]),
    a(Family::Boogu, &["booguimage", "boogu"]),
    a(Family::Anima, &["^anima", "animapreview", "animabase"]),
    a(Family::Chroma, &["chroma", "chroma1", "chromahd"]),
    v(Family::HiDream, Variant::Dev, &["hidreami1dev", "hidreamdev"]),
    v(Family::HiDream, Variant::Fast, &["hidreami1fast", "hidreamfast"]),
    a(Family::HiDream, &["hidream", "hidreami1"]),
    a(Family::AuraFlow, &["auraflow", "ponyv7", "pony7", "ponyflow"]),
    a(Family::Lumina2, &["lumina2", "lumina", "luminaimage", "netayume", "netalumina", "netayumev", "neta"]),
    v(Family::Flux2, Variant::KleinBase, &["kleinbase", "flux2kleinbase", "klein4bbase", "klein9bbase"]),
    v(Family::Flux2, Variant::Klein, &["klein", "flux2klein"]),
    a(Family::Flux2, &["flux2", "flux2dev", "f2dev"]),
    v(Family::Flux, Variant::Kontext, &["kontext", "fluxkontext"]),
    v(Family::Flux, Variant::Krea, &["krea", "fluxkrea"]),
    v(Family::Flux, Variant::Schnell, &["schnell", "fluxschnell", "fluxfusionschnell"]),
    a(Family::Flux, &["flux", "flux1", "flux1dev", "f1d", "fluxdev", "fluxmania", "fluxed"]),
    a(Family::Sd3, &["sd3", "sd35", "stablediffusion3", "stablediffusion35", "stablediffusionv3", "stablediffusionv35"]),
    v(Family::Sdxl, Variant::NoobAi, &["noobai", "noob", "noobaixl", "naixl"]),
    v(Family::Sdxl, Variant::Illustrious, &["illustrious", "illustriousxl", "ilxl", "wai", "hassaku", "illust", "il$"]),
    v(Family::Sdxl, Variant::Pony, &["pony", "ponyxl", "pdxl", "ponydiffusion", "autismmix", "pd6", "ponyrealism"]),
    v(Family::Sdxl, Variant::Turbo, &["sdxlturbo"]).side(512),
    v(Family::Sd2, Variant::Turbo, &["^sdturbo"]).side(512),
    a(Family::Sdxl, &[
        "sdxl", "xl", "stablediffusionxl", "sdxlbase", "ssd1b", "sdxl10", "cosxl", "sdxl09", "animagine", "playgroundv25",
    ]),
    a(Family::Sdxl, &["juggernaut", "realvisxl", "nightvision", "bigasp", "bigaspv2", "bigasp2", "copax", "copaxtimelessxl", "counterfeitxl", "albedobasexl", "juggernautxl", "dreamshaperxl", "protovisionxl", "animaginexl", "helloworldxl"]).because(KNOWN),
    a(Family::Sd2, &["512inpainting", "512baseema", "512depth", "^v21512", "sd21base", "sd2base", "v2512", "stablediffusionv2512"]).side(512),
    a(Family::Sd2, &[
        "sd2", "sd20", "sd21", "sdv2", "sdv21", "^v21768", "^v21", "^v20", "768v", "^768", "stablediffusion2", "stablediffusion21",
        "stablediffusionv2", "sdv2768v", "wd15", "wdillusion",
    ]),
    a(Family::Sd1, &[
        "sd1", "sd14", "sd15", "sdv1", "sdv14", "sdv15", "^v15", "^v14", "^v1", "stablediffusion1", "stablediffusion14", "stablediffusion15",
        "stablediffusionv1", "stablediffusionv15", "v15pruned", "v15emaonly", "prunedemaonly", "^sdv1inpainting",
    ]),
    a(Family::Sd1, &[
        "dreamshaper", "anything", "anythingv", "abyssorangemix", "abyssorangemix2", "aom2", "aom3", "orangemix", "counterfeit",
        "cardosanime", "cardosanimated", "deliberate", "realisticvision", "revanimated", "epicrealism", "absolutereality",
        "cyberrealistic", "meinamix", "meinahentai", "meinapastel", "majicmix", "chilloutmix", "protogen", "openjourney", "pastelmix",
        "ghostmix", "lyriel", "photon", "darksushimix", "toonyou", "analogmadness", "icbinp", "icantbelieve", "neverendingdream",
        "hassakuhentai", "nai", "animefull", "novelai", "waifudiffusion", "disneypixar", "rpgartist", "edgeofrealism",
        "perfectworld", "perfectdeliberate", "beautifulrealistic", "henmix", "nextphoto", "mistoonanime", "aziibpixelmix", "inkpunk",
    ]).because(KNOWN),
];
