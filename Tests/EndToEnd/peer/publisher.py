# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Publishes the events of a JSONL file with nostr-sdk's client.

  publisher.py [--key HEX] URL JSONL

Prints `ID ok` or `ID refused REASON` for each, then `end`.
"""
from peer import *


async def main():
    arguments = sys.argv[1:]
    key = key_of(arguments)
    client = await connected(arguments[0], key)
    for event in events_of(arguments[1]):
        output = await client.send_event(event, target=SendEventTarget.broadcast(),
                                         ok_timeout=timedelta(seconds=15))
        reasons = "; ".join(str(reason) for reason in output.failed.values())
        say(f"{event.id().to_hex()} ok" if output.success else f"{event.id().to_hex()} refused {reasons}")
    say("end")


run(main)
