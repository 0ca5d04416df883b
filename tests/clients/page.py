"""ComfyUI's official page, with a server behind it: `page.py SERVER OBJECT_INFO [PAGE]`.

Serves the files of PAGE, or the page of the server itself if it is left out, at a free port, and says
at which. OBJECT_INFO is a file with the nodes that the page is told of. The server is asked for
everything else, but what the page would store or queue there is kept from it, so that one can be
tried where people work.
"""

import asyncio
import json
import socket
import sys
from pathlib import Path

import aiohttp
from aiohttp import WSMsgType, web

# What ComfyUI sends with `--disable-api-nodes` (`create_block_external_middleware` in its `server.py`):
# the page reaches this server, and nobody else.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'"
    " blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self';"
    " connect-src 'self' data:; frame-src 'self'; object-src 'self';"
}

# What an empty ComfyUI answers where the practice engine has nothing: no blueprints of subgraphs
# (its `app/subgraph_manager.py`), no folders of models (`app/model_manager.py`).
EMPTY = {"/global_subgraphs": {}, "/experiment/models": []}


class Page:
    def __init__(self, server, info, files):
        self.server, self.info, self.files = server, info, files

    async def connected(self, _app):
        async with aiohttp.ClientSession() as self.client:
            yield

    async def answer(self, request):
        # ComfyUI has each of its paths a second time, under /api.
        path = request.path.removeprefix("/api")
        if path == "/ws":
            return await self.socket(request)
        if request.method not in ("GET", "HEAD"):
            return web.json_response({})
        if path == "/object_info":
            return web.json_response(self.info)
        if self.files:
            file = self.files / (request.path.lstrip("/") or "index.html")
            if file.is_file():
                return web.FileResponse(file, headers=HEADERS)
            # As in ComfyUI's `server.py`.
            if path == "/extensions":
                found = sorted(self.files.glob("extensions/**/*.js"))
                return web.json_response([f"/{file.relative_to(self.files)}" for file in found])
        async with self.client.get(self.server + request.raw_path) as answer:
            if answer.status == 404 and path in EMPTY:
                return web.json_response(EMPTY[path])
            body, kind = await answer.read(), answer.headers.get("Content-Type", "text/plain")
            if path == "/settings" and answer.ok:
                # Else the page greets, over the graph.
                body = json.dumps(json.loads(body) | {"Comfy.TutorialCompleted": True})
            headers = HEADERS | {"Content-Type": kind}
            return web.Response(body=body, status=answer.status, headers=headers)

    async def socket(self, request):
        """A line from the page to the server, open as long as both are there."""
        page = web.WebSocketResponse(max_msg_size=0)
        await page.prepare(request)
        async with self.client.ws_connect(self.server + request.raw_path, max_msg_size=0) as server:
            there, back = hand_on(page, server), hand_on(server, page)
            ways = [asyncio.ensure_future(way) for way in (there, back)]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        await page.close()
        return page


async def hand_on(source, target):
    async for message in source:
        if message.type == WSMsgType.TEXT:
            await target.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await target.send_bytes(message.data)


def main(server, info, files=None):
    page = Page(server, json.loads(Path(info).read_text()), files and Path(files))
    app = web.Application()
    app.cleanup_ctx.append(page.connected)
    app.router.add_route("*", "/{path:.*}", page.answer)
    with socket.create_server(("127.0.0.1", 0)) as line:
        print(f"listening on http://127.0.0.1:{line.getsockname()[1]}", flush=True)
        web.run_app(app, sock=line, print=None, access_log=None, shutdown_timeout=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
