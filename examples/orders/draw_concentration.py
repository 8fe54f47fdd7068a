#!/usr/bin/env python3
"""Draws a concentration analysis by gnuplot: the largest entities with their cumulative share, and the Lorenz curve.

usage: neve analyze ... --json | draw_concentration.py PICTURE.png
"""

import json
import subprocess
import sys

LETTERS_OF_NAMES = 24


def quoted(text: str) -> str:
    """As gnuplot reads it; control characters would end the line."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return "'" + text.replace("'", "''") + "'"


def rows(lines: list[str]) -> str:
    return "\n".join(lines) + "\ne\n"


def script_of(answer: dict, picture: str) -> str:
    totals = answer["result"]["totals"]
    if totals["status"] != "ok" or totals["lorenz"] is None:
        sys.exit("draw_concentration.py: this analysis has no shares, or no Lorenz curve, to draw")
    head, lorenz = totals["head"], totals["lorenz"]
    names = ", ".join(f"{quoted(entry['entity'][:LETTERS_OF_NAMES])} {place}" for place, entry in enumerate(head))
    return f"""set terminal pngcairo size 1200,480 noenhanced font 'sans,10'
set output {quoted(picture)}
set multiplot layout 1,2 title {quoted(f"{answer['value']} by {answer['group_by']}: {totals['entities']} entities, HHI {totals['hhi']}, Gini {totals['gini']}")}
set grid ytics lc rgb '#dddddd'
set style fill solid 0.8 noborder
set boxwidth 0.7
set xtics rotate by -40 ({names})
set xrange [-0.6:{len(head) - 0.4}]
set yrange [0:*]
set y2range [0:*]
set ytics nomirror
set y2tics
set ylabel {quoted(answer["value"])}
set y2label 'cumulative share, %'
set key center right
plot '-' using 1:2 with boxes lc rgb '#4477aa' title 'value', '-' using 1:2 axes x1y2 with linespoints lc rgb '#cc6677' pt 7 title 'cumulative share'
{rows([f"{place} {entry['value']}" for place, entry in enumerate(head)])}{rows([f"{place} {entry['cumulative_pct']}" for place, entry in enumerate(head)])}unset y2tics
unset y2label
set xtics norotate autofreq
set xrange [0:100]
set yrange [0:100]
set ytics mirror
set key top left
set xlabel 'entities, smallest first, %'
set ylabel 'share of the value, %'
set size ratio 1
plot '-' with lines lw 2 lc rgb '#4477aa' title 'Lorenz curve', '-' with lines dt 2 lc rgb '#888888' title 'all equal'
{rows([f"{x} {y}" for x, y in lorenz])}{rows(["0 0", "100 100"])}unset multiplot
"""


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    subprocess.run(["gnuplot"], input=script_of(json.load(sys.stdin), sys.argv[1]), text=True, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
