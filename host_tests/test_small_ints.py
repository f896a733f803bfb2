"""Every integer of the loop is small on the chip: every intermediate result of whole sessions, and every value kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.image import Inputs
from host_tests import moments, watched_firmware
from host_tests.chip_int import LARGEST, SMALLEST, ChipInt, TooLarge
from host_tests.effort import share
from host_tests.random_hands import Hand, benches, gestures, machines
from host_tests.rig import Rig
from host_tests.watched_firmware import things_of, watch, watched

THICK = 2.6e-3  # kPa s/nl: ten centipoise through 30G
THIN = 2.6e-5  # water through a wide needle


def check_kept(rig: Rig) -> None:
    """What is kept from tick to tick is small, however it came there."""
    things: list[object] = list(things_of(rig.loop))
    for thing in things:
        for name, value in vars(thing).items():
            if isinstance(value, int):
                assert SMALLEST <= value <= LARGEST, f"{type(thing).__name__}.{name}"


def live(wanted: "dict[str, Any]", params: "dict[str, float]", plant: str = "own") -> Rig:
    """Homing, prime, a drop, one let go, another drop, rewind, stop, recovery. Trouble may end it in FAULT earlier."""
    rig = watch(moments.new_rig(wanted, params, plant=plant))
    rig.make_ready()
    if rig.state != "FAULT":
        rig.arm()
    for hold_ms in (30_000, 120, 30_000):
        if rig.state == "ARMED":
            press(rig, hold_ms)
        check_kept(rig)
    rig.confirm_shortly()  # disarms, or recovers from a fault
    rig.confirm = 1
    rig.run(8_000)  # rewinds
    rig.confirm = 0
    check_kept(rig)
    rig.stop = 1
    rig.run(100)
    rig.stop = 0
    rig.confirm_shortly()
    rig.confirm_shortly()
    check_kept(rig)
    return rig


def press(rig: Rig, hold_ms: int) -> None:
    """A press on skin, held for so long or until the shot is over, and let go."""
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.run(14)
    for _ in range(hold_ms // 2):
        if moments.phase_of(rig) == "idle":
            break
        rig.tick()
    moments.let_go(rig)


SESSIONS: "dict[str, tuple[dict[str, Any], dict[str, float]]]" = {
    "usual": ({}, {}),
    "smallest": ({"dose_nl": 272, "depth_um": 100}, {}),
    "largest, thick, hard": (
        {"syringe": "10ml", "dose_nl": 200_000, "depth_um": 13_000},
        {"needle_kpa_s_per_nl": 2 * THICK, "tissue_kpa": 100},
    ),
    "largest of 1 ml, stiff": ({"dose_nl": 200_000}, {"fluid_nl_per_kpa": 0.5, "tissue_kpa": 100}),
    "5 ml, burst": ({"syringe": "5ml", "dose_nl": 20_000, "mode": "burst", "burst_count": 3, "rate_mhz": 1_000}, {}),
    "wide needle": ({"dose_nl": 50_000}, {"needle_kpa_s_per_nl": THIN, "tissue_kpa": 5}),
    "occluded": ({"syringe": "10ml", "dose_nl": 200_000}, {"occluded_after_nl": 40_000}),
    "occluded in prime": ({}, {"occluded_after_nl": 1_000}),
    "missing": ({"syringe": "5ml", "dose_nl": 20_000}, {"syringe_nl": 0}),
    "bubble": ({"dose_nl": 50_000}, {"bubble_nl": 5_000, "bubble_after_nl": 20_000}),
    "dry at the end of a drop": ({}, {"needle_kpa_s_per_nl": 0.012, "tissue_kpa": 10, "syringe_nl": 23_400}),
    "nearly empty": ({"dose_nl": 200_000}, {"syringe_nl": 300_000}),
}


@pytest.mark.law
@pytest.mark.no_cover
@pytest.mark.parametrize("name", SESSIONS)
def test_every_reachable_integer_is_small(name: str) -> None:
    wanted, params = SESSIONS[name]
    live(wanted, params)


# The least and the most that the drivers can make of each input, a broken sensor or counter included. A lie about a
# counter is added to what it counted, and is a miscount: its filter of 0.5 us lets one pulse through in a microsecond,
# and a tick that comes more than 1 ms late is a fault of its own.
MOST_PULSES = 3_000
LIES: "dict[str, tuple[int, int]]" = {
    **dict.fromkeys(("trigger_no", "trigger_nc", "contact_a", "contact_b", "stop_closed", "home", "confirm"), (0, 1)),
    **dict.fromkeys(("pressure_counts", "needle_counts", "supply_counts"), (0, 4095)),
    **dict.fromkeys(("dose_steps", "needle_steps"), (-MOST_PULSES, MOST_PULSES)),
    **dict.fromkeys(("dose_withheld", "needle_withheld"), (0, 1_000_000)),
    **dict.fromkeys(("dose_miscount_steps", "needle_miscount_steps"), (-65_535, 65_535)),
    **dict.fromkeys(("dose_driver_bad", "needle_driver_bad"), (0, 1)),
    "late_us": (0, (1 << 29) - 1),
}


@st.composite
def lies(draw: st.DrawFn) -> "tuple[str, int]":
    """An input and what it says: anything it can say, its extremes most often."""
    name = draw(st.sampled_from(sorted(LIES)))
    least, most = LIES[name]
    return name, draw(st.one_of(st.sampled_from((least, most)), st.integers(least, most)))


def play_lying(rig: Rig, story: "list[tuple[dict[str, int], dict[str, int]]]") -> None:
    """Gestures, and in each the lies of some inputs: a sensor lies as long as the gesture lasts, a counter jumps."""
    hand = Hand(rig)
    for gesture, told in story:
        told = dict(told)
        for axis in ("dose", "needle"):
            jump = told.pop(f"{axis}_steps", 0)
            setattr(rig.inputs, f"{axis}_steps", getattr(rig.inputs, f"{axis}_steps") + jump)
            if jump:
                told[f"{axis}_miscount_steps"] = jump

        def lie(inputs: Inputs, told: "dict[str, int]" = told) -> None:
            hand.meddle(inputs)
            for name, value in told.items():
                setattr(inputs, name, value)

        rig.meddle = lie
        hand.play(gesture)


STORIES = st.lists(st.tuples(gestures(), st.lists(lies(), max_size=3).map(dict)), min_size=1, max_size=10)


@pytest.mark.law
@pytest.mark.no_cover
@share(0.3)
@given(st.one_of(benches(), machines()), STORIES)
def test_every_integer_is_small_whatever_the_inputs_say(
    rig: Rig, story: "list[tuple[dict[str, int], dict[str, int]]]"
) -> None:
    play_lying(watch(rig), story)
    check_kept(rig)


# --- that it can fail -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "return b * 100_000 // 100_000",
        "b *= 100_000; return b // 100_000",
        "a.n = 2; a.n <<= b; return 0",
        "return -(b - b - 0x3FFFFFFF - 1) - 1",
        "return abs(-0x3FFFFFFF - (b > 0)) > 5",
        "return (lambda: b + 0x3FFFFFFF)() == 7",
        "return 0x40000000",
        "return b if 1 << 30 else 7",
    ],
)
def test_a_large_result_is_found_wherever_a_function_calculates_one(line: str) -> None:
    calm: dict[str, Any] = {"_small": watched_firmware.small}
    exec(watched("LIMIT = (1 << 30) - 1\ndef f(a, b):\n    a.n = b\n    a.n += 1\n    return -a.n * 100\n"), calm)
    assert calm["f"](Inputs(), 40) == -4100

    def try_it() -> None:
        exec(watched(f"def f(a, b):\n    {line}\n"), calm)
        calm["f"](Inputs(), 40_000)

    with pytest.raises(TooLarge):
        try_it()


def test_the_copy_that_is_watched_decides_as_the_firmware_does() -> None:
    plain, copied = moments.shooting(), watch(moments.shooting())
    for rig in (plain, copied):
        rig.run(300)
    assert type(copied.loop.gate).__module__ == "firmware.interlocks"
    assert type(copied.loop.gate) is not type(plain.loop.gate)
    assert vars(copied.outputs) == vars(plain.outputs)
    assert vars(copied.inputs) == vars(plain.inputs)


def test_a_large_intermediate_result_is_found_although_the_result_is_small() -> None:
    assert ChipInt(40_000) * 20_000 // 1000 == 800_000
    with pytest.raises(TooLarge):
        assert ChipInt(40_000) * 30_000 // 1000
    for spread in (
        lambda: 1 - ChipInt(SMALLEST),
        lambda: -ChipInt(SMALLEST),
        lambda: abs(ChipInt(SMALLEST)),
        lambda: 2 * ChipInt(LARGEST),
        lambda: ChipInt(1) << 30,
        lambda: ChipInt(LARGEST) + 1,
        lambda: min(ChipInt(LARGEST), 1 << 31) + 1,
    ):
        with pytest.raises(TooLarge):
            spread()


def test_what_is_calculated_from_a_watched_number_is_watched_too() -> None:
    number = ChipInt(12)
    results = [number + 1, 1 + number, 1 - number, number - 1, number * 2, 2 * number, number // 5, 100 // number]
    results += [number % 5, 100 % number, number >> 1, number << 1, number & 4, 4 & number, number | 1, -number]
    results += [abs(-number), ~number, number ^ 5, 5 ^ number]
    assert [type(result) for result in results] == [ChipInt] * len(results)
    assert results == [13, 13, -11, 11, 24, 24, 2, 8, 2, 4, 6, 24, 4, 4, 13, -12, 12, -13, 9, 9]
    assert type(number * 0.5) is float
