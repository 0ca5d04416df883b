//! The chain that all starters with a model share: loading it, encoding words, sampling, saving.

use super::{
    Cannot, Choice, Family, Form, Loader, Role, Server, StarterId, Variant,
    models::{self, Model, is_kontext},
    suit::{Suit, Value as Given, suit},
    wires::{Out, Wires, list},
};
use serde_json::{Value, json};

/// A starter in the making.
pub struct Chain<'a> {
    pub wires: Wires<'a>,
    pub server: &'a Server<'a>,
    pub form: &'a Form,
    pub chosen: Vec<Choice>,
    pub notes: Vec<String>,
}

/// A model that was loaded.
pub struct Loaded {
    pub model: Model,
    pub suit: Suit,
    pub diffusion: Out,
    pub clip: Out,
    pub vae: Out,
}

/// Words as the model takes them.
pub struct Words {
    pub positive: Out,
    pub negative: Out,
}

impl<'a> Chain<'a> {
    pub fn new(form: &'a Form, server: &'a Server<'a>) -> Self {
        let (chosen, notes) = (Vec::new(), Vec::new());
        Self { wires: Wires::new(server.info), server, form, chosen, notes }
    }

    pub fn choose(&mut self, what: &'static str, value: impl ToString, why: impl Into<String>) {
        self.chosen.push(Choice { what, value: value.to_string(), why: why.into() });
    }

    /// Loads the model, with LoRAs.
    pub fn load(&mut self, id: StarterId) -> Result<Loaded, Cannot> {
        let loras: Vec<&str> = match id {
            StarterId::TextToPictureWithLoras => {
                self.form.loras.iter().map(|lora| lora.name.as_str()).collect()
            }
            _ => Vec::new(),
        };
        let (model, why) =
            models::chosen(id, self.form.checkpoint.as_deref(), &loras, self.server)?;
        let suit = suit(&model.guess);
        self.choose("Model", &model.name, why);
        self.choose("Family", suit.name, model.guess.why.clone());
        if model.guess.family == Family::Unknown {
            self.notes.push(format!(
                "What family {} is of cannot be told. It is used like Stable Diffusion 1.5; if pictures look wrong, change size, steps and CFG to what its maker says.",
                model.name
            ));
        }
        let (diffusion, clip, vae) = match model.loader {
            Loader::Checkpoint => self.whole(&model, &suit)?,
            Loader::DiffusionModel => self.split(&model, &suit)?,
        };
        let mut loaded = Loaded { model, suit, diffusion, clip, vae };
        self.note_strange_loras(&loaded, &loras);
        for lora in if loras.is_empty() { &[][..] } else { &self.form.loras } {
            self.lora(&mut loaded, &lora.name, lora.strength)?;
        }
        if let Some((class, values)) = loaded.suit.patch {
            let mut inputs: Vec<(&str, Value)> = vec![("model", loaded.diffusion.link())];
            inputs.extend(values.iter().map(|(name, value)| (*name, as_json(*value))));
            loaded.diffusion = self.wires.add(class, "How the model samples", &inputs)?;
        }
        Ok(loaded)
    }

    fn whole(&mut self, model: &Model, suit: &Suit) -> Result<(Out, Out, Out), Cannot> {
        let loader = self.wires.add(
            "CheckpointLoaderSimple",
            "Load the model",
            &[("ckpt_name", json!(model.name))],
        )?;
        let (mut clip, vae) = (loader.slot(1), loader.slot(2));
        // Of Stable Diffusion 3 there are checkpoints without text encoders, and their names say which
        // have them.
        let tokens = super::tokens::Tokens::of_file(&model.name);
        if model.guess.family == Family::Sd3
            && tokens.any(&["incl", "clips", "scaled", "t5xxlfp8", "allinone", "aio"]).is_none()
        {
            match models::encoders(suit, &model.name, self.server) {
                Ok(parts) => clip = self.encoders(suit, &parts)?,
                Err(_) => self.notes.push(format!(
                    "{} may come without text encoders. If the server says so, put clip_l, clip_g and t5xxl into models/text_encoders there.",
                    model.name
                )),
            }
        }
        Ok((loader, clip, vae))
    }

    fn split(&mut self, model: &Model, suit: &Suit) -> Result<(Out, Out, Out), Cannot> {
        let (encoders, vae) = models::split(suit, &model.name, self.server)?;
        let diffusion = self.wires.add(
            "UNETLoader",
            "Load the model",
            &[("unet_name", json!(model.name)), ("weight_dtype", json!("default"))],
        )?;
        let clip = self.encoders(suit, &encoders)?;
        self.choose("VAE", &vae.name, vae.why);
        let vae = self.wires.add("VAELoader", "Load the VAE", &[("vae_name", json!(vae.name))])?;
        Ok((diffusion, clip, vae))
    }

    fn encoders(&mut self, suit: &Suit, parts: &[super::parts::Part]) -> Result<Out, Cannot> {
        let Some(wanted) = suit.encoders else {
            return Err(Cannot(format!("No text encoder is known for {}.", suit.name)));
        };
        let mut inputs: Vec<(&str, Value)> = Vec::new();
        for part in parts {
            inputs.push((part.input.as_str(), json!(part.name)));
            self.choose("Text encoder", &part.name, part.why.clone());
        }
        if let Some(kind) = wanted.kind {
            inputs.push(("type", json!(kind)));
        }
        self.wires.add(wanted.class, "Load the text encoder", &inputs)
    }

    /// Notes LoRAs that are plainly for models of another family.
    fn note_strange_loras(&mut self, loaded: &Loaded, loras: &[&str]) {
        let own = loaded.model.guess.family;
        for lora in loras {
            let guess = super::family(lora, Loader::Checkpoint, self.server.metadata.get(*lora));
            if ![own, Family::Unknown].contains(&guess.family) && own != Family::Unknown {
                let name = suit(&guess).name;
                self.notes.push(format!(
                    "{lora} seems to be for {name}, and {} is {}: it will change little or nothing.",
                    loaded.model.name, loaded.suit.name
                ));
            }
        }
    }

    fn lora(&mut self, loaded: &mut Loaded, name: &str, strength: f64) -> Result<(), Cannot> {
        let in_list = |class: &str| list(self.server.info, class, "lora_name").contains(&name);
        let title = "LoRA";
        let model = ("model", loaded.diffusion.link());
        let file = ("lora_name", json!(name));
        let strength =
            json!(if strength.is_finite() { strength.clamp(-100.0, 100.0) } else { 1.0 });
        if in_list("LoraLoader") {
            let both = self.wires.add(
                "LoraLoader",
                title,
                &[
                    model,
                    ("clip", loaded.clip.link()),
                    file,
                    ("strength_model", strength.clone()),
                    ("strength_clip", strength),
                ],
            )?;
            (loaded.diffusion, loaded.clip) = (both.clone(), both.slot(1));
            return Ok(());
        }
        if in_list("LoraLoaderModelOnly") {
            loaded.diffusion = self.wires.add(
                "LoraLoaderModelOnly",
                title,
                &[model, file, ("strength_model", strength)],
            )?;
            return Ok(());
        }
        Err(Cannot(format!("The server has no LoRA {name}. Choose one it has.")))
    }

    /// Encodes the words. `edited` is the picture that a model which edits is told about, and its latent.
    pub fn words(
        &mut self,
        loaded: &Loaded,
        edited: Option<(&Out, &Out)>,
    ) -> Result<Words, Cannot> {
        let picture = edited.map(|(picture, _)| picture);
        let mut positive = self.text(loaded, "Prompt", &self.form.prompt, picture)?;
        let uses_negative = loaded.suit.cfg > 1.0;
        let negative = if uses_negative || !self.wires.has("ConditioningZeroOut") {
            let text = if uses_negative { self.form.negative.as_str() } else { "" };
            self.text(loaded, "Negative prompt", text, picture)?
        } else {
            let given = ("conditioning", positive.link());
            self.wires.add("ConditioningZeroOut", "No negative prompt", &[given])?
        };
        if !uses_negative && !self.form.negative.trim().is_empty() {
            self.notes.push(format!(
                "{} runs at CFG 1, where a negative prompt changes nothing: it is left out. Say in the prompt what you want instead.",
                loaded.suit.name
            ));
        }
        if let Some((_, latent)) = edited.filter(|_| is_kontext(&loaded.model.guess)) {
            let inputs = [("conditioning", positive.link()), ("latent", latent.link())];
            positive = self.wires.add("ReferenceLatent", "The picture to change", &inputs)?;
        }
        if let Some(guidance) = loaded.suit.guidance {
            let inputs = [("conditioning", positive.link()), ("guidance", json!(guidance))];
            positive = self.wires.add("FluxGuidance", "Guidance", &inputs)?;
            self.choose("Guidance", guidance, format!("It is usual for {}.", loaded.suit.name));
        }
        Ok(Words { positive, negative })
    }

    fn text(
        &mut self,
        loaded: &Loaded,
        title: &str,
        text: &str,
        edited: Option<&Out>,
    ) -> Result<Out, Cannot> {
        let clip = ("clip", loaded.clip.link());
        let guess = &loaded.model.guess;
        if let Some(picture) = edited.filter(|_| guess.role == Role::Editing && !is_kontext(guess))
        {
            let plus = "TextEncodeQwenImageEditPlus";
            let is_plus = self.wires.has(plus);
            let class = if is_plus { plus } else { "TextEncodeQwenImageEdit" };
            let image = if is_plus { "image1" } else { "image" };
            let given = [
                clip,
                ("prompt", json!(text)),
                ("vae", loaded.vae.link()),
                (image, picture.link()),
            ];
            return self.wires.add(class, title, &given);
        }
        if guess.family == Family::Lumina2 && self.wires.has("CLIPTextEncodeLumina2") {
            let given = [clip, ("user_prompt", json!(text)), ("system_prompt", json!("superior"))];
            return self.wires.add("CLIPTextEncodeLumina2", title, &given);
        }
        self.wires.add("CLIPTextEncode", title, &[("text", json!(text)), clip])
    }

    /// A picture as a latent.
    pub fn encode(&mut self, picture: &Out, loaded: &Loaded) -> Result<Out, Cannot> {
        let inputs = [("pixels", picture.link()), ("vae", loaded.vae.link())];
        self.wires.add("VAEEncode", "To the model's space", &inputs)
    }

    /// Repeats a latent so that as many pictures are made as were asked for.
    pub fn repeated(&mut self, latent: Out) -> Result<Out, Cannot> {
        if self.count() == 1 {
            return Ok(latent);
        }
        let inputs = [("samples", latent.link()), ("amount", json!(self.count()))];
        self.wires.add("RepeatLatentBatch", "How many", &inputs)
    }

    /// How many pictures are made.
    pub fn count(&self) -> u32 {
        self.form.count.clamp(1, 64)
    }

    /// Samples and decodes. `size` is that of the latent, where it is known.
    pub fn sample(
        &mut self,
        loaded: &Loaded,
        words: &Words,
        latent: &Out,
        denoise: f64,
        size: Option<(u32, u32)>,
    ) -> Result<Out, Cannot> {
        let suit = &loaded.suit;
        let why = format!("It is usual for {}.", suit.name);
        let told = loaded.model.guess.steps == Some(suit.steps);
        let steps_why = if told { "Its name says so.".to_owned() } else { why.clone() };
        self.choose("Steps", suit.steps, steps_why);
        let cfg_why =
            if suit.cfg > 1.0 { why.clone() } else { format!("{why} No negative prompt is used.") };
        self.choose("CFG", suit.cfg, cfg_why);
        let own_steps = loaded.model.guess.family == Family::Flux2
            && denoise >= 1.0
            && self.wires.has("Flux2Scheduler");
        let samples = match size.filter(|_| own_steps) {
            Some(size) => self.by_parts(loaded, words, latent, size)?,
            None => self.by_sampler(loaded, words, latent, denoise)?,
        };
        let inputs = [("samples", samples.link()), ("vae", loaded.vae.link())];
        self.wires.add("VAEDecode", "To a picture", &inputs)
    }

    fn by_sampler(
        &mut self,
        loaded: &Loaded,
        words: &Words,
        latent: &Out,
        denoise: f64,
    ) -> Result<Out, Cannot> {
        let suit = &loaded.suit;
        let sampler = self.sampler("KSampler", suit)?;
        let scheduler = self.wires.pick("KSampler", "scheduler", suit.schedulers)?;
        self.choose("Scheduler", &scheduler, self.listed(&scheduler, suit.schedulers, suit));
        self.wires.add(
            "KSampler",
            "Sampler",
            &[
                ("model", loaded.diffusion.link()),
                ("seed", json!(self.form.seed)),
                ("steps", json!(suit.steps)),
                ("cfg", json!(suit.cfg)),
                ("sampler_name", json!(sampler)),
                ("scheduler", json!(scheduler)),
                ("positive", words.positive.link()),
                ("negative", words.negative.link()),
                ("latent_image", latent.link()),
                ("denoise", json!(denoise)),
            ],
        )
    }

    /// Flux 2 takes steps after the size of the picture.
    fn by_parts(
        &mut self,
        loaded: &Loaded,
        words: &Words,
        latent: &Out,
        (width, height): (u32, u32),
    ) -> Result<Out, Cannot> {
        let suit = &loaded.suit;
        let sampler = self.sampler("KSamplerSelect", suit)?;
        let noise = [("noise_seed", json!(self.form.seed))];
        let noise = self.wires.add("RandomNoise", "Seed", &noise)?;
        let sampler =
            self.wires.add("KSamplerSelect", "Sampler", &[("sampler_name", json!(sampler))])?;
        let steps =
            [("steps", json!(suit.steps)), ("width", json!(width)), ("height", json!(height))];
        let sigmas = self.wires.add("Flux2Scheduler", "Steps", &steps)?;
        self.choose("Scheduler", "Flux2Scheduler", "It is the one of Flux 2: it goes by the size.");
        let guider = self.wires.add(
            "CFGGuider",
            "CFG",
            &[
                ("model", loaded.diffusion.link()),
                ("positive", words.positive.link()),
                ("negative", words.negative.link()),
                ("cfg", json!(suit.cfg)),
            ],
        )?;
        self.wires.add(
            "SamplerCustomAdvanced",
            "Sampling",
            &[
                ("noise", noise.link()),
                ("guider", guider.link()),
                ("sampler", sampler.link()),
                ("sigmas", sigmas.link()),
                ("latent_image", latent.link()),
            ],
        )
    }

    fn sampler(&mut self, class: &str, suit: &Suit) -> Result<String, Cannot> {
        let sampler = self.wires.pick(class, "sampler_name", suit.samplers)?;
        self.choose("Sampler", &sampler, self.listed(&sampler, suit.samplers, suit));
        Ok(sampler)
    }

    fn listed(&self, value: &str, wanted: &[&str], suit: &Suit) -> String {
        match wanted.iter().position(|it| *it == value) {
            Some(0) => format!("It is usual for {}.", suit.name),
            Some(_) => format!("The server has no {}, and this one is near it.", wanted[0]),
            None => "The server lists none of those that are usual.".to_owned(),
        }
    }

    /// Saves pictures.
    pub fn save(&mut self, pictures: &Out) -> Result<(), Cannot> {
        let prefix = self.form.prefix.trim();
        let prefix = if prefix.is_empty() { "Safelight" } else { prefix };
        let inputs = [("images", pictures.link()), ("filename_prefix", json!(prefix))];
        self.wires.add("SaveImage", "Save", &inputs).map(|_| ())
    }
}

fn as_json(value: Given) -> Value {
    match value {
        Given::Float(number) => json!(number),
        Given::Text(text) => json!(text),
        Given::Bool(is) => json!(is),
    }
}

/// What else to say of a variant.
pub fn advice(loaded: &Loaded) -> Option<&'static str> {
    match loaded.model.guess.variant? {
        Variant::Pony => Some(
            "Pony models were taught with score words: score_9, score_8_up, score_7_up at the start of the prompt help.",
        ),
        Variant::Illustrious | Variant::NoobAi => Some(
            "Models of this kind were taught with tags of Danbooru: short tags with commas between work better than sentences.",
        ),
        _ => None,
    }
}
