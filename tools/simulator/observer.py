"""A look over the firmware's shoulder: after every tick of DoseLoop, without changing a file that is flashed.

`Observer.watch` replaces `DoseLoop.tick` in its class by one that calls the original first. The observer feeds the
trace, the truth per shot and the curves, and offers what a person at the device can see and hear: the words of the
display (state, inhibits, faults, refusals, the last drops), its lines, and the tones.
"""

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tools.simulator.faults.injection import Injection
    from tools.simulator.recorder import CurveRecorder, TraceHash
    from tools.simulator.scorekeeper import Scorekeeper
    from tools.simulator.trace_lines import TraceLines
    from tools.simulator.world import World

# outputs.tone; those of the panel are not among them
TONES: "tuple[str, ...]" = ("none", "done", "aborted", "fault")
SOUNDS = TONES + ("click", "refused", "armed", "started")
ALARMS: "tuple[str, ...]" = ("none", "low", "medium", "high")  # priorities

_LARGE_COLUMNS = 10  # of the display
_OUTSIDE_UM = -450  # waiting is at -500 um, and the sensor's noise about 6 um


class Words:
    """The firmware's own names for its numbers, taken from the modules that the interpreter imported."""

    def __init__(self, modules: "dict[str, Any]") -> None:
        """`modules` maps states, inhibits, faults, settings, drop, shot to the firmware's modules of these names."""
        self.modules = modules
        self.phases: "tuple[str, ...]" = modules["shot"].PHASES
        self.states: "tuple[str, ...]" = modules["states"].NAMES
        self._results: "tuple[str, ...]" = modules["drop"].RESULTS
        self.inhibits = modules["inhibits"].names
        self.faults = modules["faults"].names
        self.causes = modules["drop"].cause_names
        self.refusals = modules["settings"].refusal_names

    def state(self, number: "Any") -> str:
        """The name of a device state; UNKNOWN for what is none, which only broken memory can hold."""
        return self.states[number] if isinstance(number, int) and 0 <= number < len(self.states) else "UNKNOWN"

    def result(self, number: int) -> str:
        """The name of a drop's result."""
        return self._results[number]

    def troubles(self, mask: int) -> "list[str]":
        """The words for what is wrong with the records."""
        found: "list[str]" = self.modules["names"].words(mask, self.modules["ledger"].WORDS)
        return found

    def told(self, loop: "Any") -> "list[str]":
        """Why the device is not armed; after `records` what is wrong with them."""
        found: "list[str]" = self.inhibits(loop.inhibits)
        if "records" in found:
            place = found.index("records") + 1
            found[place:place] = self.troubles(loop.ledger.troubles)
        return found

    def known(self) -> "dict[str, tuple[str, ...]]":
        """All words of each kind, for checking a scenario."""
        every = (1 << 30) - 1
        return {
            "state": self.states,
            "inhibit": tuple(self.inhibits(every) + self.troubles(every)),
            "fault": tuple(self.faults(every)),
            "cause": tuple(self.causes(every)),
            "refusal": tuple(self.refusals(every)),
        }


class Observer:
    """Sees `loop`, its inputs and outputs after every tick of the one loop that runs."""

    def __init__(self, words: Words, trace: "TraceHash", score: "Scorekeeper", curves: "CurveRecorder") -> None:
        self._words = words
        self._trace = trace
        self._score = score
        self._curves = curves
        self._world: "World"  # from `watch` on
        self._loop: "Any" = None
        self._panel: "Any" = None
        self._tone = 0
        self._state = -1
        self._result = 0
        self._went_in = False  # the needle was in the skin since this drop was opened
        self._restore: "Callable[[], None] | None" = None
        self.lines: "TraceLines | None" = None  # who wants every tick as a line of text
        self.injection: "Injection | None" = None  # a fault that may strike after any tick
        self.tones_heard = 0  # how many tones have begun
        self.last_tone = "none"
        self.drops: "list[tuple[str, list[str]]]" = []  # (result, causes) of every drop closed
        self.drops_opened = 0
        self.primes_begun = 0

    def watch(self, loop_class: "Any", panel_class: "Any", world: "World") -> None:
        """Look on from the next tick. `unwatch` puts the classes back as they were."""
        self._world = world
        original = loop_class.tick
        first_step = panel_class.step
        after_tick = self._after_tick

        def tick(loop: "Any", now_us: int) -> None:
            original(loop, now_us)
            after_tick(loop)

        def step(panel: "Any", now_us: int) -> None:
            self._panel = panel
            panel_class.step = first_step
            first_step(panel, now_us)

        def restore() -> None:
            loop_class.tick = original
            panel_class.step = first_step

        self._restore = restore
        loop_class.tick = tick
        panel_class.step = step

    def begin_again(self, words: Words) -> None:
        """The chip restarts, and its program is a new one: what it showed is gone."""
        self._words = words
        self._loop = None
        self._panel = None
        self._tone = 0
        self._state = -1
        self._result = 0

    def unwatch(self) -> None:
        """Undo `watch`."""
        if self._restore is not None:
            self._restore()
            self._restore = None

    def _after_tick(self, loop: "Any") -> None:
        self._loop = loop
        outputs = loop.outputs
        self._trace.record(loop.inputs, outputs)
        if self.lines is not None:
            self.lines.record(loop, self._world.now_us)
        tone: int = outputs.tone
        if tone != self._tone:
            self._tone = tone
            if tone:
                self.tones_heard += 1
                self.last_tone = TONES[tone]
        if loop.state != self._state:
            self._state = loop.state
            if self._words.state(loop.state) == "PRIME":
                self.primes_begun += 1
        score = self._score
        if loop.drop.result != self._result:
            self._drop_changed(loop)
        if score.watching:
            if not score.parked:
                self._look_for_parking(loop)
            depth_um = score.plant.depth_um
            if depth_um > score.depth_max_um:
                score.depth_max_um = depth_um
            if self._curves.running:
                self._curves.record(loop, self._world.now_us, score.plant)
        if self.injection is not None:
            self.injection.after_tick(loop)

    def _look_for_parking(self, loop: "Any") -> None:
        """The needle is parked or waiting when it stands outside after it was inside; after an early end when home."""
        inputs = loop.inputs
        needle_um = inputs.needle_counts * 4 - 3000
        result = self._words.result(loop.drop.result)
        if needle_um > 0:
            self._went_in = True
        elif result in ("aborted", "fault"):
            if inputs.home:
                self._score.needle_parked(self._world.now_us)
        elif self._went_in and needle_um <= _OUTSIDE_UM and not loop.outputs.needle_chunk_steps:
            self._score.needle_parked(self._world.now_us)

    def _drop_changed(self, loop: "Any") -> None:
        drop = loop.drop
        self._result = drop.result
        result = self._words.result(drop.result)
        if result == "open":
            self.drops_opened += 1
            self._went_in = False
            self._score.drop_opened(drop, self._world.now_us)
        elif result != "none":
            causes = self._words.causes(drop.cause)
            self.drops.append((result, causes))
            reasons = self._words.faults(loop.faults) if result == "fault" else causes
            self._score.drop_closed(drop, result, reasons)

    # --- what a person can see --------------------------------------------------------------------------------------

    @property
    def ticks(self) -> int:
        """How many there have been since power-on."""
        return self._trace.ticks

    @property
    def state(self) -> str:
        """The state's name; OFF before the first tick."""
        loop: "Any" = self._loop
        return "OFF" if loop is None else self._words.state(loop.state)

    @property
    def inhibits(self) -> "list[str]":
        """Why the device is not armed."""
        return [] if self._loop is None else self._words.told(self._loop)

    @property
    def faults(self) -> "list[str]":
        """The latched faults."""
        return [] if self._loop is None else self._words.faults(self._loop.faults)

    @property
    def refusals(self) -> "list[str]":
        """Why the panel did not take the value that is open."""
        return [] if self._panel is None else self._words.refusals(self._panel.menu.refusals)

    @property
    def tone(self) -> str:
        """What the device says with the tone that sounds now, one of SOUNDS; none if there is none, or an alarm."""
        if self._panel is None:
            return SOUNDS[0]
        notes = self._panel.signals._tone.notes
        code: int = self._words.modules["signals"].TONES.index(notes)
        return SOUNDS[code]

    @property
    def alarm(self) -> str:
        """The priority of the alarm that sounds: none, low, medium or high."""
        faults: int = 0 if self._loop is None else self._loop.faults
        priority: int = self._words.modules["alarms"].priority(faults)
        return ALARMS[priority]

    @property
    def pusher_steps(self) -> int:
        """How far the pusher has gone forward since power-on, in dose steps."""
        steps: int = 0 if self._loop is None else self._loop.inputs.dose_steps
        return steps

    def screen(self) -> "list[str]":
        """The lines on the display; those under a large one are not on it."""
        if self._panel is None:
            return []
        look = self._panel.look
        columns = len(look.text) // len(look.style)
        lines: "list[str]" = []
        covered = False
        for row in range(len(look.style)):
            if covered:
                covered = False
                continue
            covered = look.style[row] & 1 == 1
            line = bytes(look.text[row * columns : row * columns + (_LARGE_COLUMNS if covered else columns)])
            lines.append(line.decode().rstrip())
        return lines

    @property
    def needle_home(self) -> bool:
        """True while the needle is home: nothing looks out of the nozzle."""
        return self._loop is not None and self._loop.inputs.home == 1
