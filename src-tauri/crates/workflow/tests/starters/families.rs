//! Real names of models, and what they are taken for.

use std::collections::BTreeMap;
use workflow::starters::{Family, Loader, Metadata, Role, Variant, family};

/// Name, family, variant, role.
type Row = (&'static str, Family, Option<Variant>, Role);

fn check(rows: &[Row]) {
    for (name, wanted, variant, role) in rows {
        let guess = family(name, Loader::Checkpoint, None);
        assert_eq!(
            (guess.family, guess.variant, guess.role),
            (*wanted, *variant, *role),
            "{name}: {}",
            guess.why
        );
        assert!(guess.why.ends_with('.'), "{name}: {}", guess.why);
    }
    println!("{} names", rows.len());
}

#[test]
fn stable_diffusion_is_told_by_name() {
    use Family::{Sd1, Sd2, Sd3, Sdxl};
    use Role::{Editing, Inpainting, Pictures, Refining};
    use Variant::{Dmd, Hyper, Illustrious, Lcm, Lightning, NoobAi, Pony, Turbo, VPrediction};
    check(&[
        ("v1-5-pruned-emaonly.ckpt", Sd1, None, Pictures),
        ("v1-5-pruned-emaonly-fp16.safetensors", Sd1, None, Pictures),
        ("sd-v1-4.ckpt", Sd1, None, Pictures),
        ("sd-v1-5-inpainting.ckpt", Sd1, None, Inpainting),
        ("SD15/dreamshaper_8.safetensors", Sd1, None, Pictures),
        ("DreamShaper_8_pruned.safetensors", Sd1, None, Pictures),
        ("dreamshaper_8Inpainting.safetensors", Sd1, None, Inpainting),
        ("dreamshaper_8LCM.safetensors", Sd1, Some(Lcm), Pictures),
        ("realisticVisionV60B1_v51HyperVAE.safetensors", Sd1, Some(Hyper), Pictures),
        ("realisticVisionV51_v51VAE.safetensors", Sd1, None, Pictures),
        ("revAnimated_v122.safetensors", Sd1, None, Pictures),
        ("majicmixRealistic_v7.safetensors", Sd1, None, Pictures),
        ("epicrealism_naturalSinRC1VAE.safetensors", Sd1, None, Pictures),
        ("Anything-V3.0.ckpt", Sd1, None, Pictures),
        ("AbyssOrangeMix2_hard.safetensors", Sd1, None, Pictures),
        ("AOM3A3.safetensors", Sd1, None, Pictures),
        ("cardosAnime_v10.safetensors", Sd1, None, Pictures),
        ("practice_marble.safetensors", Sd1, None, Pictures),
        ("v2-1_768-ema-pruned.ckpt", Sd2, None, Pictures),
        ("512-inpainting-ema.safetensors", Sd2, None, Inpainting),
        ("768-v-ema.ckpt", Sd2, None, Pictures),
        ("wd-illusion-fp16.safetensors", Sd2, None, Pictures),
        ("sd_turbo.safetensors", Sd2, Some(Turbo), Pictures),
        ("sd_xl_base_1.0.safetensors", Sdxl, None, Pictures),
        ("sd_xl_base_1.0_0.9vae.safetensors", Sdxl, None, Pictures),
        ("sd_xl_refiner_1.0.safetensors", Sdxl, None, Refining),
        ("sd_xl_turbo_1.0_fp16.safetensors", Sdxl, Some(Turbo), Pictures),
        ("sdxl_lightning_4step.safetensors", Sdxl, Some(Lightning), Pictures),
        ("sdxl-inpainting-0.1.safetensors", Sdxl, None, Inpainting),
        ("dreamshaperXL_lightningDPMSDE.safetensors", Sdxl, Some(Lightning), Pictures),
        ("DreamShaperXL_Turbo_v2.safetensors", Sdxl, Some(Turbo), Pictures),
        ("dmd2_sdxl_4step_fp16.safetensors", Sdxl, Some(Dmd), Pictures),
        ("albedobaseXL_v21.safetensors", Sdxl, None, Pictures),
        ("juggernautXL_v9Rundiffusionphoto2.safetensors", Sdxl, None, Pictures),
        ("JuggernautXLv10.safetensors", Sdxl, None, Pictures),
        ("realvisxlV50_v50Bakedvae.safetensors", Sdxl, None, Pictures),
        ("RealVisXL_V4.0.safetensors", Sdxl, None, Pictures),
        ("animagineXL40_v4Opt.safetensors", Sdxl, None, Pictures),
        ("counterfeitxl_v25.safetensors", Sdxl, None, Pictures),
        ("cosxl_edit.safetensors", Sdxl, None, Editing),
        ("ponyDiffusionV6XL_v6StartWithThisOne.safetensors", Sdxl, Some(Pony), Pictures),
        ("autismmixSDXL_autismmixPony.safetensors", Sdxl, Some(Pony), Pictures),
        ("Illustrious-XL-v0.1.safetensors", Sdxl, Some(Illustrious), Pictures),
        ("waiNSFWIllustrious_v140.safetensors", Sdxl, Some(Illustrious), Pictures),
        ("hassakuXLIllustrious_v13StyleA.safetensors", Sdxl, Some(Illustrious), Pictures),
        ("NoobAI-XL-v1.1.safetensors", Sdxl, Some(NoobAi), Pictures),
        ("noobaiXLNAIXL_vPred10Version.safetensors", Sdxl, Some(VPrediction), Pictures),
        ("sd3_medium_incl_clips_t5xxlfp8.safetensors", Sd3, None, Pictures),
        ("sd3.5_large_fp8_scaled.safetensors", Sd3, None, Pictures),
        ("sd3.5_large_turbo.safetensors", Sd3, Some(Turbo), Pictures),
        ("stable-diffusion-3.5-medium.safetensors", Sd3, None, Pictures),
    ]);
}

#[test]
fn newer_families_are_told_by_name() {
    use Family::{
        Anima, AuraFlow, Boogu, Chroma, Ernie, Flux, Flux2, HiDream, Krea2, LongCat, Lumina2, Ovis,
        QwenImage, ZImage,
    };
    use Role::{Editing, Elsewhere, Inpainting, Pictures};
    use Variant::{Dev, Fast, Klein, KleinBase, Kontext, Krea, Lightning, Schnell, Turbo};
    check(&[
        ("flux1-dev.safetensors", Flux, None, Pictures),
        ("flux1-dev-fp8.safetensors", Flux, None, Pictures),
        ("FLUX1/flux1-dev-bnb-nf4-v2.safetensors", Flux, None, Pictures),
        ("fluxmania_V.safetensors", Flux, None, Pictures),
        ("flux1-schnell-fp8.safetensors", Flux, Some(Schnell), Pictures),
        ("flux1-krea-dev_fp8_scaled.safetensors", Flux, Some(Krea), Pictures),
        ("flux1-kontext-dev.safetensors", Flux, Some(Kontext), Editing),
        ("flux1-dev-kontext_fp8_scaled.safetensors", Flux, Some(Kontext), Editing),
        ("flux1-fill-dev.safetensors", Flux, None, Inpainting),
        ("flux1-canny-dev.safetensors", Flux, None, Elsewhere),
        ("flux2_dev_fp8mixed.safetensors", Flux2, None, Pictures),
        ("flux-2-klein-4b-fp8.safetensors", Flux2, Some(Klein), Pictures),
        ("flux-2-klein-base-9b-fp8.safetensors", Flux2, Some(KleinBase), Pictures),
        ("qwen_image_fp8_e4m3fn.safetensors", QwenImage, None, Pictures),
        ("qwen_image_2512_fp8_e4m3fn.safetensors", QwenImage, None, Pictures),
        ("Qwen-Image-Lightning-8steps.safetensors", QwenImage, Some(Lightning), Pictures),
        ("qwen_image_edit_2509_fp8_e4m3fn.safetensors", QwenImage, None, Editing),
        ("FireRed-Image-Edit-1.1-transformer.safetensors", QwenImage, None, Editing),
        ("qwen_image_layered_bf16.safetensors", QwenImage, None, Elsewhere),
        ("z_image_turbo_bf16.safetensors", ZImage, Some(Turbo), Pictures),
        ("z_image_bf16.safetensors", ZImage, None, Pictures),
        ("Z-Image-Turbo-FP8.safetensors", ZImage, Some(Turbo), Pictures),
        ("Chroma1-HD.safetensors", Chroma, None, Pictures),
        ("chroma-unlocked-v47-detail-calibrated.safetensors", Chroma, None, Pictures),
        ("chroma-radiance-x0.safetensors", Chroma, None, Elsewhere),
        ("hidream_i1_full_fp8.safetensors", HiDream, None, Pictures),
        ("hidream_i1_dev_bf16.safetensors", HiDream, Some(Dev), Pictures),
        ("hidream_i1_fast_fp8.safetensors", HiDream, Some(Fast), Pictures),
        ("lumina_2.safetensors", Lumina2, None, Pictures),
        ("NetaYumev35_pretrained_all_in_one.safetensors", Lumina2, None, Pictures),
        ("aura_flow_0.2.safetensors", AuraFlow, None, Pictures),
        ("ponyV7_base.safetensors", AuraFlow, None, Pictures),
        ("anima-base-v1.0.safetensors", Anima, None, Pictures),
        ("krea2_turbo_fp8_scaled.safetensors", Krea2, Some(Turbo), Pictures),
        ("ernie-image-turbo.safetensors", Ernie, Some(Turbo), Pictures),
        ("longcat_image_bf16.safetensors", LongCat, None, Pictures),
        ("longcat_image_edit_bf16.safetensors", LongCat, None, Editing),
        ("ovis_image_bf16.safetensors", Ovis, None, Pictures),
        ("boogu_image_turbo_fp8_scaled.safetensors", Boogu, Some(Turbo), Pictures),
    ]);
}

#[test]
fn what_makes_no_pictures_is_known_for_that() {
    let names = [
        "wan2.1_t2v_14B_fp8_scaled.safetensors",
        "Wan2_1-I2V-14B-480p_fp8_e4m3fn_scaled_KJ.safetensors",
        "ltx-video-2b-v0.9.5.safetensors",
        "ltx-2.3-22b-dev-fp8.safetensors",
        "hunyuan_video_t2v_720p_bf16.safetensors",
        "hunyuanvideo1.5_720p_t2v_fp16.safetensors",
        "mochi_preview_bf16.safetensors",
        "svd_xt_1_1.safetensors",
        "acestep_v1.5_xl_turbo_bf16.safetensors",
        "ace_step_v1_3.5b.safetensors",
        "stable-audio-open-1.0.safetensors",
        "stable_cascade_stage_c.safetensors",
        "sdpose_wholebody_fp16.safetensors",
        "sam3.1_multiplex_fp16.safetensors",
        "hidream_o1_image_dev_fp8_scaled.safetensors",
        "hidream_e1_full_bf16.safetensors",
        "seedvr2_7b_int8_convrot.safetensors",
        "kandinsky5lite_t2i.safetensors",
    ];
    for name in names {
        let guess = family(name, Loader::DiffusionModel, None);
        assert_eq!((guess.family, guess.role), (Family::Other, Role::Elsewhere), "{name}");
    }
}

#[test]
fn letters_within_words_tell_nothing() {
    for name in [
        "pixlart_v1.safetensors",
        "my_model.ckpt",
        "asdxlb.ckpt",
        "afluxb.pt",
        "sponyx.pt",
        "axl2.pt",
        "",
        ".",
        "/",
        "模型.safetensors",
    ] {
        let guess = family(name, Loader::Checkpoint, None);
        assert_eq!(guess.family, Family::Unknown, "{name}: {}", guess.why);
    }
    // The folder tells where the name does not.
    assert_eq!(family("SDXL\\mine.safetensors", Loader::Checkpoint, None).family, Family::Sdxl);
    assert_eq!(family("flux/mine_v2.safetensors", Loader::Checkpoint, None).family, Family::Flux);
}

#[test]
fn metadata_comes_before_names() {
    let told = |pairs: &[(&str, &str)]| -> Metadata {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let spec = "modelspec.architecture";
    type Told<'a> = (&'a str, &'a [(&'a str, &'a str)], Family, Option<Variant>, Role);
    let rows: &[Told<'_>] = &[
        (
            "mine.safetensors",
            &[(spec, "stable-diffusion-xl-v1-base")],
            Family::Sdxl,
            None,
            Role::Pictures,
        ),
        (
            "mine.safetensors",
            &[(spec, "stable-diffusion-xl-v1-refiner")],
            Family::Sdxl,
            None,
            Role::Refining,
        ),
        ("mine.safetensors", &[(spec, "stable-diffusion-v1")], Family::Sd1, None, Role::Pictures),
        (
            "mine.safetensors",
            &[(spec, "stable-diffusion-v2-768-v")],
            Family::Sd2,
            None,
            Role::Pictures,
        ),
        (
            "mine.safetensors",
            &[(spec, "stable-diffusion-v3-medium")],
            Family::Sd3,
            None,
            Role::Pictures,
        ),
        (
            "mine.safetensors",
            &[(spec, "Flux.1-schnell")],
            Family::Flux,
            Some(Variant::Schnell),
            Role::Pictures,
        ),
        ("mine.safetensors", &[(spec, "flux-1-dev/lora")], Family::Flux, None, Role::Pictures),
        (
            "mine.safetensors",
            &[("ss_base_model_version", "sdxl_base_v1-0")],
            Family::Sdxl,
            None,
            Role::Pictures,
        ),
        (
            "mine.safetensors",
            &[("ss_base_model_version", "sd_v1")],
            Family::Sd1,
            None,
            Role::Pictures,
        ),
        (
            "mine.safetensors",
            &[("ss_sd_model_name", "ponyDiffusionV6XL.safetensors")],
            Family::Sdxl,
            Some(Variant::Pony),
            Role::Pictures,
        ),
        // A name that lies, one that says more, and metadata that says nothing.
        (
            "flux_style.safetensors",
            &[(spec, "stable-diffusion-v1")],
            Family::Sd1,
            None,
            Role::Pictures,
        ),
        (
            "waiIllustrious.safetensors",
            &[(spec, "stable-diffusion-xl-v1-base")],
            Family::Sdxl,
            Some(Variant::Illustrious),
            Role::Pictures,
        ),
        ("sd_xl.safetensors", &[(spec, "?"), ("format", "pt")], Family::Sdxl, None, Role::Pictures),
        (
            "mine.safetensors",
            &[(spec, "stable-diffusion-xl-v1-base"), ("modelspec.prediction_type", "v")],
            Family::Sdxl,
            Some(Variant::VPrediction),
            Role::Pictures,
        ),
    ];
    for (name, metadata, wanted, variant, role) in rows {
        let guess = family(name, Loader::Checkpoint, Some(&told(metadata)));
        assert_eq!(
            (guess.family, guess.variant, guess.role),
            (*wanted, *variant, *role),
            "{metadata:?}"
        );
    }
    assert_eq!(family("x", Loader::Checkpoint, Some(&BTreeMap::new())).family, Family::Unknown);
}

#[test]
fn a_name_tells_its_steps() {
    let steps = |name| family(name, Loader::Checkpoint, None).steps;
    assert_eq!(steps("sdxl_lightning_4step.safetensors"), Some(4));
    assert_eq!(steps("Qwen-Image-Lightning-8steps-V1.0.safetensors"), Some(8));
    assert_eq!(steps("x_0step.pt"), None);
    assert_eq!(steps("x_99999999999step.pt"), None);
}

proptest::proptest! {
    #[test]
    fn any_name_is_answered(name in "\\PC{0,80}", key in "[a-z_.]{0,30}", value in "\\PC{0,80}") {
        let metadata = [(key, value.clone()), ("modelspec.architecture".to_owned(), value)].into();
        let guess = family(&name, Loader::Checkpoint, Some(&metadata));
        proptest::prop_assert!(guess.why.ends_with('.') && !workflow::starters::sizes(&guess).is_empty());
    }
}
