//! What a token means.

use super::{measure::Measure, number::Number, period::Period};

/// One condition of a query. Alternatives (`any`) are joined by "or"; there is always at least one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A word in the prompt, a name or a tag.
    Word {
        /// The word as typed.
        text: String,
        /// It may go on: the last word of a query is being typed.
        beginning: bool,
    },
    /// Words next to one another.
    Phrase {
        /// The words as typed.
        text: String,
        /// The closing quote is missing: the last word of the phrase is being typed.
        open: bool,
    },
    /// A model, a tag and whatever else has a name of its own: `model:flux`.
    Named {
        /// Which names.
        key: NamedKey,
        /// What the name must be like.
        any: Vec<NameTest>,
    },
    /// The file's name or the title: `name:bouquet`.
    Called {
        /// What it must contain (`=`: be).
        any: Vec<NameTest>,
    },
    /// A job or a batch by the beginning of its id.
    Id {
        /// Which of the two.
        key: IdKey,
        /// Lower-case hexadecimal digits, without hyphens, at most 32.
        any: Vec<String>,
    },
    /// Words in one part of the recipe: `prompt:`, `negative:`.
    Text {
        /// Which part. Never [`Column::Any`].
        column: Column,
        /// What must be in it.
        any: Vec<TextTest>,
    },
    /// Rating, steps, CFG or denoise.
    Number {
        /// Which of them.
        key: NumberKey,
        /// What the number must be.
        any: Vec<Test<Number>>,
    },
    /// The seed.
    Seed {
        /// What it must be.
        any: Vec<Test<u64>>,
    },
    /// Pixels or bytes.
    Size {
        /// What it must be.
        any: Vec<Test<SizeValue>>,
    },
    /// How long making it took.
    Took {
        /// In milliseconds.
        any: Vec<Test<Measure>>,
    },
    /// When it was made.
    Date {
        /// Days, months or years.
        any: Vec<Test<Period>>,
    },
    /// Portrait, landscape or square.
    Shape {
        /// Which shapes.
        any: Vec<Shape>,
    },
    /// Picture, video …
    Kind {
        /// Which kinds.
        any: Vec<Kind>,
    },
    /// What it must have.
    Has {
        /// Which of these.
        any: Vec<Has>,
    },
    /// The state it is in.
    Is {
        /// Which states.
        any: Vec<Is>,
    },
    /// Picked, rejected or neither.
    Flag {
        /// Which flags.
        any: Vec<FlagValue>,
    },
    /// Whether it is a favourite.
    Favourite(bool),
    /// Looks nearly like one of these assets, or is one of them.
    Alike {
        /// The keys of the assets.
        any: Vec<u32>,
    },
    /// Has the same words (positive, negative, names of models) as one of these assets.
    SamePrompt {
        /// The keys of the assets.
        any: Vec<u32>,
    },
    /// Any widget of any node: `KSampler.steps>30`.
    Widget {
        /// The node's class; any class if it is absent (`*`).
        class: Option<String>,
        /// The input's name; any input if it is absent (`*`).
        input: Option<String>,
        /// What its value must be.
        any: Vec<WidgetTest>,
    },
}

/// A comparison. Ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Test<T> {
    /// `30`: this value; of a date or a measure, anything that is called so.
    Is(T),
    /// `>30`
    Above(T),
    /// `>=30`, `30+` and `30..`
    AtLeast(T),
    /// `<30`
    Below(T),
    /// `<=30` and `..30`
    AtMost(T),
    /// `20..30`
    Between(T, T),
}

/// How a name is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NameTest {
    /// It contains this, whatever the case and whatever stands between letters and digits. If no name
    /// does, the names that are nearest to it.
    Like(String),
    /// It is this; if no name is exactly this, whatever the case, and of a file with or without its
    /// folder and ending.
    Is(String),
}

/// How text in a prompt is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// A word begins so.
    Beginning(String),
    /// These words stand next to one another.
    Phrase(String),
}

/// What a widget's value must be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WidgetTest {
    /// A text that contains this, whatever the case; if this reads as a number, also the number.
    Like {
        /// The text.
        text: String,
        /// The text as a number, if it is one and was not in quotes.
        number: Option<Number>,
    },
    /// Exactly this text, whatever the case, or this number.
    Equal {
        /// The text.
        text: String,
        /// The text as a number, if it is one and was not in quotes.
        number: Option<Number>,
    },
    /// A number that compares. Never [`Test::Is`].
    Number(Test<Number>),
}

/// Where words are looked for in a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// In all that is kept of its words.
    Any,
    /// In what reaches the positive conditioning.
    Prompt,
    /// In what reaches the negative conditioning.
    Negative,
}

/// A size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SizeValue {
    /// The longer side, in pixels.
    Longer(u32),
    /// Width and height, in pixels. Compared, both must be.
    Sides(u32, u32),
    /// Width times height.
    Pixels(Measure),
    /// The file's size.
    Bytes(Measure),
}

/// Declares an enum whose values have words in the language: the first is how it is written.
macro_rules! worded {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $($word:literal)|+,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$value_doc])* $value,)+ }

        impl $name {
            /// Every value, in the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$value,)+];

            /// The words that mean it; the first is how it is written.
            #[must_use]
            pub fn words(self) -> &'static [&'static str] {
                match self { $(Self::$value => &[$($word,)+],)+ }
            }

            /// How it is written.
            #[must_use]
            pub fn word(self) -> &'static str {
                self.words()[0]
            }

            /// What a word means, whatever its case.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| {
                    value.words().iter().any(|known| known.eq_ignore_ascii_case(word))
                })
            }
        }
    };
}

worded! {
    /// The word before the colon.
    Key {
        /// Checkpoint or diffusion model.
        Model = "model" | "checkpoint",
        /// LoRA.
        Lora = "lora",
        /// The artist's tag.
        Tag = "tag" | "tags",
        /// Rating, 0 to 5.
        Rating = "rating" | "stars",
        /// When it was made.
        Date = "date" | "made",
        /// Pixels or bytes.
        Size = "size",
        /// What it must have.
        Has = "has",
        /// The state it is in.
        Is = "is",
        /// The workflow's name.
        Workflow = "workflow",
        /// The server's name.
        Server = "server",
        /// Picture, video …
        Kind = "kind" | "type",
        /// The seed.
        Seed = "seed",
        /// Words in the prompt.
        Prompt = "prompt" | "positive",
        /// Words in the negative prompt.
        Negative = "negative",
        /// File name or title.
        Name = "name" | "title" | "file",
        /// Favourite or not.
        Favourite = "fav" | "favourite" | "favorite",
        /// Picked or rejected.
        Flag = "flag" | "pick",
        /// Portrait, landscape, square.
        Shape = "shape",
        /// A collection's name.
        Collection = "collection",
        /// Sampler.
        Sampler = "sampler",
        /// Scheduler.
        Scheduler = "scheduler",
        /// Steps.
        Steps = "steps",
        /// CFG.
        Cfg = "cfg",
        /// Denoise.
        Denoise = "denoise",
        /// How long it took.
        Took = "took",
        /// Job id.
        Job = "job",
        /// Batch id.
        Batch = "batch",
        /// Looks nearly like an asset.
        Like = "like",
        /// Has the same words as an asset.
        SamePrompt = "same-prompt",
    }
}

worded! {
    /// What has names of its own.
    NamedKey {
        /// Checkpoints and diffusion models.
        Model = "model",
        /// LoRAs.
        Lora = "lora",
        /// The artist's tags.
        Tag = "tag",
        /// Collections.
        Collection = "collection",
        /// Workflows.
        Workflow = "workflow",
        /// Servers.
        Server = "server",
        /// Samplers.
        Sampler = "sampler",
        /// Schedulers.
        Scheduler = "scheduler",
    }
}

worded! {
    /// What has an id.
    IdKey {
        /// One prompt for one server.
        Job = "job",
        /// One submission.
        Batch = "batch",
    }
}

worded! {
    /// What is a number.
    NumberKey {
        /// 0 (none) to 5.
        Rating = "rating",
        /// Steps of the sampler nearest to the output.
        Steps = "steps",
        /// CFG.
        Cfg = "cfg",
        /// Denoise.
        Denoise = "denoise",
    }
}

worded! {
    /// What an asset is.
    Kind {
        /// A picture, still or moving without sound.
        Picture = "picture" | "pictures" | "image" | "images" | "photo",
        /// A film.
        Video = "video" | "videos",
        /// Sound.
        Audio = "audio" | "sound" | "music",
        /// A 3D model.
        Model = "3d" | "model" | "mesh",
        /// Text.
        Text = "text",
        /// Any other file.
        Other = "other",
    }
}

worded! {
    /// Which side is longer.
    Shape {
        /// Higher than wide.
        Portrait = "portrait" | "tall",
        /// Wider than high.
        Landscape = "landscape" | "wide",
        /// As wide as high.
        Square = "square",
    }
}

worded! {
    /// What an asset can have.
    Has {
        /// It is a video.
        Video = "video",
        /// It is sound.
        Audio = "audio",
        /// Made with a LoRA.
        Lora = "lora" | "loras",
        /// Made with a checkpoint or diffusion model.
        Model = "model" | "models" | "checkpoint",
        /// The workflow that made it is known.
        Workflow = "workflow",
        /// A prompt.
        Prompt = "prompt",
        /// A negative prompt.
        Negative = "negative",
        /// A seed.
        Seed = "seed",
        /// Tags.
        Tags = "tags" | "tag",
        /// Made from other pictures.
        Source = "source" | "sources" | "input",
        /// A rating of at least one star.
        Rating = "rating" | "stars",
        /// Made in a batch or sweep.
        Batch = "batch" | "sweep",
    }
}

worded! {
    /// The state an asset is in.
    Is {
        /// A favourite.
        Favourite = "favourite" | "favorite" | "fav",
        /// Picked.
        Picked = "picked" | "pick",
        /// Rejected.
        Rejected = "rejected" | "reject",
        /// Without a rating.
        Unrated = "unrated",
        /// Without tags.
        Untagged = "untagged",
        /// In the bin. Without this word, what is in the bin is left out.
        Binned = "binned" | "deleted" | "bin",
        /// Made by the practice engine.
        Practice = "practice",
        /// Made by a preview node on the way. Without this word, those without marks are left out.
        Preview = "preview" | "previews" | "temp",
        /// Imported from a folder, not made by a job of ours.
        Imported = "imported",
        /// Its disk or share is not there now.
        Away = "away" | "offline",
        /// Its folder is there and the file is not.
        Missing = "missing",
        /// The same content lies at several places.
        Duplicate = "duplicate" | "duplicates",
    }
}

worded! {
    /// The artist's flag.
    FlagValue {
        /// Picked.
        Pick = "pick" | "picked" | "yes" | "1",
        /// Rejected.
        Reject = "reject" | "rejected" | "-1",
        /// Neither.
        None = "none" | "no" | "unflagged" | "0",
    }
}

impl<T> Test<T> {
    /// The same comparison of other values.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Test<U> {
        match self {
            Self::Is(value) => Test::Is(make(value)),
            Self::Above(value) => Test::Above(make(value)),
            Self::AtLeast(value) => Test::AtLeast(make(value)),
            Self::Below(value) => Test::Below(make(value)),
            Self::AtMost(value) => Test::AtMost(make(value)),
            Self::Between(low, high) => {
                let low = make(low);
                Test::Between(low, make(high))
            }
        }
    }
}

impl<T: PartialOrd> Test<T> {
    /// Whether a value passes.
    pub fn holds(&self, value: &T) -> bool {
        match self {
            Self::Is(wanted) => value == wanted,
            Self::Above(low) => value > low,
            Self::AtLeast(low) => value >= low,
            Self::Below(high) => value < high,
            Self::AtMost(high) => value <= high,
            Self::Between(low, high) => value >= low && value <= high,
        }
    }
}
