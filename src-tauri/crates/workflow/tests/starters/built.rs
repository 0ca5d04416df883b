//! Every starter with every family: what is built can run, and says what it chose.

use super::support::{Fake, Has, fake};
use workflow::{
    preflight::preflight,
    starters::{
        Built, Field, Form, Lora, Padding, Picture, Role, StarterId, build, models, starters,
    },
};

const ALL: [StarterId; 7] = [
    StarterId::TextToPicture,
    StarterId::PictureToPicture,
    StarterId::Inpaint,
    StarterId::Outpaint,
    StarterId::Upscale,
    StarterId::TextToPictureWithLoras,
    StarterId::ModelFree,
];

/// A server with one model of each family, whole or with its parts.
fn with_all() -> Has {
    Has {
        checkpoints: vec![
            "dreamshaper_8.safetensors",
            "v2-1_768-ema-pruned.ckpt",
            "sd_xl_base_1.0.safetensors",
            "sd_xl_refiner_1.0.safetensors",
            "sd_xl_turbo_1.0_fp16.safetensors",
            "sdxl_lightning_4step.safetensors",
            "ponyDiffusionV6XL.safetensors",
            "Illustrious-XL-v1.0.safetensors",
            "noobaiXL_vPred10.safetensors",
            "sd-v1-5-inpainting.ckpt",
            "sd3.5_large_fp8_scaled.safetensors",
            "sd3_medium.safetensors",
            "flux1-dev-fp8.safetensors",
            "flux1-schnell-fp8.safetensors",
            "lumina_2.safetensors",
            "aura_flow_0.2.safetensors",
            "nobody_knows.safetensors",
            "ltx-video-2b-v0.9.safetensors",
        ],
        diffusion_models: vec![
            "flux1-dev.safetensors",
            "flux1-krea-dev_fp8_scaled.safetensors",
            "flux1-kontext-dev.safetensors",
            "flux1-fill-dev.safetensors",
            "flux2_dev_fp8mixed.safetensors",
            "flux-2-klein-4b-fp8.safetensors",
            "flux-2-klein-base-4b.safetensors",
            "qwen_image_fp8_e4m3fn.safetensors",
            "qwen_image_edit_2509_fp8_e4m3fn.safetensors",
            "z_image_turbo_bf16.safetensors",
            "z_image_bf16.safetensors",
            "Chroma1-HD.safetensors",
            "hidream_i1_full_fp8.safetensors",
            "hidream_i1_dev_fp8.safetensors",
            "anima-base-v1.0.safetensors",
            "krea2_turbo_fp8_scaled.safetensors",
            "ernie-image-turbo.safetensors",
            "longcat_image_bf16.safetensors",
            "ovis_image_bf16.safetensors",
            "boogu_image_turbo_fp8_scaled.safetensors",
            "wan2.1_t2v_14B_fp8_scaled.safetensors",
        ],
        text_encoders: vec![
            "clip_l.safetensors",
            "clip_g.safetensors",
            "t5xxl_fp16.safetensors",
            "t5xxl_fp8_e4m3fn_scaled.safetensors",
            "umt5_xxl_fp16.safetensors",
            "qwen_2.5_vl_7b_fp8_scaled.safetensors",
            "qwen_3_4b.safetensors",
            "qwen3vl_4b_fp8_scaled.safetensors",
            "qwen3vl_8b_fp8_scaled.safetensors",
            "qwen_3_06b_base.safetensors",
            "mistral_3_small_flux2_fp8.safetensors",
            "ministral-3-3b.safetensors",
            "llama_3.1_8b_instruct_fp8_scaled.safetensors",
            "gemma_2_2b_fp16.safetensors",
            "ovis_2.5.safetensors",
        ],
        vaes: vec![
            "ae.safetensors",
            "flux2-vae.safetensors",
            "qwen_image_vae.safetensors",
            "qwen_image_layered_vae.safetensors",
            "vae-ft-mse-840000-ema-pruned.safetensors",
        ],
        loras: vec!["sdxl_style.safetensors", "flux_style.safetensors"],
        upscalers: vec!["RealESRGAN_x2.pth", "RealESRGAN_x4plus.pth"],
        without: vec![],
    }
}

fn full_form() -> Form {
    Form {
        prompt: "a quiet \"harbour\"\nat dawn".to_owned(),
        negative: "blur".to_owned(),
        size: Some((1920, 1080)),
        count: 2,
        seed: u64::MAX,
        picture: Some(Picture { name: "cat.png".to_owned(), size: Some((4032, 3024)) }),
        mask: Some("mask.png".to_owned()),
        loras: vec![
            Lora { name: "sdxl_style.safetensors".to_owned(), strength: 0.8 },
            Lora { name: "flux_style.safetensors".to_owned(), strength: -0.5 },
        ],
        ..Form::default()
    }
}

/// Asserts that the server can run it, with nothing to say about it.
fn runs(built: &Built, server: &Fake, what: &str) {
    let report = preflight(&built.prompt, &server.info);
    assert!(!report.blocked && report.findings.is_empty(), "{what}: {:?}", report.findings);
    for choice in &built.chosen {
        assert!(choice.why.ends_with('.') && !choice.value.is_empty(), "{what}: {choice:?}");
    }
}

/// The value of a node's input, by class.
fn value(built: &Built, class: &str, input: &str) -> Option<String> {
    built.prompt.nodes().iter().find(|node| node.class == class)?.input(input)?.text()
}

#[test]
fn every_starter_can_run_with_every_family() {
    let server = fake(&with_all());
    let small = Form {
        picture: Some(Picture { name: "cat.png".to_owned(), size: None }),
        ..Form::default()
    };
    let mut cases = 0;
    for id in ALL {
        let models = models(id, &server.server());
        let usable = models.iter().filter(|model| model.lacks.is_none());
        let names: Vec<Option<String>> =
            std::iter::once(None).chain(usable.map(|model| Some(model.name.clone()))).collect();
        for name in names {
            for form in [full_form(), small.clone()] {
                let form = Form { checkpoint: name.clone(), ..form };
                let what = format!("{id:?} {name:?}");
                let built = build(id, &form, &server.server())
                    .unwrap_or_else(|cannot| panic!("{what}: {cannot}"));
                runs(&built, &server, &what);
                if let Some(name) = &name {
                    assert_eq!(built.model.as_ref(), Some(name), "{what}");
                }
                cases += 1;
            }
        }
        for model in models.iter().filter(|model| model.lacks.is_some()) {
            let form = Form { checkpoint: Some(model.name.clone()), ..full_form() };
            let cannot = build(id, &form, &server.server()).unwrap_err();
            assert_eq!(Some(cannot.0), model.lacks, "{id:?}");
        }
    }
    println!("{cases} starters built and checked");
    assert!(cases > 200);
}

#[test]
fn models_are_chosen_that_are_for_it() {
    let server = fake(&with_all());
    for id in ALL {
        for model in models(id, &server.server()).iter().filter(|model| model.lacks.is_none()) {
            assert!(
                !matches!(model.guess.role, Role::Refining | Role::Elsewhere),
                "{id:?} {}",
                model.name
            );
            let fills = matches!(id, StarterId::Inpaint | StarterId::Outpaint);
            assert!(fills || model.guess.role != Role::Inpainting, "{id:?} {}", model.name);
        }
    }
    let best = |id, has: &Has| build(id, &full_form(), &fake(has).server()).unwrap().model.unwrap();
    let two = |checkpoints| Has { checkpoints, loras: with_all().loras, ..Has::default() };
    let of = |checkpoints| best(StarterId::TextToPicture, &two(checkpoints));
    assert_eq!(
        of(vec!["sd_xl_refiner_1.0.pt", "sd15.pt", "sd_xl_base_1.0.pt"]),
        "sd_xl_base_1.0.pt"
    );
    assert_eq!(of(vec!["x.pt", "dreamshaper_8.pt"]), "dreamshaper_8.pt");
    assert_eq!(of(vec!["ltx-video.pt", "sd15.pt", "sd-v1-5-inpainting.pt"]), "sd15.pt");
    assert_eq!(of(vec!["fooXL_v1.pt", "fooXL_v3.pt", "fooXL_v2.pt"]), "fooXL_v3.pt");
    assert_eq!(of(vec!["x.pt"]), "x.pt");
    let inpainting = two(vec!["sd_xl_base_1.0.pt", "sd-v1-5-inpainting.pt"]);
    assert_eq!(best(StarterId::Inpaint, &inpainting), "sd-v1-5-inpainting.pt");
    // The LoRA says which family is wanted.
    let both = two(vec!["flux1-dev-fp8.safetensors", "sd_xl_base_1.0.pt"]);
    assert_eq!(best(StarterId::TextToPictureWithLoras, &both), "sd_xl_base_1.0.pt");
    let built = build(StarterId::TextToPictureWithLoras, &full_form(), &fake(&both).server());
    let notes = built.unwrap().notes;
    assert!(notes[0].contains("flux_style.safetensors seems to be for Flux dev"), "{notes:?}");
}

#[test]
fn families_get_what_suits_them() {
    let server = fake(&with_all());
    let of = |name: &str| {
        let form = Form { checkpoint: Some(name.to_owned()), ..full_form() };
        build(StarterId::TextToPicture, &form, &server.server()).unwrap()
    };
    // Model, latent, width, steps, CFG, sampler, scheduler.
    let rows = [
        ("dreamshaper_8.safetensors", "EmptyLatentImage", "704", "25", "7.0", "dpmpp_2m", "karras"),
        (
            "sd_xl_base_1.0.safetensors",
            "EmptyLatentImage",
            "1344",
            "25",
            "7.0",
            "dpmpp_2m",
            "karras",
        ),
        (
            "sdxl_lightning_4step.safetensors",
            "EmptyLatentImage",
            "1344",
            "4",
            "1.0",
            "euler",
            "sgm_uniform",
        ),
        (
            "sd3.5_large_fp8_scaled.safetensors",
            "EmptySD3LatentImage",
            "1344",
            "28",
            "4.5",
            "euler",
            "sgm_uniform",
        ),
        ("flux1-dev.safetensors", "EmptySD3LatentImage", "1360", "20", "1.0", "euler", "simple"),
        (
            "flux1-schnell-fp8.safetensors",
            "EmptySD3LatentImage",
            "1360",
            "4",
            "1.0",
            "euler",
            "simple",
        ),
        (
            "qwen_image_fp8_e4m3fn.safetensors",
            "EmptySD3LatentImage",
            "1760",
            "20",
            "2.5",
            "euler",
            "simple",
        ),
        (
            "z_image_turbo_bf16.safetensors",
            "EmptySD3LatentImage",
            "1360",
            "8",
            "1.0",
            "res_multistep",
            "simple",
        ),
        (
            "hidream_i1_full_fp8.safetensors",
            "EmptySD3LatentImage",
            "1360",
            "50",
            "5.0",
            "uni_pc",
            "simple",
        ),
    ];
    for (name, latent, width, steps, cfg, sampler, scheduler) in rows {
        let built = of(name);
        let sampled = |input| value(&built, "KSampler", input).unwrap();
        assert_eq!(value(&built, latent, "width").as_deref(), Some(width), "{name}");
        assert_eq!(
            [sampled("steps"), sampled("cfg"), sampled("sampler_name"), sampled("scheduler")],
            [steps, cfg, sampler, scheduler],
            "{name}"
        );
        assert_eq!(sampled("seed"), u64::MAX.to_string());
    }
    let flux = of("flux1-dev.safetensors");
    assert_eq!(value(&flux, "FluxGuidance", "guidance").as_deref(), Some("3.5"));
    assert!(flux.notes.iter().any(|note| note.contains("negative prompt")), "{:?}", flux.notes);
    // A model in 16 bits has its encoder in 16 bits, and one in 8 bits in 8.
    let t5 = |name| value(&of(name), "DualCLIPLoader", "clip_name2").unwrap();
    assert_eq!(t5("flux1-dev.safetensors"), "t5xxl_fp16.safetensors");
    assert_eq!(t5("flux1-krea-dev_fp8_scaled.safetensors"), "t5xxl_fp8_e4m3fn_scaled.safetensors");
    assert_eq!(value(&flux, "VAELoader", "vae_name").as_deref(), Some("ae.safetensors"));
    let flux2 = of("flux-2-klein-base-4b.safetensors");
    assert_eq!(value(&flux2, "Flux2Scheduler", "steps").as_deref(), Some("20"));
    assert_eq!(value(&flux2, "CFGGuider", "cfg").as_deref(), Some("5.0"));
    let unknown = of("nobody_knows.safetensors");
    assert!(unknown.notes[0].contains("cannot be told"), "{:?}", unknown.notes);
}

#[test]
fn what_is_missing_is_said() {
    let lacks = |has: &Has, id: StarterId| {
        let server = fake(has);
        let offers = starters(&server.server());
        assert_eq!(offers.iter().map(|offer| offer.starter.id).collect::<Vec<_>>(), ALL);
        offers.into_iter().find(|offer| offer.starter.id == id).unwrap().lacks
    };
    let text = StarterId::TextToPicture;
    let none = Has::default();
    assert!(lacks(&none, text).unwrap().contains("lists no models"));
    assert_eq!(lacks(&none, StarterId::ModelFree), None);
    assert_eq!(lacks(&none, StarterId::Upscale), None);
    let split = Has { diffusion_models: vec!["flux1-dev.safetensors"], ..Has::default() };
    let said = lacks(&split, text).unwrap();
    assert!(said.contains("clip_l and t5xxl") && said.contains("text_encoders"), "{said}");
    let no_vae = Has { text_encoders: vec!["clip_l.pt", "t5xxl.pt"], ..split.clone() };
    assert!(lacks(&no_vae, text).unwrap().contains("ae.safetensors"));
    let whole = Has { vaes: vec!["ae.sft"], ..no_vae };
    assert_eq!(lacks(&whole, text), None);
    let old = Has { without: vec!["DualCLIPLoader"], ..whole };
    assert!(lacks(&old, text).unwrap().contains("DualCLIPLoader"));
    let videos = Has { checkpoints: vec!["ltx-video.safetensors"], ..Has::default() };
    assert!(lacks(&videos, text).unwrap().contains("no model that this starter can use"));
    let bare =
        Has { checkpoints: vec!["sd15.pt"], without: vec!["SetLatentNoiseMask"], ..Has::default() };
    assert!(lacks(&bare, StarterId::Inpaint).unwrap().contains("SetLatentNoiseMask"));
}

#[test]
fn forms_are_checked() {
    let server = fake(&with_all());
    let cannot = |id, form: Form| build(id, &form, &server.server()).unwrap_err().0;
    for offer in starters(&server.server()) {
        if offer.starter.required.contains(&Field::Picture) {
            assert!(cannot(offer.starter.id, Form::default()).contains("picture"));
        }
        assert!(offer.lacks.is_none() && offer.starter.sentence.ends_with('.'));
    }
    let missing = Form { checkpoint: Some("gone.pt".to_owned()), ..full_form() };
    assert!(cannot(StarterId::TextToPicture, missing).contains("gone.pt"));
    let lora = Lora { name: "gone.pt".to_owned(), strength: 1.0 };
    let missing = Form { loras: vec![lora], ..full_form() };
    assert!(cannot(StarterId::TextToPictureWithLoras, missing).contains("gone.pt"));
    let nowhere = Padding { left: 0, top: 0, right: 0, bottom: 0 };
    assert!(
        cannot(StarterId::Outpaint, Form { padding: nowhere, ..full_form() }).contains("sides")
    );
    let missing = Form { upscaler: Some("gone.pth".to_owned()), ..full_form() };
    assert!(cannot(StarterId::Upscale, missing).contains("gone.pth"));
}

#[test]
fn pictures_are_made_to_fit() {
    let server = fake(&with_all());
    let form = Form { checkpoint: Some("sd_xl_base_1.0.safetensors".to_owned()), ..full_form() };
    let built = build(StarterId::PictureToPicture, &form, &server.server()).unwrap();
    let side = |input| value(&built, "ImageScale", input).unwrap();
    assert_eq!((side("width").as_str(), side("height").as_str()), ("1152", "896"));
    let out = build(StarterId::Outpaint, &form, &server.server()).unwrap();
    let number =
        |class: &str, input: &str| -> u32 { value(&out, class, input).unwrap().parse().unwrap() };
    let width = number("ImageScale", "width") + 2 * number("ImagePadForOutpaint", "left");
    let height = number("ImageScale", "height") + 2 * number("ImagePadForOutpaint", "top");
    assert!((900_000..1_200_000).contains(&(width * height)), "{width} x {height}");
    let larger = build(StarterId::Upscale, &form, &server.server()).unwrap();
    assert_eq!(value(&larger, "ImageScale", "width").as_deref(), Some("8064"));
    assert_eq!(larger.model.as_deref(), Some("RealESRGAN_x4plus.pth"));
}

/// The corpus' object info with models, where it is at hand.
#[test]
fn all_models_of_a_recorded_server_are_answered() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/corpus/object_info_0.28.2_with_models.json");
    let Ok(json) = std::fs::read(&path) else {
        println!("not run: {} is not there", path.display());
        return;
    };
    let info = workflow::ObjectInfo::read(&json).unwrap();
    let recorded = Fake { info, metadata: Default::default() };
    let (mut cases, mut refused) = (0, 0);
    for offer in starters(&recorded.server()) {
        assert_eq!(offer.lacks, None, "{:?}", offer.starter.id);
        println!("{:?} takes {:?}", offer.starter.id, offer.model);
        let form = Form {
            picture: Some(Picture { name: "example.png".to_owned(), size: Some((1000, 700)) }),
            mask: Some("example.png".to_owned()),
            loras: vec![],
            ..full_form()
        };
        for model in models(offer.starter.id, &recorded.server()) {
            if let Some(lacks) = model.lacks {
                assert!(lacks.contains(&model.name) && lacks.ends_with('.'), "{lacks}");
                refused += 1;
                continue;
            }
            let form = Form { checkpoint: Some(model.name.clone()), ..form.clone() };
            let built = build(offer.starter.id, &form, &recorded.server()).unwrap();
            runs(&built, &recorded, &format!("{:?} {}", offer.starter.id, model.name));
            cases += 1;
        }
    }
    println!("{cases} starters built and checked, {refused} models refused with a reason");
    assert!(cases > 100);
}

static SERVER: std::sync::LazyLock<Fake> = std::sync::LazyLock::new(|| fake(&with_all()));

proptest::proptest! {
    #[test]
    fn any_form_is_answered(
        which in 0_usize..7, size in proptest::option::of((0_u32.., 0_u32..)), count in 0_u32..,
        picture in proptest::option::of((0_u32.., 0_u32..)), sides in [0_u32.., 0_u32.., 0_u32.., 0_u32..],
        factor in proptest::num::f64::ANY, denoise in proptest::option::of(proptest::num::f64::ANY),
        prompt in "\\PC{0,40}", seed in 0_u64..,
    ) {
        let server = &*SERVER;
        let form = Form {
            prompt, size, count, seed, factor, denoise,
            picture: Some(Picture { name: "cat.png".to_owned(), size: picture }),
            padding: Padding { left: sides[0], top: sides[1], right: sides[2], bottom: sides[3] },
            ..Form::default()
        };
        let built = build(ALL[which], &form, &server.server()).unwrap();
        let report = preflight(&built.prompt, &server.info);
        proptest::prop_assert!(!report.blocked, "{:?}", report.findings);
    }
}
