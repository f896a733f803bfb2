"""Screens as PNG files: dot by dot, and enlarged as an OLED looks, with a dark gap between its dots."""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import image
from numpy.typing import NDArray

from tools.screens.album import Screen, play
from tools.screens.troubles import STORIES

ENLARGED = 4
_LIT = (205, 235, 255)
_DARK = (4, 6, 10)
_GAP = (0, 0, 0)
_CONTRAST_BRIGHT = 128  # of 255; below it is drawn dimmer, but never so dim that a person could not read the picture
_DIM = 0.45

Pixels = NDArray[np.uint8]


def write(folder: Path) -> list[Path]:
    """Every screen, as FOLDER/NAME.png dot by dot and as FOLDER/4x/NAME.png; returns the paths.

    The same bytes each time. Raises OSError.
    """
    (folder / f"{ENLARGED}x").mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for screen in play(STORIES):
        for path, picture in (
            (folder / f"{screen.name}.png", dots(screen)),
            (folder / f"{ENLARGED}x" / f"{screen.name}.png", oled(screen, ENLARGED)),
        ):
            # Without the drawing library's name and version the same picture gives the same file.
            metadata: Any = {"Software": None}
            image.imsave(path, picture, metadata=metadata)
            paths.append(path)
    return paths


def dots(screen: Screen) -> Pixels:
    """64 x 128 x 3, 0..255: a dot a pixel."""
    lit = _lit(screen.picture)[..., np.newaxis]
    return np.where(lit, _light(screen), np.array(_DARK)).astype(np.uint8)


def oled(screen: Screen, scale: int) -> Pixels:
    """The same so many times as large, with a gap of one pixel between dots."""
    large = dots(screen).repeat(scale, axis=0).repeat(scale, axis=1)
    large[scale - 1 :: scale, :] = _GAP
    large[:, scale - 1 :: scale] = _GAP
    return large


def _lit(picture: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([[dot == "#" for dot in line] for line in picture])


def _light(screen: Screen) -> NDArray[np.float64]:
    return np.array(_LIT) * (1.0 if screen.contrast >= _CONTRAST_BRIGHT else _DIM)
