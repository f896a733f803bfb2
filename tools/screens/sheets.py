"""Screens side by side with a line about each: the pages of pictures in docs/panel.md."""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from tools.figures_style import styled
from tools.screens import stories, troubles
from tools.screens.album import Photographer, Screen, play
from tools.screens.files import dots

DOTS_PER_INCH = 110
_ACROSS = 3
_SCALE = 2
_WIDE, _HIGH = 128 * _SCALE, 64 * _SCALE
_GAP = 14
_CAPTION = 26
_FONT_POINTS = 7


def sheet(screens: Sequence[Screen]) -> Figure:
    """A figure, pixel by pixel, to be saved at DOTS_PER_INCH."""
    styled()
    down = -(-len(screens) // _ACROSS)
    wide = _ACROSS * (_WIDE + _GAP) + _GAP
    high = down * (_HIGH + _CAPTION + _GAP) + _GAP
    figure = Figure(figsize=(wide / DOTS_PER_INCH, high / DOTS_PER_INCH), dpi=DOTS_PER_INCH)
    for number, screen in enumerate(screens):
        left = _GAP + number % _ACROSS * (_WIDE + _GAP)
        top = _GAP + number // _ACROSS * (_HIGH + _CAPTION + _GAP)
        picture = dots(screen).repeat(_SCALE, axis=0).repeat(_SCALE, axis=1)
        figure.figimage(np.asarray(picture), left, high - top - _HIGH, origin="upper")
        below = high - top - _HIGH - 5
        figure.text(left / wide, below / high, screen.caption, fontsize=_FONT_POINTS, verticalalignment="top")
    return figure


def _is_a_reason(screen: Screen) -> bool:
    return screen.name.startswith("not-armed-")


def _is_no_reason(screen: Screen) -> bool:
    return not _is_a_reason(screen)


def _any(screen: Screen) -> bool:
    return True


SHEETS: dict[str, tuple[tuple[type[Photographer], ...], Callable[[Screen], bool]]] = {
    "panel-menu.png": ((stories.Menu,), _any),
    "panel-setting-up.png": ((stories.LoggingIn, stories.SettingUp, stories.Homing), _is_no_reason),
    "panel-working.png": ((stories.Working,), _is_no_reason),
    "panel-not-armed.png": (
        (
            troubles.NotProvisioned,
            stories.SettingUp,
            stories.Working,
            troubles.NotArmed,
            troubles.PowerLost,
            troubles.Expired,
            troubles.NotForThisDepth,
        ),
        _is_a_reason,
    ),
    "panel-faults.png": ((troubles.Faults, troubles.Blocked, troubles.Air, troubles.NoLiquid), _any),
}
"""Which stories are played for each, and which of their screens are on it."""


def draw(name: str, player: Callable[[Sequence[type[Photographer]]], list[Screen]] = play) -> Figure:
    """One of SHEETS. `player` gives the screens of stories."""
    played, wanted = SHEETS[name]
    return sheet([screen for screen in player(played) if wanted(screen)])
