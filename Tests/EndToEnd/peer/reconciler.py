# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Reconciles a set of its own with a relay's (NIP-77), with nostr-sdk's client.

  reconciler.py [--key HEX] [--dry-run] URL DATABASE JSONL [FILTER]...          FILTER: JSON, default {}

The set is what DATABASE holds once the events of JSONL are there. For each filter, prints `FATE ID` for what differed: `local`
and `remote` (who alone had it), `sent` and `received`; then `done`, or `failed REASON`. `end` is the last line.
"""
from peer import *
from nostr_sdk import SyncDirection, SyncOptions


async def reconcile(client, filter, dry):
    options = SyncOptions().direction(SyncDirection.BOTH).initial_timeout(timedelta(seconds=20))
    output = await client.sync(filter, opts=options.dry_run() if dry else options)
    for fate in ("local", "remote", "sent", "received"):
        for id in getattr(output.report, fate):
            say(f"{fate} {id.to_hex()}")
    if output.failed:
        say(f"failed {'; '.join(str(reason) for reason in output.failed.values())}")
    say("done")


async def main():
    arguments = sys.argv[1:]
    key, dry = key_of(arguments), "--dry-run" in arguments
    if dry:
        arguments.remove("--dry-run")
    url, path, file = arguments[:3]
    database = await NostrLmdb.open(path)
    events = events_of(file)
    for start in range(0, len(events), 1000):
        await asyncio.gather(*(database.save_event(event) for event in events[start:start + 1000]))
    builder = ClientBuilder().database(database)
    client = (builder.authenticator(SignerAuthenticator(key)) if key else builder).build()
    await client.add_relay(RelayUrl.parse(url))
    await client.try_connect(timeout=timedelta(seconds=10))
    for filter in arguments[3:] or ["{}"]:
        await reconcile(client, Filter.from_json(filter), dry)
    say("end")


run(main)
