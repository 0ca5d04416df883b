//! The starters, as they are offered.

use super::{Field, Form, Offer, Picture, Server, Starter, StarterId, build};

/// All starters, in the order in which they are offered.
const STARTERS: [Starter; 7] = [
    Starter {
        id: StarterId::TextToPicture,
        title: "Text to picture",
        sentence: "Say what you want to see.",
        fields: &[
            Field::Prompt,
            Field::Negative,
            Field::Size,
            Field::Count,
            Field::Seed,
            Field::Checkpoint,
        ],
        required: &[],
        needs: "A model that makes pictures.",
    },
    Starter {
        id: StarterId::PictureToPicture,
        title: "Picture to picture",
        sentence: "Give a picture and say what is to become of it.",
        fields: &[
            Field::Picture,
            Field::Prompt,
            Field::Negative,
            Field::Denoise,
            Field::Count,
            Field::Seed,
            Field::Checkpoint,
        ],
        required: &[Field::Picture],
        needs: "A model that makes pictures.",
    },
    Starter {
        id: StarterId::Inpaint,
        title: "Inpaint",
        sentence: "Paint over a part of a picture, and say what is to be there instead.",
        fields: &[
            Field::Picture,
            Field::Mask,
            Field::Prompt,
            Field::Negative,
            Field::Denoise,
            Field::Count,
            Field::Seed,
            Field::Checkpoint,
        ],
        required: &[Field::Picture],
        needs: "A model that makes pictures; one made for inpainting does best.",
    },
    Starter {
        id: StarterId::Outpaint,
        title: "Outpaint",
        sentence: "Continue a picture beyond its edges.",
        fields: &[
            Field::Picture,
            Field::Padding,
            Field::Prompt,
            Field::Negative,
            Field::Count,
            Field::Seed,
            Field::Checkpoint,
        ],
        required: &[Field::Picture],
        needs: "A model that makes pictures; one made for inpainting does best.",
    },
    Starter {
        id: StarterId::Upscale,
        title: "Upscale",
        sentence: "Make a picture larger.",
        fields: &[Field::Picture, Field::Factor, Field::Upscaler],
        required: &[Field::Picture],
        needs: "An upscale model for new detail; without one the picture is enlarged as it is.",
    },
    Starter {
        id: StarterId::TextToPictureWithLoras,
        title: "Text to picture with LoRAs",
        sentence: "Say what you want to see, in a style or with a subject that LoRAs bring.",
        fields: &[
            Field::Prompt,
            Field::Negative,
            Field::Loras,
            Field::Size,
            Field::Count,
            Field::Seed,
            Field::Checkpoint,
        ],
        required: &[],
        needs: "A model that makes pictures, and LoRAs of its family.",
    },
    Starter {
        id: StarterId::ModelFree,
        title: "Without a model",
        sentence: "Two colours, or a picture of yours, in a soft frame: tries a server out at once.",
        fields: &[Field::Picture, Field::Size, Field::Count, Field::Seed],
        required: &[],
        needs: "Nothing but ComfyUI.",
    },
];

/// All starters, with what a server lacks for each.
pub fn starters(server: &Server<'_>) -> Vec<Offer> {
    // A form with all that starters require tells by being built what is missing on the server.
    let picture = Picture { name: "picture.png".to_owned(), size: Some((1024, 1024)) };
    let form = Form { picture: Some(picture), ..Form::default() };
    STARTERS
        .into_iter()
        .map(|starter| match build(starter.id, &form, server) {
            Ok(built) => Offer { starter, lacks: None, model: built.model },
            Err(cannot) => Offer { starter, lacks: Some(cannot.0), model: None },
        })
        .collect()
}
