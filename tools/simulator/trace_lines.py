"""The trace of a session as text: one line of values separated by commas for every tick, alike on every interpreter.

Each line is handed on as it comes: on CPython straight into a file, elsewhere to the standard output, because not every
interpreter sees the host's files. tools/trace_files.py says what a file looks like.
"""

from tools.simulator.recorder import INPUT_NAMES, OUTPUT_NAMES

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# tick: 0 is the first; t_us: microseconds since power-on at the end of loop.tick; drop: number of the newest drop.
CONTEXT_NAMES = ("tick", "t_us", "state", "phase", "drop")
FIELDS = CONTEXT_NAMES + INPUT_NAMES + OUTPUT_NAMES

_LINE = ",".join(["%d", "%d", "%s", "%s", "%d"] + ["%d"] * (len(FIELDS) - len(CONTEXT_NAMES)))


class TraceLines:
    """Gives `say` one line for every tick handed to `record`."""

    def __init__(self, say: "Callable[[str], None]", states: "tuple[str, ...]", phases: "tuple[str, ...]") -> None:
        """`states` and `phases` are the firmware's words for loop.state and loop.shot.phase."""
        self._say = say
        self._states = states
        self._phases = phases
        self._tick = 0

    def record(self, loop: "Any", now_us: int) -> None:
        """Add one tick that has just been done, in the order of FIELDS."""
        i: "Any" = loop.inputs
        o: "Any" = loop.outputs
        state: int = loop.state
        phase: int = loop.shot.phase
        values: "list[Any]" = [self._tick, now_us, self._states[state], self._phases[phase], loop.drop.number]
        values += [getattr(i, name) for name in INPUT_NAMES]
        values += [getattr(o, name) for name in OUTPUT_NAMES]
        self._tick += 1
        self._say(_LINE % tuple(values))
