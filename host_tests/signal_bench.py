"""Plays lamp and tone for tests, and measures rhythms in what was played."""

from itertools import pairwise

from firmware import alarms, signals, states, tone
from tools.signal_patterns import ALARM_MS, LOOK_MS, TICK_MS, TONE_MS, Played, Run, play, runs

PRIORITIES = {"LOW": alarms.LOW, "MEDIUM": alarms.MEDIUM, "HIGH": alarms.HIGH}
STATES = {
    "IDLE": states.IDLE,
    "READY": states.READY,
    "ARMED": states.ARMED,
    "SHOT": states.SHOT,
    "moving": states.HOMING,
}
TONES = {
    "DONE": tone.DONE,
    "ABORTED": tone.ABORTED,
    "CLICK": tone.CLICK,
    "REFUSED": tone.REFUSED,
    "ARMED": tone.ARMED,
    "STARTED": tone.STARTED,
}
RED, GREEN, YELLOW, BLUE, CYAN, WHITE = 1, 2, 3, 4, 6, 7
REST_MS = 2_000  # no gap within a burst is as long, and no silence between two as short
VOLUMES = range(signals.VOLUME_SOFTEST, signals.VOLUME_LOUDEST + 1)


def alarm(name: str, length_ms: int = ALARM_MS, **settings: int) -> Played:
    """A fault of this priority."""
    return play(signals, length_ms, state=states.FAULT, priority=PRIORITIES[name], **settings)


def look(name: str, **settings: int) -> Played:
    """A state without an alarm."""
    return play(signals, LOOK_MS, state=STATES[name], **settings)


def said(name: str, **settings: int) -> Played:
    """A tone that is no alarm."""
    return play(signals, TONE_MS, state=states.IDLE, code=TONES[name], **settings)


def gaps(pulses: "list[Run]") -> "list[int]":
    """The silence between one and the next, ms."""
    return [after.begin_ms - before.end_ms for before, after in pairwise(pulses)]


def burst(played: Played) -> "list[Run]":
    """The pulses up to the first long silence."""
    pulses = played.pulses
    return pulses[: next(place for place, gap in enumerate(gaps(pulses)) if gap > REST_MS) + 1]


def interburst_ms(played: Played) -> "set[int]":
    """The silences between bursts."""
    return {gap for gap in gaps(played.pulses) if gap > REST_MS}


def steep_ms(played: Played, pulse: Run) -> "tuple[int, int]":
    """How long a pulse rises from 10 to 90 % of its loudness, and how long it stays above 90 %."""
    loudness = played.loudness[pulse.begin_ms // TICK_MS : pulse.end_ms // TICK_MS]
    above = [sum(1 for value in loudness if value * 10 > max(loudness) * tenths) * TICK_MS for tenths in (1, 9)]
    assert loudness == sorted(loudness)  # it swells, and never falls before its end
    return above[0] - above[1], above[1]


def rhythm(played: Played, kind: str) -> "list[tuple[int, int]]":
    """On and off lengths, ms: of a lamp in a period, of a tone in a burst, without the silence that follows."""
    if kind == "tone":
        pulses = burst(played) if len(interburst_ms(played)) else played.pulses
        return [
            (pulse.length_ms, gap) for pulse, gap in zip(pulses, [*gaps(pulses), 0], strict=False)
        ]  # of a burst the last gap is left out too
    lit = runs([1 if colours else 0 for colours in played.colours])[1:-1]
    if not lit:
        return [(0, 0)]
    lit = lit if lit[0].value else lit[1:]
    pairs = [(on.length_ms, off.length_ms) for on, off in zip(lit[::2], lit[1::2], strict=False)]
    return sorted(set(pairs))


def alike(one: "list[tuple[int, int]]", other: "list[tuple[int, int]]") -> bool:
    """Whether two rhythms could be taken for each other: as many beats, and no length half as long again."""
    if len(one) != len(other):
        return False
    lengths = [pair for beats in zip(one, other, strict=True) for pair in zip(*beats, strict=True)]
    return all(max(pair) < 1.5 * min(pair) or pair == (0, 0) for pair in lengths)
