# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Reads a relay back with nostr-sdk's client, which checks every id and signature itself.

  reader.py [--key HEX] URL [FILTER]...          FILTER: JSON, default {}

Prints the id of each event once, page by page below the oldest seen, then `end`.
"""
from peer import *

PAGE = 500


async def read(client, filter, seen):
    until = None
    while True:
        page = filter.limit(PAGE) if until is None else filter.limit(PAGE).until(Timestamp.from_secs(until))
        events = await client.fetch_events(ReqTarget.auto([page]), timeout=timedelta(seconds=30))
        fresh = [event for event in events if event.id().to_hex() not in seen]
        for event in fresh:
            seen.add(event.id().to_hex())
            say(event.id().to_hex())
        oldest = min((event.created_at().as_secs() for event in events), default=None)
        if oldest is None or len(events) < PAGE:
            return
        if oldest == until:
            sys.exit(f"more than {PAGE} events in the second {oldest}")
        until = oldest


async def main():
    arguments = sys.argv[1:]
    key, seen = key_of(arguments), set()
    client = await connected(arguments[0], key)
    for filter in arguments[1:] or ["{}"]:
        await read(client, Filter.from_json(filter), seen)
    say("end")


run(main)
