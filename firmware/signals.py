"""Lamp and tone: one table of what is seen and heard for each state, alarm priority and event, and who plays it.

After IEC 60601-1-8 as far as its figures are public (docs/signals.md gives source and figure). Every look differs from
every other by its rhythm, not only by its colour, and every tone by its rhythm, not only by its pitch: a board whose
buzzer has one pitch, and whose lamp knows only on and off, still says which. Alarms own red, yellow and cyan, pulses of
75 to 250 ms and pitches up to 1 kHz; what is no alarm has none of these.
"""

from micropython import const

from firmware import alarms, states, tone

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.tone import Tone

PAUSE_TICKS = const(60000)  # 120 s: how long a person may silence an alarm
TEST_TICKS = const(300)  # after power-on the lamp shows each of its colours, and the buzzer that it lives
VOLUME_SOFTEST = const(1)
VOLUME_LOUDEST = const(5)

# Loudness 1..255. An alarm never goes below half of the loudest, and what is no alarm never reaches that half: so the
# loud line of a buzzer that knows only soft and loud is driven for alarms, and for them alone.
ALARM_LOUDNESS_LEAST = const(128)
_LOUDNESS = (24, 48, 96, 160, 255)
# Light 0..255, as lit. Half of full light is a step that is just seen; at night pupils are wide and the room is dark.
ALARM_LIGHT = const(255)
ALARM_LIGHT_NIGHT = const(128)
_LIGHT = const(128)
_LIGHT_NIGHT = const(16)
# Contrast of the display, 0..255.
ALARM_CONTRAST_LEAST = const(128)
_CONTRAST = const(207)
_CONTRAST_NIGHT = const(8)

# A roll is pairs: what, and for how many 10 ms. Of a lamp the colours, 1 red + 2 green + 4 blue; of a tone 10 Hz each.
_REST = const(255)  # between two bursts of an alarm: silence, counted in 100 ms
_MOVING = (4, 70, 0, 10, 4, 10, 0, 10)  # blue, long and short
_TEST = (1, 20, 2, 20, 4, 20)
_REFUSING = (4, 10, 0, 240)  # blue, a blink

LOOKS = (
    _TEST,  # BOOT
    _TEST,  # SELF_TEST
    _REFUSING,  # LOCKED
    _REFUSING,  # IDLE
    _MOVING,  # HOMING
    (2, 10, 0, 20, 2, 10, 0, 210),  # READY: green, two blinks
    (2, 190, 0, 10),  # ARMED: green, but for a wink
    (7, 100),  # SHOT: white, steady
    _MOVING,  # PRIME
    _MOVING,  # REWIND
    _MOVING,  # SERVICE
    (6, 100),  # LOW: cyan, steady
    (3, 80, 0, 80),  # MEDIUM: yellow, 0.625 Hz
    (1, 25, 0, 25),  # HIGH: red, 2 Hz
)
"""By state up to SERVICE; from FAULT on by alarm priority, LOW first."""

_FIVE = (66, 14, 0, 10, 66, 14, 0, 10, 66, 14, 0, 34, 66, 14, 0, 10, 66, 14)  # three and two
BURSTS = (
    (),
    (44, 20, 0, 20, 44, 20, _REST, 200),  # LOW
    (52, 20, 0, 20, 52, 20, 0, 20, 52, 20, _REST, 120),  # MEDIUM
    _FIVE + (0, 70) + _FIVE + (_REST, 50),  # HIGH
)
"""By alarm priority; played again and again."""

TONES = (
    (),  # NONE
    (132, 6, 0, 4, 198, 30),  # DONE: short and long, rising
    (176, 6, 0, 4, 148, 6, 0, 4, 124, 6, 0, 4, 105, 6),  # ABORTED: four short ones, falling
    (),  # FAULT: its alarm says it
    (200, 1),  # CLICK
    (110, 2, 0, 2, 110, 2, 0, 2, 110, 2),  # REFUSED: a low rattle
    (157, 30),  # ARMED: one long
    (157, 6),  # STARTED: one short
)
"""By tone code; played once."""


class Roll:
    """Something that is played: `what` is what it says in this tick, `past` and `length` where in a note it is."""

    def __init__(self) -> None:
        self.notes: "tuple[int, ...]" = ()
        self.what = 0
        self.length = 0  # ticks of this note
        self.past = 0  # ticks of it that are over
        self._at = 0

    def begin(self, notes: "tuple[int, ...]") -> None:
        """From its first note; none is silence."""
        self.notes = notes
        self._at = 0
        self._take()

    def follow(self, again: int) -> None:
        """The note is over: the next one; after the last it begins again, or is over."""
        self._at += 2
        if self._at >= len(self.notes):
            self._at = 0
            if not again:
                self.notes = ()
        self._take()

    def _take(self) -> None:
        self.past = 0
        self.what = 0
        self.length = 0
        if self.notes:
            self.what = self.notes[self._at]
            self.length = self.notes[self._at + 1] * (50 if self.what == _REST else 5)


class Signals:
    """Plays the table. Each tick: `show`, `listen`, then `step`; what is to be seen and heard stands in the attributes.

    In a shot nothing is stepped: what `hush` left there stays.
    """

    def __init__(self) -> None:
        self.volume = VOLUME_LOUDEST  # VOLUME_SOFTEST .. VOLUME_LOUDEST
        self.night = 0  # 1: dimmed
        self.pause_ticks = 0  # how much longer the alarm is silent because someone asked for it; the display says so
        self.red = 0  # 0..255
        self.green = 0
        self.blue = 0
        self.tone_hz = 0  # 0 is silence
        self.loudness = 1  # 1..255
        self.contrast = _CONTRAST  # of the display, 0..255
        self._state = states.BOOT
        self._asked = -1  # the priority that was last shown, as it was said
        self._priority = alarms.NONE
        self._dimmed = -1  # night as the lamp was last lit; -1: light it anew
        self._begun = 0
        self._hushed = 0
        self._test_ticks = TEST_TICKS
        self._lamp = Roll()
        self._alarm = Roll()
        self._tone = Roll()
        self._lamp.begin(_TEST)
        self._tone.begin(TONES[tone.STARTED])

    def show(self, state: int, priority: int) -> None:
        """What holds now: a state of states.py, a priority of alarms.py. A pattern begins when it changes.

        A fault that nobody gave a priority counts as HIGH.
        """
        if state == self._state and priority == self._asked:
            return
        self._state = state
        self._asked = priority
        if state == states.FAULT and priority == alarms.NONE:
            priority = alarms.HIGH
        if priority != self._priority:
            if priority > self._priority or priority == alarms.NONE:
                self.pause_ticks = 0
            self._priority = priority
            self._alarm.begin(BURSTS[priority])
        notes = LOOKS[states.SERVICE + priority if priority else state]
        if self._test_ticks and not priority and states.disarmed(state):
            notes = _TEST
        if notes is not self._lamp.notes:
            self._lamp.begin(notes)

    def sound(self, code: int) -> None:
        """Say something that is no alarm: a code of tone.py. A later one replaces it, but a click nothing else.

        FAULT is said by its alarm; it is a new one, and ends a pause.
        """
        if code == tone.FAULT:
            self.pause_ticks = 0
        notes = TONES[code]
        if notes and (code != tone.CLICK or not self._tone.notes or self._tone.notes is notes):
            self._tone.begin(notes)

    def listen(self, tones: "Tone") -> None:
        """Sound what the loop has begun to say since the last time."""
        if tones.begun != self._begun:
            self._begun = tones.begun
            self.sound(tones.code)

    def hush(self) -> None:
        """The finger is on the trigger: silence now and in the next step, and the lamp in the steady look of SHOT.

        Only where a shot can follow: elsewhere a finger silences nothing.
        """
        if self._state == states.ARMED or self._state == states.SHOT:
            self._hushed = 1
            self._tone.begin(())
            self.tone_hz = 0
            self._dimmed = -1
            self._light(7, _LIGHT_NIGHT if self.night else _LIGHT)

    def pause(self) -> None:
        """Silence the alarm for 120 s; its lamp stays. Without an alarm there is nothing to silence."""
        if self._priority:
            self.pause_ticks = PAUSE_TICKS
            self._alarm.begin(BURSTS[self._priority])

    def resume(self) -> None:
        """End the pause."""
        self.pause_ticks = 0

    def step(self) -> None:
        """One tick. Where nothing changes it is short: it is paid for in every tick but those of a shot."""
        lamp = self._lamp
        if not self._hushed and (not lamp.past or self.night != self._dimmed):
            self._look()
        self.tone_hz = 0
        if self._priority:
            self._alarm_sounds()
        if self._tone.notes:
            self._tone_sounds()
        if self._hushed:
            self._hushed = 0
            self._tone.begin(())
            self.tone_hz = 0
        lamp.past += 1
        if lamp.past == lamp.length:
            lamp.follow(1)
        if self._test_ticks:
            self._test_ticks -= 1
            self._asked = -1

    def _look(self) -> None:
        """Lamp and display, by day and by night."""
        night = self._dimmed = self.night
        contrast = _CONTRAST_NIGHT if night else _CONTRAST
        if self._priority:
            self._light(self._lamp.what, ALARM_LIGHT_NIGHT if night else ALARM_LIGHT)
            if contrast < ALARM_CONTRAST_LEAST:
                contrast = ALARM_CONTRAST_LEAST
        else:
            self._light(self._lamp.what, _LIGHT_NIGHT if night else _LIGHT)
        self.contrast = contrast

    def _light(self, colours: int, level: int) -> None:
        self.red = level if colours & 1 else 0
        self.green = level if colours & 2 else 0
        self.blue = level if colours & 4 else 0

    def _alarm_sounds(self) -> None:
        """A tick of the alarm. Nothing else is heard in a burst, and each of its pulses swells."""
        if self.pause_ticks:
            self.pause_ticks -= 1
            return
        roll = self._alarm
        if roll.what != _REST:
            self._tone.begin(())
            self.tone_hz = roll.what * 10
            loudness = _LOUDNESS[self.volume - 1]
            if loudness < ALARM_LOUDNESS_LEAST:
                loudness = ALARM_LOUDNESS_LEAST
            # 10 to 90 % of the loudness take 15 % of the pulse.
            swell_ticks = roll.length * 3 // 16
            if roll.past < swell_ticks:
                loudness = loudness * (roll.past + 1) // (swell_ticks + 1)
            self.loudness = loudness
        roll.past += 1
        if roll.past == roll.length:
            roll.follow(1)

    def _tone_sounds(self) -> None:
        roll = self._tone
        self.tone_hz = roll.what * 10
        self.loudness = _LOUDNESS[self.volume - 1] // (4 if self.night else 2)
        roll.past += 1
        if roll.past == roll.length:
            roll.follow(0)
