"""Wires: what drives a net, what level it has, and how many edges it has seen.

Edges of a pulse train are not simulated one by one: a waveform knows the train that runs on it and counts the edges
up to a moment when somebody asks.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.simulator.pads import Pin
    from tools.simulator.pulse_train import Train
    from tools.simulator.silicon import Chip


class Waveform:
    """Edges seen since power-on, with at most one train under way."""

    def __init__(self) -> None:
        self.rises = 0  # edges before the train under way
        self.falls = 0
        self.train: "Train | None" = None  # stays after its end, until the next one begins
        self.start_us = 0
        self.repeats = False

    def rises_by(self, t_us: int) -> int:
        """Rising edges up to `t_us`, which lies after the end of the train before the latest."""
        train = self.train
        if train is None:
            return self.rises
        since = t_us - self.start_us
        if since >= train.length_us and not self.repeats:
            return self.rises + train.rise_count
        if self.repeats and since >= 0:
            return self.rises + since // train.length_us * train.rise_count + train.rises_in(since % train.length_us)
        return self.rises + train.rises_in(since)

    def falls_by(self, t_us: int) -> int:
        """Falling edges up to `t_us`, as rises_by()."""
        train = self.train
        if train is None:
            return self.falls
        since = t_us - self.start_us
        if since >= train.length_us and not self.repeats:
            return self.falls + train.fall_count
        if self.repeats and since >= 0:
            return self.falls + since // train.length_us * train.fall_count + train.falls_in(since % train.length_us)
        return self.falls + train.falls_in(since)

    def level_of_train(self, t_us: int) -> int:
        """Level that the train gives at `t_us`."""
        train = self.train
        if train is None:
            return 0
        since = t_us - self.start_us
        if self.repeats and since >= 0:
            since %= train.length_us
        return train.level_at(since)

    def begin(self, train: "Train", start_us: int, repeats: bool) -> None:
        """A train starts; the one before has ended or was cut."""
        before = self.train
        if before is not None:
            if self.repeats or start_us - self.start_us < before.length_us:
                self.settle(start_us)
            else:
                self.rises += before.rise_count
                self.falls += before.fall_count
        self.train = train
        self.start_us = start_us
        self.repeats = repeats

    def end_repeating(self, t_us: int) -> None:
        """The pass under way at `t_us` is the last one."""
        train = self.train
        if train is None or not self.repeats:
            return
        passes = (t_us - self.start_us) // train.length_us
        self.rises += passes * train.rise_count
        self.falls += passes * train.fall_count
        self.start_us += passes * train.length_us
        self.repeats = False

    def settle(self, t_us: int) -> None:
        """Forget the train, keep the edges it made up to `t_us`."""
        if self.train is not None:
            rises = self.rises_by(t_us)
            self.falls = self.falls_by(t_us)
            self.rises = rises
            self.train = None

    def edge(self, level: int) -> None:
        """One edge to `level`, now."""
        if level:
            self.rises += 1
        else:
            self.falls += 1


class Filtered(Waveform):
    """The same wire behind the glitch filter of a pulse counter."""

    def __init__(self, shortest_ns: int) -> None:
        super().__init__()
        self.shortest_ns = shortest_ns

    def begin(self, train: "Train", start_us: int, repeats: bool) -> None:
        """Pass on what the filter lets through."""
        super().begin(train.without_glitches(self.shortest_ns), start_us, repeats)


class Net(Waveform):
    """A copper net with the pins on it, and what the board hangs on it."""

    def __init__(self, chip: "Chip") -> None:
        super().__init__()
        self.chip = chip
        self.pads: "list[Pin]" = []
        self.level = 0
        self.contact_closed = 0  # a switch to ground
        self.pulled_up = False  # by a resistor on the board
        self.live: "Callable[[], int] | None" = None  # level from outside that is known only when asked for
        self.broken: "Callable[[int], int] | None" = None  # fault: what the pins see instead of a level
        self.mute = False  # fault: pulse trains do not get as far as this net
        self.listeners: "list[Listener]" = []
        self.followers: list[Waveform] = []

    def update(self) -> None:
        """Work the level out again after a change of a pin or a switch."""
        level = self._resolve()
        listeners = self.listeners
        if level != self.level:
            chip = self.chip
            if listeners and chip.now_us >= chip.frame_due_us:
                chip.end_frames()
            for listener in listeners:
                listener.before_edge(chip.now_us)
            self.level = level
            self.edge(level)
            for follower in self.followers:
                follower.edge(level)
            for listener in listeners:
                listener.after_edge(chip.now_us)
        for pad in self.pads:
            pad.see(level)

    def read(self) -> int:
        """Level now, trains and live sources included."""
        if self.broken is not None:
            return self.broken(self.level if self.live is None else self.live())
        if self.train is not None:
            return self.level_of_train(self.chip.now_us)
        if self.live is not None:
            return self.live()
        return self.level

    def driven_by_rmt(self) -> bool:
        """An RMT channel is routed to one of the pins."""
        return any(pad.drives and pad.signal is not None for pad in self.pads)

    def play(self, train: "Train", repeats: bool) -> None:
        """The RMT channel that drives this net starts a train."""
        if self.mute:
            return
        chip = self.chip
        now = chip.now_us
        if now >= chip.frame_due_us:
            chip.end_frames()
        self.begin(train, now, repeats)
        for follower in self.followers:
            follower.begin(train, now, repeats)

    def stop(self) -> None:
        """The train, if any, ends now for this net: its channel stopped, or drives the pin no longer. Then update()."""
        if self.train is None:
            return
        now = self.chip.now_us
        if now >= self.chip.frame_due_us:
            self.chip.end_frames()
        level = self.level_of_train(now)
        self.settle(now)
        for follower in self.followers:
            follower.settle(now)
        self.level = level

    def _resolve(self) -> int:
        driven = -1
        pulled_up = self.pulled_up
        pulled_down = False
        for pad in self.pads:
            level = pad.driven_level()
            if level >= 0:
                if driven >= 0 and level != driven:
                    self.chip.flag("GPIO{} drives against another output".format(pad.number))
                driven = level
            pulled_up = pulled_up or pad.pull & 2 != 0
            pulled_down = pulled_down or pad.pull & 1 != 0
        if self.contact_closed:
            if driven == 1:
                self.chip.flag("GPIO{} drives a closed contact high".format(self.pads[0].number))
            return 0
        if driven >= 0:
            return driven
        return 0 if pulled_down and not self.pulled_up else int(pulled_up)


class Listener:
    """What acts on the levels of a net: a motor driver, the direction input of a counter."""

    def before_edge(self, now_us: int) -> None:
        """The level still is what it was."""
        raise NotImplementedError

    def after_edge(self, now_us: int) -> None:
        """The level has changed."""
        raise NotImplementedError
