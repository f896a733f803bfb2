"""One channel of a pulse counter: the edges of one net, and the level of another that says what they are worth."""

from tools.simulator import silicon
from tools.simulator.nets import Filtered, Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tools.simulator.nets import Net, Waveform
    from tools.simulator.pads import Pin

# What an edge does, and what a level of the mode pin makes of it: pcnt_count_mode_t and pcnt_ctrl_mode_t of ESP-IDF.
IGNORE = 0
INCREMENT = 1
DECREMENT = 2
NORMAL = 0
REVERSE = 1
HOLD = 2


class Channel(Listener):
    """Edges of one net, worth +1, 0 or -1 each, as the level of another says."""

    def __init__(self) -> None:
        self.edges: "Waveform | None" = None
        self._net: "Net | None" = None
        self._mode: "Net | None" = None
        self.rising = 0
        self.falling = 0
        self.mode_low = 0
        self.mode_high = 0
        self._per_rise = 0
        self._per_fall = 0
        self._rises = 0  # seen so far
        self._falls = 0
        self._waiting = 0  # counted before the last change of the mode level
        self.paused = True

    def take(self, now_us: int) -> int:
        """Counts since the last call."""
        count = self._waiting
        self._waiting = 0
        edges = self.edges
        if edges is None:
            return count
        rises = edges.rises_by(now_us)
        if rises != self._rises:
            count += self._per_rise * (rises - self._rises)
            self._rises = rises
        if self._per_fall:
            falls = edges.falls_by(now_us)
            count += self._per_fall * (falls - self._falls)
            self._falls = falls
        return count

    def connect(self, pin: "Pin | None", mode_pin: "Pin | None", filter_ns: int) -> None:
        """Take other pins."""
        if self._mode is not None:
            self._mode.listeners.remove(self)
        self._unfilter()
        self._net = None if pin is None else pin.net
        self._mode = None if mode_pin is None else mode_pin.net
        if self._mode is not None:
            self._mode.listeners.append(self)
        self.filter(filter_ns)

    def filter(self, filter_ns: int) -> None:
        """Ignore levels shorter than `filter_ns`; 0 takes everything."""
        self._unfilter()
        self.edges = self._net
        if filter_ns and self._net is not None:
            filtered = Filtered(filter_ns)
            self._net.followers.append(filtered)
            self.edges = filtered
        self.skip(silicon.chip.now_us)
        self.steer()

    def skip(self, now_us: int) -> None:
        """Forget the edges so far."""
        if self.edges is not None:
            self._rises = self.edges.rises_by(now_us)
            self._falls = self.edges.falls_by(now_us)

    def steer(self) -> None:
        """Work out what an edge is worth now."""
        level = 0 if self._mode is None else self._mode.level
        mode = self.mode_high if level else self.mode_low
        sign = 0 if self.paused or mode == HOLD else -1 if mode == REVERSE else 1
        self._per_rise = sign * _worth(self.rising)
        self._per_fall = sign * _worth(self.falling)

    def _unfilter(self) -> None:
        if isinstance(self.edges, Filtered) and self._net is not None:
            self._net.followers.remove(self.edges)
        self.edges = None

    def before_edge(self, now_us: int) -> None:
        """The mode level is about to change: count what came before."""
        self._waiting = self.take(now_us)
        if not self._per_fall:
            self.skip(now_us)

    def after_edge(self, now_us: int) -> None:
        """The mode level has changed."""
        self.steer()


def _worth(action: int) -> int:
    return 1 if action == INCREMENT else -1 if action == DECREMENT else 0
