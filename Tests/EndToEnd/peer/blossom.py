# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Asks a Blossom server everything that python-blossom's client can, which nobody here wrote.

  blossom.py KEY SERVER OTHER        OTHER: a server that has a blob, from which the first may copy

Prints one line for each question, `name: answer`, then `end`.
"""
import hashlib
import os
import sys

from python_blossom import BlossomClient


def ask(name, question):
    try:
        answer = question()
    except Exception as error:
        answer = str(error).split(":")[0]
    print(f"{name}: {answer}", flush=True)


key, server, other = sys.argv[1:]
blob = b"\x89PNG\r\n\x1a\n" + os.urandom(300_000)
there = b"\xff\xd8\xff\xe0" + os.urandom(5_000)
name, name_there = (hashlib.sha256(each).hexdigest() for each in (blob, there))
with BlossomClient(nsec=key) as client, BlossomClient(nsec="77" * 32) as stranger:
    ask("preflight", lambda: bool(client.head_upload_requirements(server, data=blob, use_auth=True)))
    ask("stranger uploads", lambda: stranger.upload_blob(server, data=blob))
    ask("upload", lambda: client.upload_blob(server, data=blob)["sha256"] == name)
    ask("again", lambda: client.upload_blob(server, data=blob)["size"] == len(blob))
    ask("head", lambda: client.head_blob(server, name)["content_length"] == str(len(blob)))
    ask("get", lambda: client.get_blob(server, name, extension="png").get_bytes() == blob)
    ask("get with token", lambda: client.get_blob(server, name, use_auth=True).get_bytes() == blob)
    ask("list", lambda: [each["sha256"] == name for each in client.list_blobs(server, client.pubkey_hex)])
    ask("upload there", lambda: client.upload_blob(other, data=there)["sha256"] == name_there)
    ask("mirror", lambda: client.mirror_blob(server, f"{other}/{name_there}", name_there)["size"] == len(there))
    ask("mirrored", lambda: client.get_blob(server, name_there).get_bytes() == there)
    ask("mirror from inside", lambda: client.mirror_blob(other, f"{server}/{name}", name))
    ask("list there", lambda: client.list_blobs(other, client.pubkey_hex))
    ask("stranger deletes", lambda: stranger.delete_blob(server, name))
    ask("delete", lambda: bool(client.delete_blob(server, name)))
    ask("gone", lambda: client.get_blob(server, name))
print("end", flush=True)
