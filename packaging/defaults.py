#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Turns `rookery config reference` (standard input) into a configuration file in which every key stands with its default,
commented out. Arguments, KEY=VALUE as TOML, are the keys that are set instead."""
import re
import sys
import textwrap

ROW = re.compile(r"^\| `(?P<key>[a-z_0-9]+)`(?:<br>`[A-Z_0-9]+`)? \| (?P<rest>.*) \|$")
INTRODUCTION = """\
# The configuration of Rookery: every key with its default, commented out.
# An unknown key or a bad value is told in one line, and nothing is started:
#   rookery config check --config {path}
# r: put in force in the running relay by `systemctl reload rookery`; all else wants a restart.
"""


def comment(text):
    """Markdown becomes plain words, a comment of some lines."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("\\|", "|")
    return textwrap.fill(text, 110, initial_indent="# ", subsequent_indent="# ", break_long_words=False, break_on_hyphens=False)


def example(takes):
    """A value for a key of a table that has no default."""
    if takes.startswith("list"):
        return "[]"
    return "0" if "number" in takes else "false" if "true or false" in takes else '""'


def main():
    set_keys = dict(argument.split("=", 1) for argument in sys.argv[1:])
    path = set_keys.pop("path", "/etc/rookery/rookery.toml")
    lines = [INTRODUCTION.format(path=path)]
    section, is_list = "", False
    for line in sys.stdin.read().splitlines():
        if heading := re.match(r"^## `(\[+)([a-z_.]+)\]+`$", line):
            section, is_list = heading[2], heading[1] == "[["
            lines.append(f"\n#[[{section}]]" if is_list else f"\n[{section}]")
        if not (row := ROW.match(line)):
            continue
        cells = re.split(r"(?<!\\) \| ", row["rest"])
        key, takes, what = row["key"], cells[0], cells[-1]
        name = f"{section}.{key}" if section else key
        default = example(takes)
        if len(cells) > 2 and (word := re.match(r"`(.*)`$", cells[1])):
            default = word[1]
        is_live = " (r)" if len(cells) > 3 and cells[2].strip() == "r" else ""
        lines.append(comment(what + is_live))
        if name in set_keys and not is_list:
            lines.append(f"{key} = {set_keys.pop(name)}")
        else:
            lines.append(f"#{key} = {default}")
    if set_keys:
        sys.exit(f"no such key: {', '.join(set_keys)}")
    print("\n".join(lines))


main()
