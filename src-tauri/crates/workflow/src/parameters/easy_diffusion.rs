//! Easy Diffusion: an object, in PNG one text for each of its entries, of which such an object is made
//! where they are read (`ui/easydiffusion/utils/save_utils.py`, commit 19c805e; `save_dicts` in
//! `sdkit/utils/file_utils.py` of sdkit, commit e94b1ff). Where it writes text files as well, the
//! names are those of its page, such as `Guidance Scale`.

use super::{
    Parameters, Setting,
    object::{Object, list},
    setting::{Names, plain},
};

const NAMES: &Names = &[
    ("prompt", Setting::Prompt),
    ("negativeprompt", Setting::Negative),
    ("seed", Setting::Seed),
    ("samplername", Setting::Sampler),
    ("sampler", Setting::Sampler),
    ("schedulername", Setting::Scheduler),
    ("scheduler", Setting::Scheduler),
    ("width", Setting::Width),
    ("height", Setting::Height),
    ("numinferencesteps", Setting::Steps),
    ("steps", Setting::Steps),
    ("guidancescale", Setting::Cfg),
    ("promptstrength", Setting::Denoise),
];

/// Models are written with their whole paths.
const MODEL: [&str; 2] = ["usestablediffusionmodel", "stablediffusionmodel"];
const LORAS: [&str; 2] = ["useloramodel", "loramodel"];
const STRENGTHS: [&str; 2] = ["loraalpha", "lorastrength"];

pub(super) fn read(object: &Object) -> Option<Parameters> {
    let texts = |names: [&str; 2]| {
        let found = object.iter().find(|(name, _)| names.contains(&plain(name).as_str()));
        found.map(|(_, value)| list(value))
    };
    let model = texts(MODEL)?;
    let mut found = Parameters::default();
    found.entries(object, NAMES, &[&MODEL[..], &LORAS, &STRENGTHS].concat());
    for path in &model {
        found.model(file_name(path));
    }
    let loras = texts(LORAS).unwrap_or_default();
    let loras: Vec<String> = loras.iter().map(|path| file_name(path).to_owned()).collect();
    found.loras(&loras, &texts(STRENGTHS).unwrap_or_default());
    Some(found)
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
