"""States and events of the device, as a table. What is not in the table changes nothing."""

from micropython import const

BOOT = const(0)
SELF_TEST = const(1)
IDLE = const(2)
HOMING = const(3)
READY = const(4)
ARMED = const(5)
SHOT = const(6)
PRIME = const(7)
REWIND = const(8)
FAULT = const(9)
NAMES = ("BOOT", "SELF_TEST", "IDLE", "HOMING", "READY", "ARMED", "SHOT", "PRIME", "REWIND", "FAULT")

STARTED = const(0)
TEST_PASSED = const(1)
CONFIRMED = const(2)  # CONFIRM pressed shortly
HELD = const(3)  # CONFIRM held 3 s
HOMED = const(4)
CLEARED = const(5)  # no inhibit is left
INHIBITED = const(6)  # one has come
PRIMING = const(7)  # trigger pressed with both contacts open for 500 ms
PRESSED = const(8)  # trigger pressed freshly, on skin
ENDED = const(9)  # the motion of this state is complete, or was given up
TIMED_OUT = const(10)  # armed too long
FAULTED = const(11)
RECOVERED = const(12)  # cause gone, needle home, CONFIRM
EVENTS = (
    "STARTED",
    "TEST_PASSED",
    "CONFIRMED",
    "HELD",
    "HOMED",
    "CLEARED",
    "INHIBITED",
    "PRIMING",
    "PRESSED",
    "ENDED",
    "TIMED_OUT",
    "FAULTED",
    "RECOVERED",
)

_TABLE = {
    (BOOT, STARTED): SELF_TEST,
    (SELF_TEST, TEST_PASSED): IDLE,
    (IDLE, CONFIRMED): HOMING,
    (HOMING, HOMED): IDLE,
    (IDLE, CLEARED): READY,
    (READY, INHIBITED): IDLE,
    (READY, CONFIRMED): ARMED,
    (ARMED, INHIBITED): IDLE,
    (ARMED, TIMED_OUT): READY,
    (ARMED, CONFIRMED): READY,
    (ARMED, PRESSED): SHOT,
    (SHOT, ENDED): ARMED,
    (IDLE, PRIMING): PRIME,
    (READY, PRIMING): PRIME,
    (PRIME, ENDED): IDLE,
    (IDLE, HELD): REWIND,
    (READY, HELD): REWIND,
    (REWIND, ENDED): IDLE,
    (FAULT, RECOVERED): IDLE,
}

# One byte a pair, so that a look-up in the tick allocates nothing: 255 is "no such transition".
_NONE = const(255)
_next = bytearray([_NONE] * (len(NAMES) * len(EVENTS)))
for _pair in _TABLE:
    _next[_pair[0] * len(EVENTS) + _pair[1]] = _TABLE[_pair]
for _state in range(len(NAMES)):
    _next[_state * len(EVENTS) + FAULTED] = FAULT
_EVENT_COUNT = len(EVENTS)
del _TABLE  # the bytes say it all, in a tenth of the memory


def disarmed(state: int) -> bool:
    """Whether nothing can move in this state, and nothing is about to."""
    return (state <= READY and state != HOMING) or state == FAULT


def after(state: int, event: int) -> int:
    """The state after an event; the same state if the event is not for it."""
    following = _next[state * _EVENT_COUNT + event]
    return state if following == _NONE else following
