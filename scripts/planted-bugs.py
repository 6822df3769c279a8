#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Plants the bugs of planted-bugs.txt one at a time and shows which of them the simulated worlds find.

    scripts/planted-bugs.py [--worlds N] [--only WORDS] [--check]

`--check` only sees that each still applies. Every file is put back as it was, however this ends. Exit codes: 0 all
were found, 1 some were not, 2 some no longer apply or do not compile.
"""
import argparse
import pathlib
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Sources" / "SyncPlanner"


def bugs():
    """Yields (name, file, old text, new text)."""
    name, file, old, new = None, None, [], []
    lines = (ROOT / "scripts" / "planted-bugs.txt").read_text().splitlines() + ["# "]
    for line in lines:
        if line.startswith("# "):
            if file:
                yield name, SOURCES / file, "\n".join(old), "\n".join(new)
            name, file, old, new = line[2:], None, [], []
        elif line.startswith("in "):
            file = line[3:]
        elif line.startswith("<"):
            old.append(line[2:])
        elif line.startswith(">"):
            new.append(line[2:])


def found(worlds):
    build = subprocess.run(
        ["swift", "build", "-c", "release", "--product", "simulate"], cwd=ROOT, capture_output=True, text=True)
    if build.returncode:
        return None, next((line for line in build.stdout.splitlines() if "error:" in line), "does not compile")
    # A hundred at a time: most are found soon.
    for first in range(0, worlds, 100):
        command = [ROOT / ".build" / "release" / "simulate", "100", str(first)]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return True, "it never ends"
        if run.returncode == 1:
            return True, run.stdout.splitlines()[0]
        if run.returncode:
            return True, "it crashes"
    return False, ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=600)
    parser.add_argument("--only", default="")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    # Ends through `finally`, too.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(2))
    status = 0
    for name, file, old, new in bugs():
        if options.only not in name:
            continue
        text = file.read_text()
        if text.count(old) != 1:
            print(f"does not apply: {name}", flush=True)
            status = 2
            continue
        if options.check:
            continue
        try:
            file.write_text(text.replace(old, new))
            was_found, how = found(options.worlds)
        finally:
            file.write_text(text)
        print(f"{ {True: 'found', False: 'MISSED', None: 'no build'}[was_found] }: {name}: {how[:160]}", flush=True)
        if was_found is None:
            status = 2
        elif not was_found:
            status = max(status, 1)
    sys.exit(status)


main()
