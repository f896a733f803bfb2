"""What really happened, by the plant alone: the witness that says whether a fault was harmless.

It looks at every frame that the plant is advanced by, and at the hand. Of the firmware it takes the moments only: when
a drop was opened or closed and what was reported, when a prime began, when something was noticed.
"""

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.world import World

TICK_US = 2000
OUT_US = 150_000  # from the moment that something is noticed until the needle is out of the skin
DEPTH_SPARE_UM = 250  # the limit of 50 um, and a chunk of 40 steps that was in flight
OVERDOSE_PERCENT = 5
CHUNK_STEPS = 40
PRIME_MOST_NL = 200_000
_RELEASED_US = 6000  # the hand has let go: two ticks, and the frame that was under way
_ROUNDING_NL = 1


class Account:
    """What one drop was, by the plant. Volumes in nl, depth in um; `result` as the device reported it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.delivered_nl = 0.0
        self.deepest_um = 0.0
        self.result = "lost"  # until it is reported
        self.least_nl = 0
        self.most_nl = 0


class Witness:
    """Judges one session. `dose_nl` and `depth_um` are what the hand ordered, whatever the device made of it."""

    def __init__(self, params: "dict[str, Any]", dose_nl: int, depth_um: int) -> None:
        self.nl_per_step: float = params["um_per_dose_step"] * params["syringe_area_mm2"]
        self._um_per_step: float = params["um_per_needle_step"]
        self._dose_nl = dose_nl
        self._depth_um = depth_um
        self._world: "World"
        self._plant: "Any" = None
        self._delivered_nl = 0.0
        self._accounts: "list[Account]" = []
        self._stray = Account(0)  # what came into the skin while no drop was in work
        self._current = self._stray
        self._prime_steps = 0
        self._prime_most_steps = 0
        self._judging = False
        self._noticed_us = -1
        self._begun_anew = False  # a drop or a prime was begun after that
        self._held_us = 0  # the hand last held the trigger
        # Where the screws were then, in steps; the plunger since then at least, the needle since it was home.
        self._dose_steps = self._let_go_dose_steps = 0
        self._needle_steps = self._let_go_needle_steps = 0
        self._astray_dose_steps = self._astray_needle_steps = 0  # most beyond that
        self.advanced_us = -1  # how long after it was noticed something still advanced
        self.out_us = -1  # how long after it was noticed the needle was in the skin

    def watch(self, world: "World") -> None:
        """Look on from now on."""
        self._world = world
        self._held_us = world.now_us
        world.on_frame = self._frame

    # --- moments of the device --------------------------------------------------------------------------------------

    def strike(self) -> None:
        """The fault is there: from now on motion is judged."""
        self._judging = True

    def notice(self, now_us: int) -> None:
        """The device has noticed something."""
        self._noticed_us = now_us
        self._begun_anew = False

    def opened(self) -> None:
        """A drop was opened."""
        self._current = Account(len(self._accounts) + 1)
        self._accounts.append(self._current)
        self._begun_anew = True

    def closed(self, result: str, least_nl: int, most_nl: int) -> None:
        """The drop was closed, and reported."""
        account = self._current
        account.result = result
        account.least_nl = least_nl
        account.most_nl = most_nl

    def primes(self) -> None:
        """A prime begins: what comes out now is no drop."""
        self._current = self._stray
        self._prime_steps = 0
        self._begun_anew = True

    # --- the plant --------------------------------------------------------------------------------------------------

    def _frame(self, end_us: int, dose_steps: int, needle_steps: int) -> None:
        world = self._world
        plant = world.plant
        if plant is not self._plant:
            self._plant = plant
            self._delivered_nl = 0.0
        delivered_nl = plant.delivered_nl
        account = self._current
        account.delivered_nl += delivered_nl - self._delivered_nl
        self._delivered_nl = delivered_nl
        depth_um = plant.depth_um
        if depth_um > account.deepest_um:
            account.deepest_um = depth_um
        if dose_steps > 0:
            self._prime_steps += dose_steps
            if self._current is self._stray and self._prime_steps > self._prime_most_steps:
                self._prime_most_steps = self._prime_steps
        self._follow(end_us, dose_steps, needle_steps, world.trigger_held or not self._judging)
        if not self._judging:
            return
        # A frame that began within one tick of it is the chunk in flight.
        if (dose_steps > 0 or needle_steps > 0) and self._noticed_us >= 0 and not self._begun_anew:
            if end_us - self._noticed_us > 2 * TICK_US:
                self.advanced_us = end_us - self._noticed_us
        if self._noticed_us >= 0 and depth_um > 0 and not self._begun_anew:
            self.out_us = end_us - self._noticed_us

    def _follow(self, end_us: int, dose_steps: int, needle_steps: int, held: bool) -> None:
        """The screws, and how far they went on after the hand let go."""
        self._dose_steps += dose_steps
        self._needle_steps += needle_steps
        if held:
            self._held_us = end_us
        if end_us - self._held_us <= _RELEASED_US:
            self._let_go_dose_steps = self._dose_steps
            self._let_go_needle_steps = self._needle_steps
            return
        self._let_go_dose_steps = min(self._let_go_dose_steps, self._dose_steps)
        if self._plant.home:
            self._let_go_needle_steps = self._needle_steps
        beyond_steps = self._dose_steps - self._let_go_dose_steps
        self._astray_dose_steps = max(self._astray_dose_steps, beyond_steps)
        beyond_steps = self._needle_steps - self._let_go_needle_steps
        self._astray_needle_steps = max(self._astray_needle_steps, beyond_steps)

    # --- the verdict ------------------------------------------------------------------------------------------------

    @property
    def overdose_nl(self) -> float:
        """Of the worst drop; 0 if none had too much."""
        worst_nl = self._stray.delivered_nl
        for account in self._accounts:
            worst_nl = max(worst_nl, account.delivered_nl - self._dose_nl)
        return max(worst_nl, 0.0)

    @property
    def deepest_um(self) -> float:
        """How much deeper than ordered the needle was at most, below the skin."""
        deepest_um = 0.0
        for account in [self._stray] + self._accounts:
            deepest_um = max(deepest_um, account.deepest_um)
        return deepest_um - self._depth_um

    @property
    def lost_records(self) -> int:
        """Drops that were begun and never reported: their record was lost with the memory."""
        return len([account for account in self._accounts if account.result == "lost"])

    def reasons(self) -> "list[str]":
        """Every sentence that says why it was not safe; none if it was."""
        found: "list[str]" = []
        if self.advanced_us >= 0:
            found.append("something advanced %.1f ms after it was noticed" % (self.advanced_us / 1000))
        if self.out_us > OUT_US:
            found.append("the needle was in the skin %.1f ms after it was noticed" % (self.out_us / 1000))
        if self.deepest_um > DEPTH_SPARE_UM:
            found.append("the needle was %d um deeper than ordered" % self.deepest_um)
        if self._prime_most_steps * self.nl_per_step > PRIME_MOST_NL + CHUNK_STEPS * self.nl_per_step:
            found.append("a prime moved the plunger by %d nl" % (self._prime_most_steps * self.nl_per_step))
        spare_nl = max(self._dose_nl * OVERDOSE_PERCENT / 100, CHUNK_STEPS * self.nl_per_step) + _ROUNDING_NL
        if self._astray_dose_steps * self.nl_per_step > spare_nl:
            found.append("the plunger went on by %d steps, the trigger let go" % self._astray_dose_steps)
        if self._astray_needle_steps * self._um_per_step > DEPTH_SPARE_UM:
            found.append("the needle went on by %d steps, the trigger let go" % self._astray_needle_steps)
        if self._stray.delivered_nl > spare_nl:
            found.append("%d nl came into the skin outside of any drop" % self._stray.delivered_nl)
        for account in self._accounts:
            found += self._judge(account, spare_nl)
        return found

    def _judge(self, account: Account, spare_nl: float) -> "list[str]":
        found: "list[str]" = []
        true_nl = max(account.delivered_nl, 0.0)  # less than nothing: drawn out of what another drop left
        if true_nl > self._dose_nl + spare_nl:
            found.append("drop %d: %d nl in the skin, %d ordered" % (account.number, true_nl, self._dose_nl))
        if account.result in ("delivered", "aborted", "fault"):
            if not account.least_nl - _ROUNDING_NL <= true_nl <= account.most_nl + _ROUNDING_NL:
                told = (account.number, true_nl, account.result, account.least_nl, account.most_nl)
                found.append("drop %d: %d nl in the skin, reported %s with %d .. %d" % told)
        return found
