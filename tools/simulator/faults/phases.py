"""The phases in which a fault can strike: the device's states, and in their midst the phases of a shot.

The names are the firmware's own. A session comes through most of them by itself; for the others the clinician of
faulty_clinician.py makes a detour.
"""

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from tools.simulator.observer import Words

# States that no tick ends in, or that nobody can bring the device into yet.
_NEVER_SEEN = ("BOOT", "SHOT", "SERVICE")
AT_REST = ("self_test", "locked", "idle", "ready", "armed", "fault")
IN_SHOT = ("touch_off", "extend", "dose", "relax", "retract", "turn", "weigh", "wait", "withdraw")
MOVING = ("homing", "prime", "rewind") + IN_SHOT
EVERY = AT_REST + MOVING
# For what shows only once something is to move: at rest one phase is as good as another.
WORKING = ("idle", "armed", "fault") + MOVING
AFTER_SELF_TEST = EVERY[1:]
# What a drop is made of, and the moments before: where an order in memory has a meaning.
WITH_ORDERS = ("ready", "armed", "prime") + IN_SHOT
# For faults whose moment matters little: one of each kind of phase.
SOME = ("idle", "prime", "armed", "extend", "dose", "weigh", "withdraw", "fault")

# Ticks from the first one of the phase to the strike: in the midst of it, where it has a midst.
_INTO = {
    "self_test": 5,
    "locked": 20,
    "idle": 20,
    "homing": 5,
    "prime": 300,
    "rewind": 50,
    "fault": 20,
    "ready": 10,
    "armed": 20,
    "touch_off": 5,
    "extend": 4,
    "dose": 8,
    "relax": 2,
    "retract": 2,
    "turn": 3,
    "weigh": 4,
    "wait": 5,
    "withdraw": 2,
}


def known(words: "Words") -> "tuple[str, ...]":
    """All phases of this firmware in which something can strike."""
    states = [name.lower() for name in words.states if name not in _NEVER_SEEN]
    return tuple(states) + tuple(words.phases[1:])


def name_of(words: "Words", state: int, phase: int) -> str:
    """The phase of a tick that ended in this state, and in this phase of a shot."""
    name = words.state(state)
    if name != "SHOT":
        return name.lower()
    return words.phases[phase] if 0 <= phase < len(words.phases) else "unknown"


def ticks_into(phase: str) -> int:
    """How many ticks after the first one of the phase the strike comes."""
    return _INTO.get(phase, 3)
