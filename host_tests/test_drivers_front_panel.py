"""Lamp, buzzer and expander, as the front panel drives them on either board."""

import subprocess
import sys
from pathlib import Path

import pytest

from host_tests.micropythons import MICROPYTHONS, need
from host_tests.panel_bench import CHIPS, LETTERS, ROWS, SECOND, Bench, settled
from tools import micropythons
from tools.simulator.panel_wiring import DISPLAY_ADDRESS, LOUDEST, OWN_PITCH_HZ, QUIET

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "host_tests.micropython.panel_in_a_world"


def colour(bench: Bench, red: int, green: int, blue: int) -> None:
    """Want a colour."""
    bench.look.red, bench.look.green, bench.look.blue = red, green, blue


# --- lamp and buzzer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (1, 2, 3), (255, 80, 0)])
def test_lamp_on_pins_of_its_own_shines_as_wanted(wanted: "tuple[int, int, int]") -> None:
    bench = settled("esp32s3")
    colour(bench, *wanted)
    bench.cycle()
    assert bench.world.lamp() == wanted
    colour(bench, 0, 0, 0)
    bench.cycle()
    assert bench.world.lamp() == (0, 0, 0)


@pytest.mark.parametrize("wanted", [(255, 0, 0), (0, 1, 0), (0, 0, 128), (255, 80, 0), (0, 0, 0)])
def test_lamp_behind_the_expander_is_lit_by_any_brightness(wanted: "tuple[int, int, int]") -> None:
    bench = settled("esp32")
    colour(bench, *wanted)
    bench.cycle()
    assert bench.world.lamp() == tuple(255 if part else 0 for part in wanted)


def test_buzzer_sounds_the_tone_and_is_the_louder_the_higher_the_volume() -> None:
    bench = settled("esp32s3")
    heard = 0
    for tone_hz, volume in ((440, 6), (523, 40), (440, 128), (5000, 200), (440, 255)):
        bench.look.tone_hz, bench.look.volume = tone_hz, volume
        bench.cycle()
        hz, loudness = bench.world.buzzer()
        assert abs(hz - tone_hz) <= tone_hz // 100
        assert loudness > heard
        heard = loudness
    # A quarter of the period: 3 dB below what a square wave has, for harmonics that it lacks (docs/signals.md).
    assert heard == pytest.approx(255 * 0.707, abs=3)
    bench.look.tone_hz = 0
    bench.cycle()
    assert bench.world.buzzer() == (0, 0)


def test_buzzer_behind_the_expander_has_one_tone_and_two_volumes() -> None:
    bench = settled("esp32")
    for tone_hz, volume, heard in ((440, 1, QUIET), (523, 255, LOUDEST), (440, 127, QUIET), (440, 128, LOUDEST)):
        bench.look.tone_hz, bench.look.volume = tone_hz, volume
        bench.cycle()
        assert bench.world.buzzer() == (OWN_PITCH_HZ, heard)
    bench.look.tone_hz = 0
    bench.cycle()
    assert bench.world.buzzer() == (0, 0)


@pytest.mark.parametrize("chip", CHIPS)
def test_panel_is_dark_and_silent_until_something_is_wanted(chip: str) -> None:
    bench = Bench(chip)
    for _ in range(200):
        bench.cycle()
        assert bench.world.lamp() == (0, 0, 0)
        assert bench.world.buzzer() == (0, 0)


@pytest.mark.parametrize("chip", CHIPS)
def test_dark_ends_light_and_sound_at_once(chip: str) -> None:
    bench = settled(chip)
    colour(bench, 255, 255, 255)
    bench.look.tone_hz = 440
    bench.cycle()
    assert bench.world.lamp() == (255, 255, 255)
    bench.front.dark()
    assert bench.world.lamp() == (0, 0, 0)
    assert bench.world.buzzer() == (0, 0)
    bench.cycle()
    assert bench.world.lamp() == (255, 255, 255)


@pytest.mark.parametrize("chip", CHIPS)
def test_dark_never_raises(chip: str) -> None:
    bench = Bench(chip)
    bench.front.dark()
    bench.world.bus.stuck = True
    bench.front.dark()


@pytest.mark.parametrize("chip", CHIPS)
def test_lamp_and_buzzer_go_before_the_glass(chip: str) -> None:
    bench = settled(chip)
    for row in range(ROWS):
        bench.look.write(row, "#" * LETTERS)
    bench.cycle(20)
    while bench.calls[-1][2] != 0:  # a slice is drawn, and goes with the next call
        bench.cycle()
    colour(bench, 255, 0, 0)
    bench.look.tone_hz = 440
    bench.cycle()
    assert bench.world.lamp() == (255, 0, 0)
    assert bench.world.buzzer()[1] > 0
    assert bench.calls[-1][2] == (3 if chip == "esp32" else 32)


# --- expander -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["EXPANDER_ADDRESS", DISPLAY_ADDRESS])
def test_panel_is_bad_while_a_part_does_not_answer(address: "str | int") -> None:
    bench = Bench("esp32")
    part = bench.pins.EXPANDER_ADDRESS if isinstance(address, str) else address
    bench.world.bus.silent.add(part)
    bench.cycle(2 * SECOND)
    assert bench.keys.panel_bad == 1
    bench.world.bus.silent.clear()
    bench.cycle(SECOND)
    assert bench.keys.panel_bad == 0
    bench.world.bus.silent.add(part)
    bench.cycle(SECOND)
    assert bench.keys.panel_bad == 1


def test_panel_is_bad_when_for_a_second_there_was_no_time_to_draw() -> None:
    bench = settled("esp32s3")
    for calls in (1, 498):
        for _ in range(calls):
            bench.front.show(bench.look, bench.keys, 1199)
        assert bench.keys.panel_bad == 0
    bench.front.show(bench.look, bench.keys, 1199)
    assert bench.keys.panel_bad == 1
    bench.front.show(bench.look, bench.keys, 1199)
    assert bench.keys.panel_bad == 1
    bench.front.show(bench.look, bench.keys, 1200)
    assert bench.keys.panel_bad == 0


def test_silent_expander_is_asked_twice_a_second() -> None:
    bench = settled("esp32")
    bench.world.bus.silent.add(bench.pins.EXPANDER_ADDRESS)
    bench.cycle(SECOND)
    failures = bench.world.bus.failures
    bench.cycle(10 * SECOND)
    assert bench.world.bus.failures - failures in (19, 20, 21)
    assert bench.keys.knob_detents == 0
    assert bench.keys.knob_pushed == 0


def test_a_panel_without_expander_still_has_its_glass_and_clock() -> None:
    bench = Bench("esp32")
    bench.world.bus.silent.add(bench.pins.EXPANDER_ADDRESS)
    bench.cycle(2 * SECOND)
    assert bench.world.display.lit
    assert bench.keys.minutes == 9 * 60


def test_an_expander_that_lost_its_supply_lights_and_sounds_again_within_a_second() -> None:
    bench = settled("esp32")
    colour(bench, 255, 0, 0)
    bench.look.tone_hz = 440
    bench.cycle(50)
    bench.world.expander.power_up()
    assert bench.world.lamp() == (0, 0, 0)
    bench.cycle(SECOND)
    assert bench.world.lamp() == (255, 0, 0)
    assert bench.world.buzzer()[1] > 0


def test_an_expander_that_a_reset_left_lit_is_set_right_before_anything_else() -> None:
    """It has no reset line: what an earlier program left there stays until it is written."""
    bench = Bench("esp32")
    bench.world.expander.registers[:] = bytes((0, 0x00, 0xFF, 0x07))
    assert bench.world.lamp() == (255, 255, 255)
    bench.cycle()
    assert bench.world.lamp() == (0, 0, 0)
    bench.cycle(20)
    assert bench.keys.knob_detents == 0
    assert bench.keys.knob_pushed == 0


# --- the bus --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chip", CHIPS)
def test_a_sample_takes_one_small_transaction_at_most(chip: str) -> None:
    bench = settled(chip)
    bench.world.turn_knob(20)
    bus = bench.world.bus
    for _ in range(3 * SECOND):
        bench.world.chip.spend(1000)
        before = bus.transactions, bus.bytes, bench.world.now_us
        bench.front.sample(bench.keys)
        assert bus.transactions - before[0] <= 1
        assert bus.bytes - before[1] <= 9
        assert bench.world.now_us - before[2] <= 320
    assert bench.keys.knob_detents == 20


@pytest.mark.parametrize("chip", CHIPS)
def test_sample_and_show_together_take_little_more_than_half_a_tick(chip: str) -> None:
    bench = settled(chip)
    bench.world.turn_knob(100)
    for part in range(400):
        bench.look.write(part % ROWS, str(part) * 5, part & 3)
        bench.cycle()
    assert bench.keys.knob_detents > 30
    assert bench.longest_us <= 1100


# --- interpreters ---------------------------------------------------------------------------------------------------


def _output(command: "list[str]") -> "list[str]":
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.split("\n")


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("interpreter", list(MICROPYTHONS))
def test_panel_does_the_same_on_every_interpreter(interpreter: str, chip: str) -> None:
    need(interpreter)
    here = _output([sys.executable, "-m", PROGRAM, str(ROOT), chip])
    there = micropythons.command(interpreter, PROGRAM, [micropythons.tree_there(interpreter, ROOT), chip], ROOT)
    assert _output(there) == here
    assert len(here) == 3 * 13 + 64 + 1
    assert any("#" in line for line in here[-64:])
