# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""A moderator at a real browser.

    browser.py URL by-token TOKEN TEXT          with scripts switched off, signs in with a token and approves the item that says TEXT
    browser.py URL by-key SECRET TEXT           the same with a key, as an extension of the browser offers it (NIP-07)

Says what it saw, a line each. `--pictures FOLDER` keeps what the pages look like, wide and narrow.
"""
import asyncio
import hashlib
import json
import sys
import tempfile

from chromium import Chromium

try:
    import coincurve
except ImportError as error:
    sys.exit(f"a Python module is missing ({error}): scripts/test.sh installs it into .build-venv")


def say(line):
    print(line, flush=True)


def signed(event, secret):
    """As an extension signs: NIP-01 and BIP-340."""
    key = coincurve.PrivateKey(bytes.fromhex(secret))
    event["pubkey"] = key.public_key_xonly.format().hex()
    image = [0, event["pubkey"], event["created_at"], event["kind"], event["tags"], event["content"]]
    digest = hashlib.sha256(json.dumps(image, separators=(",", ":"), ensure_ascii=False).encode()).digest()
    return {**event, "id": digest.hex(), "sig": key.sign_schnorr(digest).hex()}


async def sign_in_by_token(browser, url, token, folder):
    await browser.call("Emulation.setScriptExecutionDisabled", value=True)
    await browser.open(url + "/moderation")
    await browser.picture(folder, "sign-in")
    await browser.type("#token", token)
    await browser.click("button.approve")


async def sign_in_by_key(browser, url, secret, folder):
    await browser.call("Runtime.addBinding", name="askExtension")
    await browser.call("Page.addScriptToEvaluateOnNewDocument", source="""
        window.nostr = { signEvent: (event) => new Promise((done) => {
            window.answerOfExtension = done; window.askExtension(JSON.stringify(event)); }) };""")
    await browser.open(url + "/moderation")
    await browser.until("the button", lambda: browser.look("!document.querySelector('#by-key').hidden"))
    await browser.picture(folder, "sign-in-by-key")
    await browser.click("#sign")
    asked = await browser.until("the question", lambda: next(
        (e["params"]["payload"] for e in browser.events if e["method"] == "Runtime.bindingCalled"), None))
    await browser.look(f"void window.answerOfExtension({json.dumps(signed(json.loads(asked), secret))})")


async def approve(browser, text, folder):
    await browser.until_says(text)
    say(f"saw {text}")
    await browser.picture(folder, "list")
    number = await browser.look(
        f"[...document.querySelectorAll('.item')].find(e => e.innerText.includes({json.dumps(text)}))"
        ".querySelector('a').innerText")
    await browser.click(f"a[href='/moderation/items/{number[1:]}']")
    await browser.until_says("The event that it would be")
    say("previewed " + await browser.look("document.querySelector('.event .content').innerText"))
    await browser.picture(folder, "item")
    await browser.type("input[name=reason]", "seen <b>by</b> a browser")
    await browser.click("button.approve")
    await browser.until_says(f"Approved {number}.")
    await browser.until_says("seen <b>by</b> a browser")
    await browser.picture(folder, "approved")
    say(f"approved {number}")


async def main():
    arguments, folder = sys.argv[1:], None
    if "--pictures" in arguments:
        at = arguments.index("--pictures")
        folder = arguments[at + 1]
        del arguments[at:at + 2]
    url, way, proof, text = arguments
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        async with Chromium(home) as browser:
            await (sign_in_by_token if way == "by-token" else sign_in_by_key)(browser, url, proof, folder)
            await approve(browser, text, folder)
            cookies = (await browser.call("Storage.getCookies"))["cookies"]
            say(f"cookies {[(c['name'], c['httpOnly'], c.get('sameSite')) for c in cookies]}")
            say(f"complaints {browser.complaints()}")
    say("end")

asyncio.run(main())
