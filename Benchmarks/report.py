#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""The rows of a run as a table in Markdown, as JSON, and as pictures for light and dark pages.

  report.py ROWS.jsonl DIRECTORY|- --mode M --seconds S --swift V --commit C

Writes latest.md, latest.json, latest-light.svg and latest-dark.svg (with `-` only the table, to the screen), and one line a run
to history.jsonl, of which the last fifty are kept. A run that is quick, or of other sizes, writes other.* and no history.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import sys

from picture import picture

GROUPS = [
    ("What the machine can do", ("floor", "generate")),
    ("Events that come in", ("import", "publish", "duplicates")),
    ("Queries", ("query", "scan")),
    ("Live", ("live", "fan-out")),
    ("Connections", ("connect", "idle")),
    ("A large store", ("many", "start")),
    ("Gathering", ("gather", "stall", "bridge")),
    ("Sets compared (NIP-77)", ("negentropy",)),
    ("Beside other relays", ("peer",)),
]


def number(value):
    """Three digits that mean something: 0.412, 41.2, 4,120."""
    if value is None:
        return "–"
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 1000:
        return f"{value:,.0f}"
    digits = 0 if size >= 100 or value == int(value) and size >= 10 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f"{value:.{digits}f}"


def with_unit(value, unit):
    return number(value) + ("" if unit in ("", "/s") else f" {unit}") + ("/s" if unit == "/s" else "")


def machine():
    def first(path, key):
        for line in pathlib.Path(path).read_text().splitlines():
            if line.startswith(key):
                return line.split(":", 1)[1].strip()
        return "?"
    memory = int(first("/proc/meminfo", "MemTotal").split()[0]) / 2**20
    return {"processor": first("/proc/cpuinfo", "model name"), "cores": os.cpu_count(),
            "memory_gib": round(memory), "kernel": platform.release().split("-")[0]}


def group_of(row):
    return next(title for title, names in GROUPS if row["name"].startswith(names))


def aims(row):
    return "; ".join(f"{aim['text']}: {'met' if aim['isMet'] else '**not met**'}" for aim in row["aims"])


def table(rows):
    lines = ["| row | what | figure | runs | floor | × floor | aim | relay + load, µs each | p50 / p99, ms | |",
             "| --- | --- | ---: | --- | --- | ---: | --- | --- | --- | --- |"]
    for row in rows:
        floor = row.get("floor")
        runs = f"{number(min(row['runs']))} – {number(max(row['runs']))}" if len(row["runs"]) > 1 else ""
        cost = number(row["relayCost"]) if row.get("relayCost") is not None else ""
        if row.get("generatorCost") is not None:
            cost += f" + {number(row['generatorCost'])}"
        late = f"{number(row['p50'])} / {number(row['p99'])}" if row.get("p99") is not None else ""
        cells = [f"`{row['name']}`", row["what"], f"**{with_unit(row['value'], row['unit'])}**", runs,
                 f"{with_unit(floor['value'], row['unit'])}, {floor['what']}" if floor else "",
                 number(floor["ratio"]) if floor else "", aims(row), cost, late, row.get("note", "")]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def peers(rows):
    names = list(dict.fromkeys(peer["name"] for row in rows for peer in row["peers"]))
    lines = ["| row | what | rookery | " + " | ".join(names) + " |", "| --- | --- | ---: |" + " ---: |" * len(names)]
    for row in rows:
        values = {peer["name"]: peer.get("value") for peer in row["peers"]}
        cells = []
        for name in names:
            value = values.get(name)
            # Of what is better when there is less, the other's is divided by ours.
            less = row["unit"] in ("ms", "KB")
            ratio = (value / row["value"] if less else row["value"] / value) if value and row["value"] else None
            cells.append("gave up" if value is None else number(value) + (f" ({number(ratio)} ×)" if ratio else ""))
        lines.append(f"| `{row['name']}` | {row['what']}, {row['unit']} | **{number(row['value'])}** | " + " | ".join(cells) + " |")
    return lines


def markdown(run):
    machine, met = run["machine"], [aim["isMet"] for row in run["rows"] for aim in row["aims"]]
    lines = [
        f"# Benchmarks, {run['date']}", "",
        f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gib']} GiB, Linux {machine['kernel']}, Swift {run['swift']}, "
        f"commit {run['commit']}, {run['mode']} run of {run['seconds'] // 60} min {run['seconds'] % 60} s. "
        f"{sum(met)} of {len(met)} aims are met.", "",
        "Written by `Benchmarks/run.sh`; [how it is measured](../README.md). The load generator shares the cores with the relay: rates are those of both together, "
        "µs each are of processor time for one operation. Figures are medians; *× floor* is the median of ratios, each to a floor measured just before.", ""]
    for title, _ in GROUPS:
        rows = [row for row in run["rows"] if group_of(row) == title]
        if rows:
            lines += [f"## {title}", ""] + (peers(rows) if title == "Beside other relays" else table(rows)) + [""]
    if any(row["name"].startswith("peer") for row in run["rows"]):
        lines += ["In brackets how many times better rookery is. rookery says OK once an event is on disk; rust-nostr keeps it in memory or in LMDB, "
                  "nostr-relay says OK before it writes.", ""]
    return "\n".join(lines)


def keep(run, directory):
    directory.mkdir(parents=True, exist_ok=True)
    name = "latest" if run["mode"] == "full" else "other"
    (directory / f"{name}.md").write_text(markdown(run))
    (directory / f"{name}.json").write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n")
    for theme in ("light", "dark"):
        (directory / f"{name}-{theme}.svg").write_text(picture(run, theme))
    if name == "latest":
        history = directory / "history.jsonl"
        lines = history.read_text().splitlines() if history.exists() else []
        short = {key: run[key] for key in ("date", "commit", "mode", "machine")}
        short["rows"] = {row["name"]: [float(f"{row['value']:.4g}"), float(f"{row['floor']['ratio']:.3g}") if row.get("floor") else None]
                         for row in run["rows"]}
        history.write_text("\n".join((lines + [json.dumps(short)])[-50:]) + "\n")
    print(f"{directory}/{name}.md")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=pathlib.Path)
    parser.add_argument("directory")
    parser.add_argument("--mode", default="full")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--swift", default="?")
    parser.add_argument("--commit", default="?")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.rows.read_text().splitlines()]
    if not rows:
        sys.exit("report: no row has such a name")
    run = {"date": datetime.date.today().isoformat(), "commit": options.commit, "mode": options.mode,
           "seconds": options.seconds, "swift": options.swift, "machine": machine(), "rows": rows}
    print(markdown(run))
    if options.directory != "-":
        keep(run, pathlib.Path(options.directory))


main()
