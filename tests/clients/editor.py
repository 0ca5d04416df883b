"""What Safelight exports, in ComfyUI's own page: each graph is opened by the official frontend and
made a prompt again, which has to be the one it came from.

Runs when COMFYUI is the address of a ComfyUI server (nothing is queued there, and what its page would
store is kept from it), BROWSER a Chromium, and GRAPHS the program of `workflow/examples/graphs.rs`.
PROMPTS may be a folder with prompts of others: 20 of its `*/prompt.json` are tried, too. SHOTS may be
a folder for pictures of the starters as they open.
"""

import json
import os
import subprocess
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from browser import Browser

ADDRESS, BROWSER, GRAPHS = (os.environ.get(name) for name in ("COMFYUI", "BROWSER", "GRAPHS"))

# The page may read, and store nothing.
READ_ONLY = """
const fetched = window.fetch;
window.fetch = (what, how) => {
  const method = (how?.method ?? what?.method ?? "GET").toUpperCase();
  return method === "GET" || method === "HEAD"
    ? fetched(what, how) : Promise.resolve(new Response("{}", { status: 200 }));
};
"""

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


# Nodes with a scene, of which the page makes inputs anew each time.
DRAWN_BY_THE_PAGE = {"Load3D", "Load3DAnimation", "Preview3D", "Preview3DAnimation"}


def kinds(file):
    return [node["class_type"] for node in json.loads(file.read_text()).values()]


def with_models(info):
    for (loader, name), names in MODELS.items():
        spec = info[loader]["input"]["required"][name]
        if isinstance(spec[0], list):
            spec[0] = names
        else:
            spec[1]["options"] = names
    return info


def numbers(prompt):
    """The ids the export gives: whole numbers stay, others get the next ones."""
    own = {id: int(id) for id in prompt if id.isdecimal() and str(int(id)) == id}
    following = iter(range(max(own.values(), default=0) + 1, 1 << 30))
    return {id: str(own[id] if id in own else next(following)) for id in prompt}


def is_link(value):
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)


def differences(wanted, got, info):
    ids = numbers(wanted)
    found = [f"node {id} is gone" for id in ids if ids[id] not in got]
    found += [f"node {id} is new" for id in got if id not in ids.values()]
    for id, node in wanted.items():
        other = got.get(ids[id])
        if other is None:
            continue
        if other["class_type"] != node["class_type"]:
            found.append(f"node {id} is a {other['class_type']}")
        for name, value in node["inputs"].items():
            if is_link(value):
                value = [ids.get(value[0], value[0]), value[1]]
            # Of buttons and the like that pages of old wrote into prompts, no page knows any more.
            if name not in other["inputs"] and not is_declared(info, node["class_type"], name):
                continue
            if other["inputs"].get(name) != value:
                found.append(
                    f"{name} of {id} ({node['class_type']}) is {other['inputs'].get(name)!r} in"
                    f" place of {value!r}"
                )
        for name in other["inputs"].keys() - node["inputs"].keys():
            if not is_default(info, node["class_type"], name, other["inputs"][name]):
                found.append(f"{name} of {id} ({node['class_type']}) is new")
    return found


def is_declared(info, kind, name):
    """Whether the server knows an input, or the group it is in, or does not know the node at all."""
    sections = info.get(kind, {}).get("input")
    known = [inputs for section, inputs in (sections or {}).items() if section != "hidden"]
    return sections is None or any(name.split(".")[0] in inputs for inputs in known)


def is_default(info, kind, name, value):
    """Whether the page adds a value that the server takes without it, too."""
    sections = info.get(kind, {}).get("input", {})
    for section in ("required", "optional"):
        spec = sections.get(section, {}).get(name)
        if spec is not None:
            options = spec[1] if len(spec) > 1 else {}
            listed = spec[0] if isinstance(spec[0], list) else options.get("options", [])
            return value == options.get("default", listed[0] if listed else value)
    return True


def overlaps(boxes):
    found = []
    for at, (one, left, top, width, height) in enumerate(boxes):
        for other, x, y, w, h in boxes[at + 1 :]:
            if left < x + w and x < left + width and top < y + h and y < top + height:
                found.append(f"{one} lies over {other}")
    return found


@unittest.skipUnless(
    ADDRESS and BROWSER and GRAPHS, "COMFYUI, BROWSER and GRAPHS name no server, browser, program"
)
class Editor(unittest.TestCase):
    said = "no graph was tried"

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        out = Path(cls.folder.name)
        with urllib.request.urlopen(f"{ADDRESS}/object_info") as answer:
            cls.info = with_models(json.load(answer))
        (out / "info.json").write_text(json.dumps(cls.info))
        cls.others = []
        if folder := os.environ.get("PROMPTS"):
            files = sorted(Path(folder).glob("*/prompt.json"))
            files = [file for file in files if not DRAWN_BY_THE_PAGE & set(kinds(file))]
            files = files[:: max(1, len(files) // 20)][:20]
            cls.others = [f"other-{file.parent.name}={file}" for file in files]
        subprocess.run([GRAPHS, "--object-info", out / "info.json", out, *cls.others], check=True)
        cls.browser = Browser(BROWSER)
        cls.browser.open(ADDRESS, before=READ_ONLY)
        cls.browser.until("the page is up", "Boolean(window.app?.graph && window.LiteGraph)")
        cls.browser.until(
            "the page knows the nodes", "'KSampler' in LiteGraph.registered_node_types"
        )

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()
        print(cls.said)

    def opened(self, graph):
        """The prompt that the page makes of a graph, and where its nodes lie."""
        script = f"""(async () => {{
            await app.loadGraphData({json.dumps(graph)}, true, true);
            const made = await app.graphToPrompt();
            const boxes = app.graph._nodes.map((node) => {{
                const [x, y, w, h] = node.getBounding();
                return [node.title, x, y, w, h];
            }});
            return JSON.stringify({{ prompt: made.output, boxes }});
        }})()"""
        opened = json.loads(self.browser.run(script))
        # The page opens a workflow of its own once it has come up, which may be after ours.
        if len(opened["boxes"]) != len(graph["nodes"]):
            time.sleep(2)
            opened = json.loads(self.browser.run(script))
        return opened

    def shoot(self, path):
        """A picture of the whole graph; greetings that lie over it are closed before."""
        for kind in ("keyDown", "keyUp"):
            self.browser.call("Input.dispatchKeyEvent", type=kind, key="Escape", code="Escape")
        self.browser.run("app.extensionManager.command.execute('Comfy.Canvas.FitView')")
        time.sleep(1)
        self.browser.picture(path)

    def test_every_export_opens_and_becomes_its_prompt_again(self):
        out = Path(self.folder.name)
        starters = others = 0
        shots = os.environ.get("SHOTS")
        for file in sorted(out.glob("*.graph.json")):
            name = file.name.removesuffix(".graph.json")
            with self.subTest(name):
                wanted = json.loads((out / f"{name}.prompt.json").read_text())
                opened = self.opened(json.loads(file.read_text()))
                self.assertEqual(differences(wanted, opened["prompt"], self.info), [])
                if name.startswith("other-"):
                    others += 1
                    continue
                starters += 1
                self.assertEqual(overlaps(opened["boxes"]), [])
                if shots:
                    self.shoot(Path(shots) / f"{name}.png")
        type(self).said = f"{starters} starters and {others} other prompts came back equal"
        self.assertEqual(others, len(self.others))
        self.assertGreater(starters, 50)


if __name__ == "__main__":
    unittest.main(verbosity=2)
