# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Follows a relay live with nostr-sdk's client.

  watcher.py URL FILTER

Prints `watching` once the subscription is open, then the id of each event, until its input ends.
"""
import asyncio
from peer import *


async def follow(stream):
    watching = False
    while (item := await stream.next()) is not None:
        message = item.message.as_enum() if hasattr(item, "message") else None
        if message is None:
            continue
        if message.is_END_OF_STORED_EVENTS() and not watching:
            watching = True
            say("watching")
        elif message.is_EVENT_MSG():
            say(message.event.id().to_hex())


async def main():
    client = await connected(sys.argv[1])
    task = asyncio.create_task(follow(client.notifications()))
    await client.subscribe(ReqTarget.auto([Filter.from_json(sys.argv[2])]))
    await until_input_ends()
    task.cancel()
    await client.shutdown()


run(main)
