"""Clients that nobody here wrote, at the practice engine: comfy-cli, and comfy-sdk through
comfy-api-proxy. `cargo xtask test --only clients` runs this in a virtual environment that has them;
PRACTICE is the practice engine's program.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import comfy_sdk
from editor import Editor  # noqa: F401 (its tests run with these)
from programs import PATIENCE, Programs, fetch, until


def workflow(steps, batch=1):
    nodes = {
        "4": ("CheckpointLoaderSimple", {"ckpt_name": "practice_marble.safetensors"}),
        "5": ("EmptyLatentImage", {"width": 128, "height": 128, "batch_size": batch}),
        "6": ("CLIPTextEncode", {"text": "a quiet harbour", "clip": ["4", 1]}),
        "7": ("CLIPTextEncode", {"text": "blur", "clip": ["4", 1]}),
        "8": ("VAEDecode", {"samples": ["3", 0], "vae": ["4", 2]}),
        "9": ("SaveImage", {"images": ["8", 0], "filename_prefix": "client"}),
    }
    sampler = {
        "seed": 1,
        "steps": steps,
        "cfg": 7.5,
        "sampler_name": "euler",
        "scheduler": "normal",
        "denoise": 1,
        "model": ["4", 0],
        "positive": ["6", 0],
        "negative": ["7", 0],
        "latent_image": ["5", 0],
    }
    nodes["3"] = ("KSampler", sampler)
    return {id: {"class_type": kind, "inputs": inputs} for id, (kind, inputs) in nodes.items()}


def view(url, name):
    """An output as the practice engine gives it."""
    return fetch(f"{url}/view?filename={name}&type=output")


def installed(name):
    """A program of this virtual environment."""
    return str(Path(sys.executable).with_name(name))


class Clients(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="safelight-clients-"))
        self.addCleanup(shutil.rmtree, self.folder)
        # Their settings and states go into a folder of this test, and they report to nobody.
        self.environment = {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "DO_NOT_TRACK": "1",
            "COMFY_NO_UPDATE_CHECK": "1",
        }
        self.programs = Programs(self.folder, self.environment)
        self.addCleanup(self.programs.stop)

    def practice(self, step_ms):
        """Starts a practice engine; its address."""
        return self.programs.practice("--step-ms", str(step_ms))

    def only_execution(self, url, prompt_id):
        """What the practice engine ran: this job, once, and nothing else."""
        record = json.loads(fetch(f"{url}/practice/record"))
        self.assertEqual(record["runs"], {prompt_id: 1})
        return record["executions"][0]

    def comfy(self, *arguments):
        """Runs comfy-cli; what it says line by line, and what its last line says."""
        done = subprocess.run(
            [installed("comfy"), "--skip-prompt", *arguments],
            check=False,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertTrue(lines[-1]["ok"], lines[-1])
        return lines[:-1], lines[-1]["data"]

    def test_comfy_cli_runs_a_workflow_and_fetches_what_it_made(self):
        url = self.practice(step_ms=5)
        file = self.folder / "workflow.json"
        file.write_text(json.dumps(workflow(steps=4, batch=2)))
        address = ("--host", "127.0.0.1", "--port", url.rpartition(":")[2])
        events, said = self.comfy("run", "--workflow", str(file), "--wait", "--json", *address)
        self.assertEqual(said["status"], "completed")
        self.assertEqual(len(said["outputs"]), 2)
        prompt_id = said["prompt_id"]
        execution = self.only_execution(url, prompt_id)
        self.assertEqual(execution["ended"], "success")
        self.assertEqual(list(json.loads(fetch(f"{url}/history"))), [prompt_id])
        executing = [event["node"] for event in events if event["type"] == "executing"]
        self.assertEqual(sorted(executing), sorted(workflow(4)), "each node is named once")
        self.assertEqual(executing[-3:], ["3", "8", "9"])

        folder = str(self.folder / "fetched")
        _, said = self.comfy("--json", "download", prompt_id, "-o", folder, "--where", "local")
        self.assertEqual(len(said["files"]), 2)
        for fetched, name in zip(said["files"], execution["files"], strict=True):
            self.assertEqual(Path(fetched["path"]).read_bytes(), view(url, name))
            # /view itself, against what lies on the disk.
            self.assertEqual((self.folder / "practice/output" / name).read_bytes(), view(url, name))

    def through_proxy(self, step_ms):
        """A practice engine with a Comfy API v2 server before it; its address and a client."""
        url = self.practice(step_ms)
        port = self.programs.at_free_port(
            installed("comfy-api-proxy"),
            lambda port: ["run", "--comfyui", url, "--port", str(port)],
        )
        with unittest.mock.patch.dict(
            os.environ, {"COMFY_BASE_URL": f"http://127.0.0.1:{port}", "COMFY_API_KEY": ""}
        ):
            client = comfy_sdk.Comfy()
        self.addCleanup(client.close)
        return url, client

    def test_comfy_sdk_runs_a_workflow_through_comfy_api_proxy(self):
        url, client = self.through_proxy(step_ms=100)
        job = client.submit(client.workflows.from_json(workflow(steps=40)))
        events = list(job.events())

        def of(kind):
            return [event for event in events if isinstance(event, kind)]

        statuses = [event.status for event in of(comfy_sdk.StatusChange)]
        order = ["queued", "running", "succeeded"]
        self.assertEqual(statuses, [status for status in order if status in statuses])
        self.assertEqual(events[-1].status, "succeeded")
        named = [event for event in of(comfy_sdk.Progress) if event.current_node is not None]
        self.assertTrue({event.current_node for event in named} <= set(workflow(1)))
        sampled = [event.step for event in named if event.steps == 40]
        self.assertEqual({event.current_node for event in named if event.steps == 40}, {"3"})
        self.assertEqual(sampled, sorted(sampled))
        previews = of(comfy_sdk.Preview)
        self.assertEqual({preview.node_id for preview in previews}, {"3"})
        self.assertTrue(all(preview.data.startswith(b"\xff\xd8") for preview in previews), "JPEG")

        job.wait(PATIENCE)
        self.assertEqual(job.status, "succeeded")
        self.assertEqual(self.only_execution(url, job.id)["ended"], "success")
        [output] = job.outputs
        self.assertEqual(output.node_id, "9")
        self.assertEqual(output.to_bytes(), view(url, output.name))

    def test_comfy_sdk_cancels_a_job_that_runs(self):
        url, client = self.through_proxy(step_ms=100)
        job = client.submit(client.workflows.from_json(workflow(steps=10_000)))
        until("the job runs", lambda: job.refresh().status == "running")
        job.cancel()
        job.wait(PATIENCE)
        self.assertEqual(job.status, "canceled")
        self.assertEqual(job.outputs, [])
        self.assertEqual(self.only_execution(url, job.id)["ended"], "interrupted")
        entry = json.loads(fetch(f"{url}/history/{job.id}"))[job.id]
        said = [kind for kind, _ in entry["status"]["messages"]]
        self.assertIn("execution_interrupted", said)
        self.assertEqual(json.loads(fetch(f"{url}/queue"))["queue_running"], [])


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(sys.stdout, verbosity=2))
