"""The zones of the body a clinician can choose, and how much and how deep each one may get.

Starting values for presets after published practice (docs/safety.md lists the sources): a clinician must approve them.
The depth of the face follows the thickness of its dermis; an eyelid has 0.6 mm of it.
"""

from micropython import const

NAMES = ("face", "eyelid", "neck", "hands", "scalp", "chin", "stretch", "body", "pain")
_DEEPEST_UM = const((2000, 600, 2000, 2000, 4000, 13000, 2000, 13000, 13000))
_DOSE_MOST_NL = const((50000, 20000, 50000, 50000, 50000, 200000, 50000, 200000, 100000))
_MOST_NL = const((5000000, 400000, 5000000, 2000000, 5000000, 10000000, 10000000, 20000000, 10000000))
_POINTS_MOST = const((250, 20, 200, 100, 300, 50, 500, 999, 200))


class Zone:
    """Its `label`, and its limits: `deepest_um`, `dose_most_nl` a drop, `most_nl` and `points_most` in all."""

    def __init__(self, name: str) -> None:
        """ValueError for one that is not in NAMES."""
        index = NAMES.index(name)
        self.label = name.encode()  # as the display wants it
        self.deepest_um: int = _DEEPEST_UM[index]
        self.dose_most_nl: int = _DOSE_MOST_NL[index]
        self.most_nl: int = _MOST_NL[index]
        self.points_most: int = _POINTS_MOST[index]
