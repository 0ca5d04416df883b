"""What the server that starters are exported for says it has: nodes, and a model of each kind."""

import json
from pathlib import Path

# A model of each kind, by the list it is in; the parts they need.
MODELS = {
    ("CheckpointLoaderSimple", "ckpt_name"): [
        "sd15.safetensors",
        "sd_xl_base_1.0.safetensors",
        "noobaiXL_vPred10.safetensors",
        "sd3.5_large_fp8_scaled.safetensors",
        "lumina_2.safetensors",
        "sd-v1-5-inpainting.ckpt",
    ],
    ("UNETLoader", "unet_name"): [
        "flux1-dev.safetensors",
        "flux1-kontext-dev.safetensors",
        "flux1-fill-dev.safetensors",
        "flux-2-klein-base-4b.safetensors",
        "qwen_image_fp8_e4m3fn.safetensors",
        "qwen_image_edit_2509_fp8_e4m3fn.safetensors",
        "hidream_i1_full_fp8.safetensors",
    ],
    ("VAELoader", "vae_name"): [
        "ae.safetensors",
        "flux2-vae.safetensors",
        "qwen_image_vae.safetensors",
    ],
    ("LoraLoader", "lora_name"): ["one.safetensors", "two.safetensors"],
    ("UpscaleModelLoader", "model_name"): ["RealESRGAN_x4plus.pth"],
}
ENCODERS = [
    "clip_l.safetensors",
    "clip_g.safetensors",
    "t5xxl_fp16.safetensors",
    "qwen_3_4b.safetensors",
    "qwen_2.5_vl_7b_fp8_scaled.safetensors",
    "llama_3.1_8b_instruct_fp8_scaled.safetensors",
]
for loader, inputs in {
    "CLIPLoader": ["clip_name"],
    "DualCLIPLoader": ["clip_name1", "clip_name2"],
    "QuadrupleCLIPLoader": [f"clip_name{at}" for at in range(1, 5)],
}.items():
    MODELS |= {(loader, name): ENCODERS for name in inputs}


def with_models(info):
    for (loader, name), names in MODELS.items():
        spec = info[loader]["input"]["required"][name]
        if isinstance(spec[0], list):
            spec[0] = names
        else:
            spec[1]["options"] = names
    return info


def with_other_families(info):
    """Adds what starters use besides, of nodes that the practice engine does not run: `nodes.json` has
    the inputs and outputs that ComfyUI 0.28.2 gives them."""
    nodes = json.loads(Path(__file__).with_name("nodes.json").read_text())
    return {name: whole(name, node) for name, node in nodes.items()} | info


def whole(name, node):
    return node | {
        "input_order": {section: list(inputs) for section, inputs in node["input"].items()},
        "output_is_list": [False] * len(node["output"]),
        "name": name,
        "display_name": name,
        "description": "",
        "python_module": "nodes",
        "category": "",
        "output_node": False,
    }
