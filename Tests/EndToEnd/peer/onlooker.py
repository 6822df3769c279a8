# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Somebody who looks at the status page with a real browser, without scripts and with them.

    onlooker.py URL [FOLDER]                    keeps pictures of the page in FOLDER, wide and narrow, by day and by night

Says what is there, a line each. Then `ready`: it waits until the number of events changes without the page being loaded again, and says so.
"""
import asyncio
import json
import sys
import tempfile

from chromium import Chromium


def say(line):
    print(line, flush=True)


async def told(browser):
    """The sections and the numbers that are there."""
    sections = await browser.look("[...document.querySelectorAll('[data-live]')].map(e => e.id).join()")
    events = await browser.look("document.querySelector('#now-events')?.innerText")
    return f"{events} events in {sections}"


async def overflow(browser):
    """By how much the page is wider than the window."""
    return await browser.look("document.documentElement.scrollWidth - document.documentElement.clientWidth")


async def main():
    url, folder = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        async with Chromium(home) as browser:
            await browser.call("Emulation.setScriptExecutionDisabled", value=True)
            await browser.open(url)
            say("plain " + await told(browser))
            await browser.picture(folder, "status-plain", whole=True)
            await browser.call("Emulation.setScriptExecutionDisabled", value=False)
            await browser.open(url)
            await browser.until_says("Live.")
            say("live " + await told(browser))
            await browser.look("window.stays = true")
            await browser.picture(folder, "status", whole=True)
            await browser.call("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=True)
            say(f"overflow {await overflow(browser)}")
            await browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
            await browser.picture(folder, "status-dark", whole=True)
            before = await browser.look("document.querySelector('#now-events').innerText")
            say("ready")
            await browser.until("news", lambda: browser.look(
                f"document.querySelector('#now-events').innerText !== {json.dumps(before)}"))
            after = await browser.look("document.querySelector('#now-events').innerText")
            say(f"changed {before} to {after}, {'without' if await browser.look('window.stays') else 'by'} loading again")
            say(f"complaints {browser.complaints()}")
    say("end")

asyncio.run(main())
