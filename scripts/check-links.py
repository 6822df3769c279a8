#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Sees that every link of the project's pages leads somewhere, and so does every runbook of an alert.

    scripts/check-links.py

Files and headings of this project only; what is on the network is not asked for.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def slug(heading):
    """A heading's anchor, as GitHub makes it."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.replace("`", ""))
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def prose(path):
    """What a page says besides its blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", path.read_text(), flags=re.M | re.S)


def anchors(path):
    return {slug(found) for found in re.findall(r"^#+ (.*)$", prose(path), re.M)}


def main():
    wrong, count = [], 0
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)\s]+)\)", prose(page))]
    for rules in ROOT.glob("packaging/monitoring/*.rules.yml"):
        links += [(ROOT / "rules", link) for link in re.findall(r"runbook: (\S+)", rules.read_text())]
    for page, link in links:
        if re.match(r"\w+:", link):
            continue
        count += 1
        target, _, anchor = link.partition("#")
        place = (page.parent / target).resolve() if target else page
        if not place.exists():
            wrong.append(f"{page.relative_to(ROOT)}: {link} is not there")
        elif anchor and place.suffix == ".md" and anchor not in anchors(place):
            wrong.append(f"{page.relative_to(ROOT)}: {link} is no heading")
    print("\n".join(wrong + [f"{count} links, {len(wrong)} of them lead nowhere"]))
    sys.exit(1 if wrong else 0)


main()
