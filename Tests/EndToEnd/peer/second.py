# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""A conversation of a second client written by others, monstr: publish, query, live, AUTH, COUNT.

  second.py URL

Prints a line for each thing that came out as it should, then `end`.
"""
import asyncio
import json
import sys

try:
    from monstr.client.client import Client
    from monstr.encrypt import Keys
    from monstr.event.event import Event
except ImportError as error:
    sys.exit(f"a Python module is missing ({error}): scripts/test.sh installs it into .build-venv")


class Counting(Client):
    """monstr's client knows no COUNT: the question goes out by its queue, the answer is taken from its reader."""

    def __init__(self, *arguments, **options):
        self.answers = asyncio.Queue()
        super().__init__(*arguments, **options)

    def _on_message(self, message):
        if message and message[0] in ("COUNT", "CLOSED"):
            self.answers.put_nowait(message)
        else:
            super()._on_message(message)

    async def count(self, *filters):
        self._publish_q.put_nowait(json.dumps(["COUNT", "count", *filters]))
        verb, _, answer = await asyncio.wait_for(self.answers.get(), 10)
        assert verb == "COUNT", answer
        return answer["count"]


def expect(what, found, wanted):
    assert found == wanted, f"{what}: {found!r} instead of {wanted!r}"
    print(what, flush=True)


class Conversation:
    def __init__(self, url, keys):
        self.keys, self.oks, self.proofs = keys, asyncio.Queue(), []
        self.client = Counting(url, on_ok=self.on_ok, on_auth=self.on_auth)

    def on_ok(self, client, event, accepted, message):
        self.oks.put_nowait((accepted, message))

    def on_auth(self, client, challenge):
        self.proofs.append(asyncio.create_task(client.auth(self.keys, challenge)))

    async def publish(self, kind=Event.KIND_TEXT_NOTE, content="", tags=()):
        event = Event(kind=kind, content=content, tags=[list(tag) for tag in tags],
                      pub_key=self.keys.public_key_hex())
        event.sign(self.keys.private_key_hex())
        self.client.publish(event)
        return event, await asyncio.wait_for(self.oks.get(), 10)


async def converse(url, mine, theirs):
    async with mine.client, theirs.client:
        await asyncio.gather(mine.client.wait_connect(10), theirs.client.wait_connect(10))
        live = asyncio.Queue()
        theirs.client.subscribe("live", filters=[{"#t": ["nest"]}], handlers=[
            lambda client, subscription, event: live.put_nowait(event.id)])
        # The answer says that the subscription is open.
        await theirs.client.query({"limit": 1})
        notes = [await mine.publish(content=f"note {n} 🪶\n\"\\", tags=[("t", "nest")]) for n in range(20)]
        expect("publish", [ok for _, ok in notes], [(True, "")] * 20)
        expect("live", [await asyncio.wait_for(live.get(), 10) for _ in notes], [note.id for note, _ in notes])
        author = {"authors": [mine.keys.public_key_hex()], "kinds": [1]}
        found = await theirs.client.query(author)
        expect("query", {event.id for event in found}, {note.id for note, _ in notes})
        expect("valid", all(event.is_valid() for event in found), True)
        expect("count", await mine.client.count(author), 20)
        expect("count of several", await mine.client.count({"ids": [notes[0][0].id]}, {"ids": [notes[1][0].id]}), 2)

        # A protected event makes the relay ask; the proof is given, and then it is taken.
        _, (accepted, reason) = await mine.publish(content="mine alone", tags=[("-",)])
        expect("asked who it is", (accepted, reason.split(":")[0]), (False, "auth-required"))
        expect("auth", await asyncio.wait_for(mine.oks.get(), 10), (True, ""))
        _, ok = await mine.publish(content="mine alone", tags=[("-",)])
        expect("after auth", ok, (True, ""))
    print("end", flush=True)


async def main():
    url = sys.argv[1]
    await converse(url, Conversation(url, Keys()), Conversation(url, Keys()))


asyncio.run(main())
