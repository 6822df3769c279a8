# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""What the scripts beside this file share: the client and the relay of nostr-sdk, written by others."""
import asyncio
import os
import sys
import threading
from datetime import timedelta

try:
    import nostr_sdk
    from nostr_sdk import (Client, ClientBuilder, Event, Filter, Keys, LocalRelayBuilder, NostrLmdb,
                           RateLimit, RelayUrl, ReqTarget, SendEventTarget, SignerAuthenticator, Timestamp)
except ImportError as error:
    sys.exit(f"a Python module is missing ({error}): scripts/test.sh installs it into .build-venv")


def say(line):
    """One line, at once: whoever started us waits for it."""
    print(line, flush=True)


def events_of(path):
    """The events of a JSONL file."""
    with open(path, encoding="utf-8") as lines:
        return [Event.from_json(line) for line in lines if line.strip()]


def run(main):
    """Runs a coroutine, lets nostr-sdk's own threads call back into it, and ends at once: they may take an interpreter down
    that ends by itself."""
    async def start():
        nostr_sdk.nostr_sdk.uniffi_set_event_loop(asyncio.get_running_loop())
        await main()
        sys.stdout.flush()
        os._exit(0)
    asyncio.run(start())


async def until_input_ends(on_line=None):
    """Waits for the end of standard input; each line goes to `on_line`."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue()

    def read():
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line.strip())
        loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        if on_line:
            await on_line(line)


def key_of(arguments):
    """Takes `--key HEX` off the arguments; whoever has a key shows it when asked (NIP-42)."""
    if "--key" not in arguments:
        return None
    at = arguments.index("--key")
    key = Keys.parse(arguments[at + 1])
    del arguments[at:at + 2]
    return key


async def connected(url, key=None):
    """A client with one relay, connected."""
    client = ClientBuilder().authenticator(SignerAuthenticator(key)).build() if key else Client()
    await client.add_relay(RelayUrl.parse(url))
    output = await client.try_connect(timeout=timedelta(seconds=10))
    if not output.success:
        sys.exit(f"cannot connect to {url}: {output.failed}")
    return client
