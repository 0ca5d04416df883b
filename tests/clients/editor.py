"""What Safelight exports, in ComfyUI's own page: each graph is opened by the official frontend and
made a prompt again, which has to be the one it came from.

GRAPHS is the program of `workflow/examples/graphs.rs`. The page is that of `comfyui-frontend-package`,
before the practice engine (PRACTICE is its program), which also says what its nodes are; with COMFYUI,
the address of a ComfyUI server, it is the page and the nodes of that one.
PROMPTS may be a folder with prompts of others: 20 of its `*/prompt.json` are tried, too. SHOTS may be
a folder for pictures of the starters as they open.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import comfyui_frontend_package
from browser import Browser
from nodes import with_models, with_other_families
from programs import Programs, fetch

HERE = Path(__file__).parent

# Opens a graph as a file that is dropped on the page; the prompt that the page makes of it, and where
# its nodes lie.
OPEN = """
await app.loadGraphData(arguments[0], true, true);
const made = await app.graphToPrompt();
const boxes = app.graph._nodes.map((node) => {
  const [x, y, w, h] = node.getBounding();
  return [node.title, x, y, w, h];
});
// As text, so that it is read as what the page would send.
return JSON.stringify({ prompt: made.output, boxes });
"""

# Shows all of a graph, and waits until it is drawn.
SHOW = """
app.canvas.ds.fitToBounds(arguments[0]);
app.canvas.setDirty(true, true);
await new Promise(requestAnimationFrame);
await new Promise(requestAnimationFrame);
"""

# Nodes with a scene, of which the page makes inputs anew each time.
DRAWN_BY_THE_PAGE = {"Load3D", "Load3DAnimation", "Preview3D", "Preview3DAnimation"}


def kinds(file):
    return [node["class_type"] for node in json.loads(file.read_text()).values()]


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


class Editor(unittest.TestCase):
    said = "no graph was tried"

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="safelight-editor-")
        cls.folder = Path(cls.enterClassContext(temporary))
        # What a browser keeps goes into a folder of this test.
        homes = ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"]
        programs = Programs(cls.folder, os.environ | dict.fromkeys(homes, str(cls.folder)))
        cls.addClassCleanup(programs.stop)
        cls.addClassCleanup(lambda: print(cls.said))

        address, served = cls.server(programs)
        info = cls.folder / "info.json"
        info.write_text(json.dumps(cls.info))
        cls.export(info)
        arguments = [HERE / "page.py", address, info, *served]
        page = programs.said("listening on (.+)", sys.executable, *arguments)
        cls.browser = Browser(programs)
        cls.addClassCleanup(cls.browser.close)
        cls.browser.open(page)
        # It opens a workflow of its own at the end of its start, which would take the place of ours.
        cls.browser.until("the page is up", "window.app?.extensionManager?.spinner === false")
        cls.browser.until(
            "the page knows the nodes", "'KSampler' in LiteGraph.registered_node_types"
        )

    @classmethod
    def server(cls, programs):
        """The address of a server, and the page if it has none itself."""
        if address := os.environ.get("COMFYUI"):
            cls.info = with_models(json.loads(fetch(f"{address}/object_info")))
            return address, []
        # The picture that the starters name.
        inputs = cls.folder / "practice/input"
        inputs.mkdir(parents=True)
        shutil.copy(HERE / "../../icons/128x128.png", inputs / "example.png")
        address = programs.practice()
        cls.info = with_models(with_other_families(json.loads(fetch(f"{address}/object_info"))))
        return address, [Path(comfyui_frontend_package.__file__).with_name("static")]

    @classmethod
    def export(cls, info):
        """Writes the starters, and the prompts of others, with their graphs."""
        cls.others = []
        if folder := os.environ.get("PROMPTS"):
            files = sorted(Path(folder).glob("*/prompt.json"))
            files = [file for file in files if not DRAWN_BY_THE_PAGE & set(kinds(file))]
            files = files[:: max(1, len(files) // 20)][:20]
            cls.others = [f"other-{file.parent.name}={file}" for file in files]
        cls.out = cls.folder / "graphs"
        arguments = ["--object-info", info, cls.out, *cls.others]
        subprocess.run([os.environ["GRAPHS"], *arguments], check=True)

    def shoot(self, boxes, path):
        """A picture of the whole graph."""
        left, top = (min(box[at] for box in boxes) for at in (1, 2))
        right, bottom = (max(box[at] + box[at + 2] for box in boxes) for at in (1, 2))
        self.browser.run(SHOW, [left, top, right - left, bottom - top])
        self.browser.picture(path)

    def test_every_export_opens_and_becomes_its_prompt_again(self):
        starters = others = 0
        shots = os.environ.get("SHOTS")
        for file in sorted(self.out.glob("*.graph.json")):
            name = file.name.removesuffix(".graph.json")
            with self.subTest(name):
                wanted = json.loads((self.out / f"{name}.prompt.json").read_text())
                opened = json.loads(self.browser.run(OPEN, json.loads(file.read_text())))
                self.assertEqual(differences(wanted, opened["prompt"], self.info), [])
                if name.startswith("other-"):
                    others += 1
                    continue
                self.assertEqual(overlaps(opened["boxes"]), [])
                starters += 1
                if shots:
                    self.shoot(opened["boxes"], Path(shots) / f"{name}.png")
        also = f" and {others} other prompts" if self.others else ""
        type(self).said = f"{starters} starters{also} came back equal"
        self.assertEqual(others, len(self.others))
        self.assertGreater(starters, 50)


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(sys.stdout, verbosity=2))
