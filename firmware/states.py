"""States and events of the device, as a table. What is not in the table changes nothing."""

from micropython import const

BOOT = const(0)
SELF_TEST = const(1)
LOCKED = const(2)  # nobody has logged in
IDLE = const(3)
HOMING = const(4)
READY = const(5)
ARMED = const(6)
SHOT = const(7)
PRIME = const(8)
REWIND = const(9)
SERVICE = const(10)  # liquid into a vial, for calibration; nothing opens it yet: it needs a signed command
FAULT = const(11)
NAMES = (
    "BOOT",
    "SELF_TEST",
    "LOCKED",
    "IDLE",
    "HOMING",
    "READY",
    "ARMED",
    "SHOT",
    "PRIME",
    "REWIND",
    "SERVICE",
    "FAULT",
)

STARTED = const(0)
TEST_PASSED = const(1)
LOGGED_IN = const(2)
LOGGED_OUT = const(3)
CONFIRMED = const(4)  # CONFIRM pressed shortly
REWINDING = const(5)  # CONFIRM held, while the panel asks whether a new syringe shall be put in
HOMED = const(6)
CLEARED = const(7)  # no inhibit is left
INHIBITED = const(8)  # one has come
PRIMING = const(9)  # trigger pressed with both contacts open for 500 ms
PRESSED = const(10)  # trigger pressed freshly, on skin
ENDED = const(11)  # the motion of this state is complete, or was given up
TIMED_OUT = const(12)  # armed too long
SERVICE_OPENED = const(13)
FAULTED = const(14)
RECOVERED = const(15)  # cause gone, needle home, CONFIRM
EVENTS = (
    "STARTED",
    "TEST_PASSED",
    "LOGGED_IN",
    "LOGGED_OUT",
    "CONFIRMED",
    "REWINDING",
    "HOMED",
    "CLEARED",
    "INHIBITED",
    "PRIMING",
    "PRESSED",
    "ENDED",
    "TIMED_OUT",
    "SERVICE_OPENED",
    "FAULTED",
    "RECOVERED",
)

# One byte a pair, so that a look-up in the tick allocates nothing: 255 is "no such transition".
_NONE = const(255)
_EVENT_COUNT = len(EVENTS)
_next = bytearray([_NONE] * (len(NAMES) * _EVENT_COUNT))


def _on(state: int, event: int, following: int) -> None:
    _next[state * _EVENT_COUNT + event] = following


_on(BOOT, STARTED, SELF_TEST)
_on(SELF_TEST, TEST_PASSED, LOCKED)
_on(LOCKED, LOGGED_IN, IDLE)
_on(IDLE, LOGGED_OUT, LOCKED)
_on(READY, LOGGED_OUT, LOCKED)
_on(IDLE, CONFIRMED, HOMING)
_on(HOMING, HOMED, IDLE)
_on(IDLE, CLEARED, READY)
_on(READY, INHIBITED, IDLE)
_on(READY, CONFIRMED, ARMED)
_on(ARMED, INHIBITED, IDLE)
_on(ARMED, TIMED_OUT, READY)
_on(ARMED, CONFIRMED, READY)
_on(ARMED, PRESSED, SHOT)
_on(SHOT, ENDED, ARMED)
_on(IDLE, PRIMING, PRIME)
_on(READY, PRIMING, PRIME)
_on(PRIME, ENDED, IDLE)
_on(IDLE, REWINDING, REWIND)
_on(READY, REWINDING, REWIND)
_on(REWIND, ENDED, IDLE)
_on(IDLE, SERVICE_OPENED, SERVICE)
_on(SERVICE, CONFIRMED, IDLE)
_on(SERVICE, ENDED, IDLE)
_on(FAULT, RECOVERED, LOCKED)  # whoever is logged in goes on to IDLE at once
for _state in range(len(NAMES)):
    _on(_state, FAULTED, FAULT)
del _on  # the bytes say it all


def disarmed(state: int) -> bool:
    """Whether nothing can move in this state, and nothing is about to."""
    return (state <= READY and state != HOMING) or state == FAULT


def after(state: int, event: int) -> int:
    """The state after an event; the same state if the event is not for it."""
    following = _next[state * _EVENT_COUNT + event]
    return state if following == _NONE else following
