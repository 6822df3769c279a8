# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""rust-nostr's relay on loopback.

  upstream.py PORT DATABASE [JSONL]...

Keeps its events in DATABASE, puts those of the files there before it listens, says `ready COUNT`, and runs
until it is killed or its input ends. It answers at most 500 events a filter and tells nobody so.
"""
import asyncio
from peer import *


async def main():
    port, path, files = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    database = await NostrLmdb.open(path)
    count = 0
    for events in map(events_of, files):
        for start in range(0, len(events), 1000):
            await asyncio.gather(*(database.save_event(event) for event in events[start:start + 1000]))
        count += len(events)
    relay = (LocalRelayBuilder().addr("127.0.0.1").port(port).database(database).max_connections(100)
             .rate_limit(RateLimit(max_reqs=5000, notes_per_minute=1_000_000)).build())
    await relay.run()
    say(f"ready {count}")
    await until_input_ends()


run(main)
