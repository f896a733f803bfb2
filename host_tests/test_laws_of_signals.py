"""Whatever happens in whatever order: an alarm is heard and seen, a shot is silent, and nothing looks or sounds like an
alarm that is none. And what it costs: nothing is allocated, and every integer is small on the chip."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firmware import alarms, signals, states
from firmware.signals import Signals
from host_tests import watched_firmware
from host_tests.effort import share
from host_tests.figures import RecordFigure
from host_tests.micropythons import MICROPYTHONS, need
from tools.allocations import findings
from tools.signal_patterns import TICK_MS

INTERBURST_TICKS = (0, 20_000 // TICK_MS, 12_000 // TICK_MS, 5_000 // TICK_MS)
ALARM_HZ = (0, 440, 520, 660)
ALARM_COLOUR = (0, 6, 3, 1)

shown = st.one_of(
    st.tuples(st.integers(states.BOOT, states.FAULT), st.just(alarms.NONE)),
    st.tuples(st.sampled_from((states.FAULT, states.IDLE, states.ARMED)), st.integers(alarms.NONE, alarms.HIGH)),
)
acts = st.one_of(
    st.tuples(st.just("show"), shown),
    st.tuples(st.just("sound"), st.integers(0, len(signals.TONES) - 1)),
    st.tuples(st.sampled_from(("hush", "pause", "resume")), st.none()),
    st.tuples(st.just("volume"), st.integers(signals.VOLUME_SOFTEST, signals.VOLUME_LOUDEST)),
    st.tuples(st.just("night"), st.integers(0, 1)),
    st.tuples(st.just("wait"), st.sampled_from((1, 7, 90, 400, 2_600, 6_300))),
)


class Listener:
    """Plays acts, and judges every tick by itself, without the table."""

    def __init__(self) -> None:
        self.player = Signals()
        self.state = states.BOOT
        self.priority = alarms.NONE
        self.hushed = False
        self.silent_ticks = 0  # how long an alarm that should be heard was not
        self.testing_ticks = signals.TEST_TICKS

    def act(self, what: str, value: Any) -> None:
        """One of `acts`."""
        player = self.player
        if what == "show":
            self.state, priority = value
            if self.state == states.FAULT and not priority:
                priority = alarms.HIGH
            if priority != self.priority:
                self.silent_ticks = 0
            self.priority = priority
            self.hushed = False  # the look of a shot holds for the state it was made in
        elif what == "sound":
            player.sound(value)
        elif what in ("volume", "night"):
            setattr(player, what, value)
        elif what == "wait":
            for _ in range(value):
                self.tick()
        else:
            getattr(player, what)()
            self.hushed = what == "hush" and self.state in (states.ARMED, states.SHOT)
            if self.hushed:
                assert player.tone_hz == 0
                assert player.red == player.green == player.blue > 0

    def tick(self) -> None:
        """One tick, judged."""
        player = self.player
        paused = player.pause_ticks > 0
        if not self.hushed:
            player.show(self.state, self.priority)
            paused = player.pause_ticks > 0
        player.step()
        self.testing_ticks -= self.testing_ticks > 0
        self._judge_numbers()
        if self.hushed:
            assert player.tone_hz == 0
            assert player.red == player.green == player.blue > 0
            self.silent_ticks = 0
        else:
            self._judge_sound(paused)
            self._judge_light()
        self.hushed = False

    def _judge_numbers(self) -> None:
        player = self.player
        for light in (player.red, player.green, player.blue, player.contrast):
            assert 0 <= light <= 255
        assert 0 <= player.tone_hz <= 2_000
        assert 1 <= player.loudness <= 255
        assert 0 <= player.pause_ticks <= signals.PAUSE_TICKS

    def _judge_sound(self, paused: bool) -> None:
        hz = self.player.tone_hz
        alarming = 0 < hz <= 1_000
        if not self.priority or paused:
            assert not alarming
            self.silent_ticks = 0
        elif alarming:
            assert hz == ALARM_HZ[self.priority]
            self.silent_ticks = 0
        else:
            self.silent_ticks += 1
            assert self.silent_ticks <= INTERBURST_TICKS[self.priority]
        if hz > 1_000:
            assert self.player.loudness < signals.ALARM_LOUDNESS_LEAST

    def _judge_light(self) -> None:
        player = self.player
        colour = (player.red > 0) + 2 * (player.green > 0) + 4 * (player.blue > 0)
        if self.priority:
            assert colour in (0, ALARM_COLOUR[self.priority])
            assert not colour or max(player.red, player.green, player.blue) >= signals.ALARM_LIGHT_NIGHT
        else:
            # Red is an alarm's, but once for 200 ms after power-on.
            assert colour in (0, 2, 4, 7) or self.testing_ticks or self.state < states.IDLE


@pytest.mark.law
@share(0.5)
@given(st.lists(acts, max_size=25))
@example([("show", (states.FAULT, alarms.HIGH)), ("wait", 6_300), ("pause", None), ("wait", 6_300)])
@example([("show", (states.ARMED, alarms.NONE)), ("wait", 400), ("sound", 1), ("wait", 7), ("hush", None), ("wait", 1)])
def test_an_alarm_is_heard_and_seen_a_shot_is_silent_and_nothing_else_is_like_an_alarm(
    done: "list[tuple[str, Any]]",
) -> None:
    listener = Listener()
    for what, value in done:
        listener.act(what, value)
        listener.tick()


# --- what it costs ------------------------------------------------------------


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_lamp_tone_and_texts_allocate_nothing(interpreter: str, record_figure: RecordFigure) -> None:
    need(interpreter)
    found = findings("signals", interpreter, 40_000)
    assert found["locked"] == "ok"
    assert found["bytes"] == "0"
    assert int(found["audible"]) > 5_000
    record_figure("ticks of lamp and tone on a locked heap", int(found["ticks"]))


def test_every_integer_is_small_on_the_chip() -> None:
    """Each result of an operator is looked at, in a copy of the firmware made for that."""
    player = watched_firmware.firmware()["signals"].Signals()
    for volume in range(signals.VOLUME_SOFTEST, signals.VOLUME_LOUDEST + 1):
        player.volume = volume
        player.night = volume % 2
        for state, priority in ((states.READY, 0), (states.ARMED, 0), (states.FAULT, 1), (states.FAULT, 3)):
            for tick in range(300):
                player.show(state, priority)
                player.sound(tick // 40)
                player.step()
            player.hush()
            player.pause()
            player.step()
            player.resume()
