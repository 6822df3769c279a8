# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""rust-nostr's relay as the package nostr-sdk has it, with no limits in the way.

  rust-nostr.py PORT [DIRECTORY]

Keeps its events in memory, or in LMDB in DIRECTORY; runs until it is killed.
"""
import asyncio
import sys

import nostr_sdk
from nostr_sdk import LocalRelayBuilder, NostrLmdb, RateLimit


async def main():
    nostr_sdk.nostr_sdk.uniffi_set_event_loop(asyncio.get_running_loop())
    relay = (LocalRelayBuilder().addr("127.0.0.1").port(int(sys.argv[1])).max_connections(10_000)
             .max_filter_limit(1_000_000).default_filter_limit(5_000)
             .rate_limit(RateLimit(max_reqs=100_000, notes_per_minute=5_000_000)))
    if len(sys.argv) > 2:
        relay = relay.database(await NostrLmdb.open(sys.argv[2]))
    relay = relay.build()
    await relay.run()
    await asyncio.Event().wait()


asyncio.run(main())
