"""What the needle's tip opens into: air, nothing (blocked), or one site of the skin.

A site opens at a pressure, swells with what it takes up, and slowly gives way. Owned by the plant.
"""

from .noise import Noise

_NEVER = 1e300
_ENDLESS_NL = 1e300


class Outlet:
    """Liquid leaves the needle above `opening_kpa` + swelling and comes back below swelling - `holding_kpa`.

    Swelling is `kpa_per_nl` x `reserve_nl`. `reserve_nl` is what can come back; it fades with `relax_us`.
    """

    def __init__(self, opening_kpa: float, holding_kpa: float) -> None:
        self.opening_kpa = opening_kpa
        self.holding_kpa = holding_kpa
        self.kpa_per_nl = 0.0
        self.relax_us = _NEVER
        self.reserve_nl = _ENDLESS_NL


def air(capillary_kpa: float) -> Outlet:
    """A drop hangs on by capillarity, and air comes in only against it."""
    return Outlet(capillary_kpa, capillary_kpa)


def blocked() -> Outlet:
    """A needle through which nothing goes."""
    return Outlet(_NEVER, _NEVER)


class Site(Outlet):
    """Skin under the nozzle. `reserve_nl` is the papule's elastic part; the opening pressure gives nothing back.

    `skin_um` is where this site's surface is against the nozzle plane (+ deeper).
    """

    def __init__(self, params: "dict[str, float]", chance: Noise) -> None:
        value = params.get
        Outlet.__init__(self, value("tissue_kpa", 20), 0.0)
        self.kpa_per_nl = value("tissue_kpa_per_nl", 5 / 10000)
        self.relax_us = value("tissue_relax_s", 1 / 2) * 1000000
        self._mean_um = value("skin_um", 0)
        self._spread_um = value("skin_spread_um", 0)
        self.begin(chance)

    def begin(self, chance: Noise) -> None:
        """The skin touches the nozzle somewhere else: untouched tissue, a surface of its own."""
        self.reserve_nl = 0.0
        self.skin_um = self._mean_um + self._spread_um * chance.next()

    def rest(self, dt_us: int) -> None:
        """`dt_us` pass without flow."""
        if self.reserve_nl:
            self.reserve_nl = self.reserve_nl * self.relax_us / (self.relax_us + dt_us)
