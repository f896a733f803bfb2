"""Contacts to ground that bounce, asked by time: the edges to come are a list, and nobody is woken for any of them."""

from tools.simulator.noise import Noise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tools.simulator.nets import Net

_MOST_BOUNCES = 4  # pairs of edges after the first one
_SHORTEST_US = 50


class Contact:
    """A switch to ground. `bounce_us` is the longest from its first edge to its last; `stream` chooses its bounces."""

    def __init__(self, bounce_us: int, stream: int) -> None:
        self._bounce_us = bounce_us
        self._noise = Noise(4711, stream)
        self._edges: "list[int]" = []  # times still to come; each turns the contact over
        self._closed = 0
        self._meant = 0  # after the last edge
        self._net: "Net"  # from wire() on
        self._wired = False

    def wire(self, net: "Net") -> None:
        """Put it on a net, as it is now."""
        self._net = net
        self._wired = True
        net.live = self._level if self._edges else None
        net.contact_closed = self._closed
        net.update()

    def move(self, closed: int, at_us: int) -> None:
        """It closes (1) or opens (0) at `at_us`, or when the move before has ended its bounces; and then bounces."""
        if closed == self._meant:
            return
        self._meant = closed
        edges = self._edges
        if edges:
            at_us = max(at_us, edges[-1])
        edges.append(at_us)
        noise = self._noise
        pairs = int(noise.uniform() * (_MOST_BOUNCES + 1))
        at_us += _SHORTEST_US
        # Each edge falls into the first half of what is left of the time, so bounces get shorter.
        left_us = self._bounce_us - 2 * _SHORTEST_US
        for _ in range(2 * pairs):
            step_us = int(noise.uniform() * left_us / 2)
            left_us -= step_us
            at_us += step_us
            edges.append(at_us)
        if self._wired:
            self._net.live = self._level
            self._net.update()

    def closed_at(self, now_us: int) -> int:
        """1 if it is closed at `now_us`; time only goes forward."""
        edges = self._edges
        passed = 0
        for at_us in edges:
            if at_us > now_us:
                break
            passed += 1
        if passed:
            del edges[:passed]
            self._closed ^= passed & 1
        return self._closed

    def _level(self) -> int:
        """What the net shows. After the last edge the net goes back to being an ordinary one, which costs nothing."""
        net = self._net
        closed = self.closed_at(net.chip.now_us)
        if not self._edges:
            net.live = None
            net.contact_closed = closed
            net.update()
        return 1 - closed
