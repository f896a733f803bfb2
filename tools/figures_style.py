"""How every picture of a report looks: sizes, fonts, colours, and its way into a page.

Colours are those of Okabe and Ito, which people with any colour vision tell apart; every curve has a line style or a
marker of its own as well, so that a page printed in black still reads.
"""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

CLOSED = "#0072B2"  # blue: the closed loop
OPEN = "#D55E00"  # vermilion: the open loop
ESTIMATE = "#56B4E9"  # sky blue
ELASTIC = "#E69F00"  # orange
TISSUE = "#009E73"  # green
GOAL = "#555555"
TRUTH = "#000000"
BAD = "#CC0000"
SHADES = ("#f3f3f3", "#e2e6ec")  # phases, by turns

WIDTH_INCHES = 8.6
_SETTINGS = {
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "svg.fonttype": "path",  # no font is needed where the page is read
}


def styled() -> None:
    """Use these settings from now on."""
    matplotlib.use("Agg")
    settings: Any = matplotlib.rcParams  # its own type knows every name as a literal
    settings.update(_SETTINGS)


def new_figure(height_inches: float) -> Figure:
    """An empty figure as wide as the page."""
    styled()
    return Figure(figsize=(WIDTH_INCHES, height_inches), layout="constrained")


def grid(axes: Axes, axis: str = "y") -> None:
    """Faint lines to read values by."""
    axes.grid(visible=True, axis="y" if axis == "y" else "both", color="#d0d0d0", linewidth=0.6)


def svg(figure: Figure, name: str, alternative: str) -> str:
    """The figure as an <svg> element for a page. `name` keeps its ids apart from those of other figures there.

    `alternative` says in words what it shows. The same figure gives the same text.
    """
    with matplotlib.rc_context({"svg.hashsalt": name}):
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\n? *<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", text)
    quoted = alternative.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return text.replace("<svg ", f'<svg role="img" aria-label="{quoted}" ', 1)
