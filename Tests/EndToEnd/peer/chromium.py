# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Headless Chromium, driven over its DevTools protocol."""
import asyncio
import base64
import itertools
import json
import os
import shutil
import subprocess
import sys

try:
    import aiohttp
except ImportError as error:
    sys.exit(f"a Python module is missing ({error}): scripts/test.sh installs it into .build-venv")

PATIENCE = 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Chromium:
    """One tab."""

    def __init__(self, folder):
        path = next(filter(None, map(shutil.which, BROWSERS)), None)
        if path is None:
            sys.exit("chromium is missing: scripts/setup.sh --for-tests installs it")
        self.folder, self.numbers, self.answers, self.events = folder, itertools.count(1), {}, []
        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-sync",
             "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def __aenter__(self):
        place = os.path.join(self.folder, "DevToolsActivePort")
        await self.until("the browser", lambda: os.path.exists(place) and "\n" in open(place, encoding="ascii").read())
        port, path = open(place, encoding="ascii").read().split("\n")[:2]
        self.client = aiohttp.ClientSession()
        self.socket = await self.client.ws_connect(f"ws://127.0.0.1:{port}{path}", max_msg_size=0)
        self.reading, self.session = asyncio.create_task(self.read()), None
        target = (await self.call("Target.createTarget", url="about:blank"))["targetId"]
        self.session = (await self.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        return self

    async def __aexit__(self, *error):
        self.reading.cancel()
        await self.client.close()
        self.process.kill()
        self.process.wait()

    async def read(self):
        async for message in self.socket:
            content = json.loads(message.data)
            if "id" in content:
                self.answers.pop(content["id"]).set_result(content)
            else:
                self.events.append(content)

    async def call(self, method, **parameters):
        number = next(self.numbers)
        answer = self.answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        await self.socket.send_json(message)
        content = await asyncio.wait_for(answer, PATIENCE)
        if "error" in content:
            sys.exit(f"{method}: {content['error']}")
        return content["result"]

    async def until(self, what, condition):
        for _ in range(PATIENCE * 50):
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.02)
        text = await self.look("document.body.innerText") if hasattr(self, "session") else ""
        sys.exit(f"waited too long for {what}; the page says: {text}")

    async def look(self, expression):
        """What an expression is worth on the page, or `None` while there is no page."""
        result = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"].get("value")

    async def open(self, url):
        await self.call("Page.navigate", url=url)
        await self.until(url, lambda: self.look("document.readyState === 'complete' && location.href !== 'about:blank'"))

    async def click(self, selector):
        """Clicks as a hand would: in the middle of what is to be seen."""
        place = await self.until(selector, lambda: self.look(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); if (!e) return null; "
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(); "
            "return [r.x + r.width / 2, r.y + r.height / 2]; })()"))
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    async def type(self, selector, text):
        await self.click(selector)
        await self.call("Input.insertText", text=text)

    async def until_says(self, text):
        await self.until(text, lambda: self.look(f"document.body && document.body.innerText.includes({json.dumps(text)})"))

    async def picture(self, folder, name, whole=False):
        """Keeps what the page looks like, wide and narrow; `whole`: to its end."""
        if not folder:
            return
        for width, height in ((1280, 900), (390, 844)):
            await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                            mobile=width < 500)
            data = (await self.call("Page.captureScreenshot", captureBeyondViewport=whole))["data"]
            with open(os.path.join(folder, f"{name}-{width}.png"), "wb") as file:
                file.write(base64.b64decode(data))
        await self.call("Emulation.clearDeviceMetricsOverride")

    def complaints(self):
        """What the browser found wrong: refused scripts and styles, errors of scripts."""
        entries = [event["params"]["entry"] for event in self.events if event["method"] == "Log.entryAdded"]
        said = [entry["text"] for entry in entries if entry["level"] in ("warning", "error")]
        thrown = [event["params"]["exceptionDetails"]["text"] for event in self.events
                  if event["method"] == "Runtime.exceptionThrown"]
        # That nobody is signed in yet is told with 401, and no icon is served.
        return [text for text in said + thrown if " 401 " not in text and " 404 " not in text]
