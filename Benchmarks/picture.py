# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""A run as a picture: how far each aim is reached, and how other relays do beside this one."""
import math
from xml.sax.saxutils import escape

THEMES = {
    "light": {"page": "#ffffff", "text": "#1f2328", "quiet": "#59636e", "line": "#d1d9e0", "track": "#f0f2f5",
              "met": "#1a7f5a", "missed": "#c4601d", "peers": ["#8250df", "#0969da", "#9a6700"]},
    "dark": {"page": "#0d1117", "text": "#e6edf3", "quiet": "#9198a1", "line": "#3d444d", "track": "#1a2029",
             "met": "#3fb68b", "missed": "#e3893f", "peers": ["#b392f0", "#58a6ff", "#d4a72c"]},
}
WIDTH, MARGIN, ROW = 960, 28, 24
# Where names end, and where figures begin.
LEFT, RIGHT = 396, 746
FONT = "font-family=\"ui-sans-serif, system-ui, 'Segoe UI', 'Noto Sans', sans-serif\""


class Sheet:
    """Elements from top to bottom."""

    def __init__(self, colours):
        self.colours, self.parts, self.y = colours, [], MARGIN

    def text(self, x, y, text, colour="text", size=13, anchor="start", weight=400):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" fill="{self.colours[colour]}" font-size="{size}" text-anchor="{anchor}" '
                          f'font-weight="{weight}">{escape(text)}</text>')

    def bar(self, x, y, width, height, colour, rounding=3):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height}" rx="{rounding}" fill="{colour}"/>')

    def line(self, x, top, bottom, colour, dash=""):
        dash = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" stroke="{colour}"{dash}/>')

    def dot(self, x, y, colour, title):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"><title>{escape(title)}</title></circle>')

    def heading(self, title, more):
        self.y += 28
        self.text(MARGIN, self.y, title, size=16, weight=600)
        self.y += 19
        self.text(MARGIN, self.y, more, "quiet", 12)
        self.y += 16

    def finish(self, title):
        height = self.y + MARGIN
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" {FONT} role="img" '
            f'aria-label="{escape(title)}">', f"<title>{escape(title)}</title>",
            f'<rect width="100%" height="100%" fill="{self.colours["page"]}"/>', *self.parts, "</svg>", ""])


def short(value, unit):
    size = abs(value)
    if size >= 1e6:
        text = f"{value / 1e6:.2f} M"
    elif size >= 10_000:
        text = f"{value / 1000:.1f} k"
    else:
        text = f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2g}"
    return text + ("/s" if unit in ("/s", "events/s") else f" {unit}")


def cut(text, count):
    return text if len(text) <= count else text[: count - 1].rstrip() + "…"


def aims(sheet, rows):
    """Bars up to twice the aim; the line in the middle is the aim."""
    sheet.heading("Aims", "a bar that reaches the line meets its aim; one that ends at the right is at twice of it or beyond")
    top, middle = sheet.y, LEFT + (RIGHT - LEFT) / 2
    for row, aim in rows:
        colour = sheet.colours["met" if aim["isMet"] else "missed"]
        sheet.bar(LEFT, sheet.y + 4, RIGHT - LEFT, 14, sheet.colours["track"])
        sheet.bar(LEFT, sheet.y + 4, (RIGHT - LEFT) * min(aim["reach"], 2) / 2, 14, colour)
        sheet.text(LEFT - 12, sheet.y + 15.5, cut(row["what"], 56), size=12, anchor="end")
        figure = short(row["value"], row["unit"])
        if "floor" in aim["text"]:
            figure = f"{row['floor']['ratio']:.2f} × floor"
        elif ", is " in aim["text"]:
            figure = aim["text"].split(", is ")[1] + " × smaller"
        sheet.text(RIGHT + 12, sheet.y + 15.5, figure, size=12, weight=600)
        sheet.text(WIDTH - MARGIN, sheet.y + 15.5, aim["text"].replace(" × floor", "").split(" × of")[0], "quiet", 12, "end")
        sheet.y += ROW
    sheet.line(middle, top - 2, sheet.y + 2, sheet.colours["text"], "3 3")
    sheet.y += 12


def peers(sheet, rows):
    """Dots on a logarithmic scale: how many times better rookery is."""
    def times(row, peer):
        if not peer.get("value") or not row["value"]:
            return None
        return peer["value"] / row["value"] if row["unit"] in ("ms", "KB") else row["value"] / peer["value"]
    names = list(dict.fromkeys(peer["name"] for row in rows for peer in row["peers"]))
    found = [value for row in rows for peer in row["peers"] if (value := times(row, peer))]
    if not found:
        return
    low, high = math.floor(min(0, math.log10(min(found)))), math.ceil(math.log10(max(max(found), 10)))
    right = WIDTH - MARGIN - 10

    def place(value):
        return LEFT + (right - LEFT) * (math.log10(value) - low) / (high - low)
    sheet.heading("Beside other relays", "how many times faster or smaller rookery is than each, on the same data in the same run; left of 1 the other is ahead")
    x = LEFT
    for number, name in enumerate(names):
        sheet.dot(x, sheet.y + 4, sheet.colours["peers"][number % 3], name)
        sheet.text(x + 10, sheet.y + 8, name, size=12)
        x += 30 + 7 * len(name)
    sheet.y += 22
    top = sheet.y
    for row in rows:
        sheet.bar(LEFT, sheet.y + 11, right - LEFT, 1, sheet.colours["line"], 0)
        sheet.text(LEFT - 12, sheet.y + 15.5, cut(row["what"], 56), size=12, anchor="end")
        for number, name in enumerate(names):
            value = next((times(row, peer) for peer in row["peers"] if peer["name"] == name), None)
            if value:
                sheet.dot(place(value), sheet.y + 11.5, sheet.colours["peers"][number % 3], f"{name}: {value:.2g} ×")
        sheet.y += ROW
    for power in range(low, high + 1):
        sheet.line(place(10**power), top, sheet.y, sheet.colours["text" if power == 0 else "line"], "3 3" if power == 0 else "")
        sheet.text(place(10**power), sheet.y + 16, f"{10**power:,g} ×", "quiet", 12, "middle")
    sheet.y += 22


def picture(run, theme):
    sheet = Sheet(THEMES[theme])
    title = f"Rookery: benchmarks of {run['date']}"
    sheet.text(MARGIN, sheet.y + 8, title, size=20, weight=700)
    sheet.y += 30
    machine = run["machine"]
    sheet.text(MARGIN, sheet.y, f"{machine['cores']} cores of {machine['processor']}, shared with the load generator; commit {run['commit']}, {run['mode']} run", "quiet", 12)
    reached = [(row, aim) for row in run["rows"] for aim in row["aims"]]
    if reached:
        aims(sheet, reached)
    beside = [row for row in run["rows"] if row["peers"]]
    if beside:
        peers(sheet, beside)
    return sheet.finish(title)
