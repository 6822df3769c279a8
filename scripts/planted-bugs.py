#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Plants the bugs of planted-bugs.txt and shows which of them the simulated worlds find.

    scripts/planted-bugs.py [--worlds N] [--seconds N] [--only WORDS] [--check]

All are planted at once, each behind a switch, so that one build does; then the worlds are lived once for each bug. Prints
a row of a table for each. Rare ones are looked for in worlds that are named, too. A bug is found when a world complains of it, or the planner traps; worlds that do not end in
time find nothing. The sources are put back as soon as that is built: what a run that was killed left, by the next.
`--check` only sees that each bug still applies.

Exit codes: 0 all were found, 1 some were not, 2 some no longer apply or nothing compiles. SWIFT_FLAGS are given to
`swift build`.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Sources" / "SyncPlanner"
SWITCH = SOURCES / "PlantedBugs.swift"
BACKUP = ROOT / ".build" / "planted-bugs.json"
BINARY = ROOT / ".build" / "simulate-planted"
SWITCH_TEXT = """// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

private let planted = getenv("ROOKERY_PLANTED_BUG").flatMap { Int(String(cString: $0)) }
func isPlanted(_ number: Int) -> Bool { number == planted }
"""


class Bug:
    def __init__(self, name):
        self.name = name
        # [file, old lines, new lines]
        self.changes = []
        # Worlds that are known to find it: it is a rare one.
        self.seeds = []
        # The tests that guard against what the worlds cannot see.
        self.guard = ""


def bugs():
    found = []
    for line in (ROOT / "scripts" / "planted-bugs.txt").read_text().splitlines():
        if line.startswith("# "):
            found.append(Bug(line[2:]))
        elif line.startswith("in "):
            found[-1].changes.append((line[3:], [], []))
        elif line.startswith("at "):
            found[-1].seeds += [int(seed) for seed in line.split()[1:]]
        elif line.startswith("by "):
            found[-1].guard = line[3:]
        elif line.startswith("<"):
            found[-1].changes[-1][1].append(line[2:])
        elif line.startswith(">"):
            found[-1].changes[-1][2].append(line[2:])
    return found


def source(file):
    """The path of a file of the planner, in whichever folder it stands."""
    return next(SOURCES.rglob(file))


def plant():
    """Returns the changed text of every file; `None` when some bug does not apply."""
    texts, applies = {}, True
    for number, bug in enumerate(bugs(), 1):
        for file, old, new in bug.changes:
            old, new = "\n".join(old), "\n".join(new)
            text = texts.get(file) or source(file).read_text()
            if text.count(old) != 1:
                print(f"does not apply: {bug.name}", flush=True)
                applies = False
                continue
            texts[file] = text.replace(old, re.sub(r"\bplanted\b", f"isPlanted({number})", new))
    return texts if applies else None


def restore():
    if BACKUP.exists():
        for file, text in json.loads(BACKUP.read_text()).items():
            source(file).write_text(text)
        SWITCH.unlink(missing_ok=True)
        BACKUP.unlink()


def build(texts):
    """Builds the worlds with all bugs; returns what went wrong, if anything did."""
    BACKUP.parent.mkdir(exist_ok=True)
    BACKUP.write_text(json.dumps({file: source(file).read_text() for file in texts}))
    try:
        SWITCH.write_text(SWITCH_TEXT)
        for file, text in texts.items():
            source(file).write_text(text)
        flags = shlex.split(os.environ.get("SWIFT_FLAGS", ""))
        run = subprocess.run(
            ["swift", "build", "-c", "release", "--product", "simulate"] + flags, cwd=ROOT, capture_output=True,
            text=True)
        if run.returncode:
            return "\n".join(line for line in run.stdout.splitlines() if "error:" in line) or run.stderr
        shutil.copy(ROOT / ".build" / "release" / "simulate", BINARY)
        return None
    finally:
        restore()


def live(number, worlds, seconds, first=0):
    """Returns whether the worlds find a bug, how many of how many did, and the first complaint."""
    end = ""
    try:
        run = subprocess.run(
            [BINARY, str(worlds), str(first)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=seconds,
            env=os.environ | {"ROOKERY_PLANTED_BUG": str(number)})
        output = run.stdout
        if run.returncode not in (0, 1):
            end = "it traps"
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode()
        end = f"not all ended within {seconds} s"
    complaints = {}
    for line in output.splitlines():
        match = re.match(r"seed (\d+), [^:]*: (.*)", line)
        if match:
            complaints.setdefault(int(match[1]), match[2])
    if complaints:
        first = min(complaints)
        count = f"{len(complaints)} of {worlds}" + (f", {end}" if end else "")
        return True, count, f"seed {first}: {complaints[first]}"
    return end == "it traps", f"0 of {worlds}", end


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=300)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--only", default="")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    # Ends through `finally`, too.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(2))
    restore()
    texts = plant()
    if texts is None:
        sys.exit(2)
    if options.check:
        return
    if trouble := build(texts):
        print(trouble)
        sys.exit(2)
    status = 0
    for number, bug in enumerate(bugs(), 1):
        if options.only not in bug.name:
            continue
        was_found, count, how = live(number, options.worlds, options.seconds)
        for seed in bug.seeds:
            if not was_found:
                was_found, _, how = live(number, 1, options.seconds, seed)
                count += ", and world " + str(seed)
        if not was_found:
            count, how = (count, f"guarded by {bug.guard}") if bug.guard else (f"**missed**, {count}", how)
            status = status if bug.guard else 1
        earlier, _, title = bug.name.partition(": ") if re.match(r"S\d+: ", bug.name) else ("", "", bug.name)
        print(f"| {title} | {earlier} | {count} | {how[:160]} |", flush=True)
    sys.exit(status)


main()
