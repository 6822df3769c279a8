# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Publishes the events of a JSONL file with nostr-sdk's client.

  publisher.py URL JSONL

Prints `ID ok` or `ID refused REASON` for each, then `end`.
"""
from peer import *


async def main():
    client = await connected(sys.argv[1])
    for event in events_of(sys.argv[2]):
        output = await client.send_event(event, target=SendEventTarget.broadcast(),
                                         ok_timeout=timedelta(seconds=15))
        reasons = "; ".join(str(reason) for reason in output.failed.values())
        say(f"{event.id().to_hex()} ok" if output.success else f"{event.id().to_hex()} refused {reasons}")
    say("end")
    await client.shutdown()


run(main)
