"""The spring that pulls an unpowered needle home, and the end stop it pulls it against."""

PARKED_UM = -2000  # end stop, from the nozzle plane


class Spring:
    """Pulls at `um_per_s` while nothing holds the needle. A broken one pulls at 0."""

    def __init__(self, um_per_s: int, um_per_step: float) -> None:
        self.um_per_s = um_per_s
        self.clamped = False  # something holds the needle against it
        self._um_per_step = um_per_step
        self._step = int(um_per_step * 1_000_000)
        self._since_us = -1  # it pulls since then; -1: the motor holds
        self._pull = 0  # um * 1e6 of travel not yet made

    def release(self, now_us: int) -> None:
        """The motor lets go."""
        if self._since_us < 0:
            self._since_us = now_us

    def hold(self, now_us: int) -> None:
        """The motor holds."""
        self._pull_until(now_us)
        self._since_us = -1

    def steps(self, until_us: int, home: bool, needle_um: float) -> int:
        """Steps towards home up to `until_us`: none at home, not past the end stop, one at least until `home`."""
        if self._since_us >= 0:
            self._pull_until(until_us)
        if self._pull == 0:
            return 0
        if home:
            self._pull = 0
            return 0
        steps = self._pull // self._step
        self._pull -= steps * self._step
        room = int((needle_um - PARKED_UM) / self._um_per_step)
        return min(steps, max(room, 1))

    def _pull_until(self, t_us: int) -> None:
        if t_us > self._since_us >= 0:
            if not self.clamped:
                self._pull += (t_us - self._since_us) * self.um_per_s
            self._since_us = t_us
