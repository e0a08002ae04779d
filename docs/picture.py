#!/usr/bin/env python3
"""Draws what copydesk prints as an SVG: the picture in the README.

    cargo build --release
    docs/picture.py target/release/copydesk check docs/examples/cod-quota.txt > docs/images/check.svg

Runs the command with colours at 100 columns and turns its output into text on a terminal's ground, light or dark as the
reader's page is. Needs nothing but Python.
"""

import argparse
import re
import subprocess
import sys
import unicodedata
from html import escape

CELL, LINE, PAD = 8.4, 19, 18  # a column, a row, the border: in pixels at 14 px type
DARK = {"ground": "#0d1117", "text": "#d1d7e0", "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#56d4dd", "2": "#7d8590"}
LIGHT = {"ground": "#ffffff", "text": "#1f2328", "31": "#cf222e", "32": "#116329", "33": "#845306", "34": "#0550ae", "36": "#1b7c83", "2": "#6e7781"}


def columns(text):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def runs(line, style):
    """Pieces of one style. `style` is the set of SGR codes in force, and goes on from line to line."""
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if code := re.fullmatch(r"\x1b\[([0-9;]*)m", piece):
            for number in (code[1] or "0").split(";"):
                match number:
                    case "0":
                        style.clear()
                    case "39":
                        style -= {"31", "32", "33", "34", "35", "36"}
                    case "22":
                        style -= {"1", "2"}
                    case _:
                        style.add(number)
        elif piece:
            # Signs from another font than the letters may be of another width: they get places of their own.
            for part in re.split(r"([^\x00-\x7f]+)", piece):
                if part:
                    yield part, " ".join(f"s{number}" for number in sorted(style))


def rules(colors):
    lines = [f".ground {{ fill: {colors['ground']} }}", f"text {{ fill: {colors['text']} }}"]
    return "\n".join(lines + [f".s{code} {{ fill: {color} }}" for code, color in colors.items() if code.isdigit()])


def picture(output, width, theme):
    lines = output.rstrip("\n").split("\n")
    body, style = [], set()
    for row, line in enumerate(lines):
        column = 0
        for text, classes in runs(line, style):
            shown = text.strip()
            if shown:
                x, y = PAD + (column + columns(text) - columns(text.lstrip())) * CELL, PAD + row * LINE + 14
                place = f'x="{x:.1f}" y="{y}" textLength="{columns(shown) * CELL:.1f}"'
                body.append(f'<text {place} class="{classes}" xml:space="preserve">{escape(shown)}</text>')
            column += columns(text)
    wide, high = 2 * PAD + width * CELL, 2 * PAD + len(lines) * LINE
    styles = {"dark": rules(DARK), "light": rules(LIGHT)}.get(theme)
    styles = styles or f"{rules(LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{rules(DARK)}\n}}"
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high}" width="{wide:.0f}" height="{high}" role="img">
<title>copydesk in a terminal</title>
<style>
text {{ font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre }}
.s1 {{ font-weight: bold }}
{styles}
</style>
<rect class="ground" width="100%" height="100%" rx="8"/>
{chr(10).join(body)}
</svg>
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--width", type=int, default=100)
    parser.add_argument("--theme", choices=["auto", "dark", "light"], default="auto")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command to draw; without one, standard input is drawn")
    args = parser.parse_args()
    if args.command:
        command = [*args.command, "--color", "always", "--width", str(args.width)]
        output = subprocess.run(command, capture_output=True, text=True).stdout
        shown = " ".join(["copydesk", *args.command[1:]])
        output = f"\x1b[2m$\x1b[0m {shown}\n\n{output}"
    else:
        output = sys.stdin.read()
    sys.stdout.write(picture(output, args.width, args.theme))


if __name__ == "__main__":
    main()
