#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Publishes a note to the relay at 127.0.0.1:7777, or reads it from there: client.py publish|read FILE. Exit code 0 when it did."""
import json
import sys

from websockets.sync.client import connect

verb, note = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8"))
with connect("ws://127.0.0.1:7777", open_timeout=10) as socket:
    if verb == "publish":
        socket.send(json.dumps(["EVENT", note]))
        answer = json.loads(socket.recv(timeout=10))
        sys.exit(answer[:3] != ["OK", note["id"], True])
    socket.send(json.dumps(["REQ", "q", {"ids": [note["id"]]}]))
    answers = [json.loads(socket.recv(timeout=10)) for _ in range(2)]
    # What follows the subscription's name in an EOSE is NIP-67's.
    sys.exit([answers[0], answers[1][:2]] != [["EVENT", "q", note], ["EOSE", "q"]])
