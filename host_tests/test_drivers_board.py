"""The board: every input read once and put where it belongs, enables that obey, the CPU clock, the way out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.board_bench import CHIPS, Bench

BIT = st.integers(0, 1)


@pytest.mark.parametrize("chip", CHIPS)
@given(no=BIT, nc=BIT, a=BIT, b=BIT, stop=BIT, home=BIT, confirm=BIT)
@settings(max_examples=40)
def test_every_contact_reaches_its_own_input(
    chip: str, no: int, nc: int, a: int, b: int, stop: int, home: int, confirm: int
) -> None:
    bench = Bench(chip)
    bench.world.set_trigger(no, nc)
    bench.world.set_contact(a, b)
    bench.world.set_stop(stop)
    bench.world.set_confirm(confirm)
    bench.plant.home = bool(home)
    bench.cycle(4)  # CONFIRM has stopped bouncing
    inputs = bench.inputs
    assert (inputs.trigger_no, inputs.trigger_nc) == (no, nc)
    assert (inputs.contact_a, inputs.contact_b) == (a, b)
    assert (inputs.stop_closed, inputs.home, inputs.confirm) == (stop, home, confirm)


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize(
    ("pin", "name"),
    [("STOP", "stop_closed"), ("TRIGGER_NO", "trigger_no"), ("CONTACT_A", "contact_a"), ("HOME", "home")],
)
def test_a_broken_wire_reads_as_the_safe_side(chip: str, pin: str, name: str) -> None:
    bench = Bench(chip)
    bench.world.set_trigger(1, 0)
    bench.world.set_contact(1, 1)
    bench.cycle()
    assert getattr(bench.inputs, name) == 1
    net = bench.chip.pins[getattr(bench.pins, pin)].net
    net.contact_closed = 0
    net.live = None
    net.update()
    bench.cycle()
    assert getattr(bench.inputs, name) == 0


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize(
    ("kpa", "um", "mv", "expected"),
    [
        (0.0, 0.0, 12_000, (200, 750, 3170)),
        (900.0, 13_000.0, 15_000, (3800, 4000, 3962)),
        (-100.0, -4000.0, 0, (0, 0, 0)),
        (5000.0, 50_000.0, 40_000, (4095, 4095, 4095)),
    ],
)
def test_voltages_arrive_as_12_bit_counts(
    chip: str, kpa: float, um: float, mv: int, expected: "tuple[int, int, int]"
) -> None:
    bench = Bench(chip)
    bench.plant.pressure_kpa = kpa
    bench.plant.needle_um = um
    bench.world.supply_mv = mv
    bench.cycle()
    inputs = bench.inputs
    assert (inputs.pressure_counts, inputs.needle_counts, inputs.supply_counts) == expected


def test_every_sensor_is_read_exactly_once_in_a_tick() -> None:
    bench = Bench()
    reads: list[str] = []
    analog: Any = bench.board._analog
    for name in ("_pressure", "_needle", "_supply"):
        _note_reads(getattr(analog, name).__self__, name, reads)
    bench.board.sample(bench.inputs)
    assert sorted(reads) == ["_needle", "_pressure", "_supply"]


def _note_reads(converter: Any, name: str, reads: "list[str]") -> None:
    source = converter._source

    def noting() -> int:
        reads.append(name)
        return source()

    converter._source = noting


@pytest.mark.parametrize(("dose", "needle"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_each_enable_has_its_own_wire_on_the_reference_board(dose: int, needle: int) -> None:
    bench = Bench("esp32s3")
    bench.power(dose, needle)
    assert bench.level(bench.pins.DOSE_EN) == 1 - dose
    assert bench.level(bench.pins.NEEDLE_EN) == 1 - needle


@pytest.mark.parametrize(("dose", "needle"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_one_enable_wire_has_power_while_either_axis_needs_it(dose: int, needle: int) -> None:
    bench = Bench("esp32")
    bench.power(dose, needle)
    assert bench.level(bench.pins.DOSE_EN) == (0 if dose or needle else 1)


@pytest.mark.parametrize("chip", CHIPS)
def test_enable_drops_before_a_counter_is_read_or_a_pulse_released(chip: str) -> None:
    bench = Bench(chip)
    bench.power()
    bench.outputs.dose_enable = bench.outputs.needle_enable = 0
    counter: Any = bench.board._dose._counter
    levels: list[int] = []
    read = counter.read

    def noting() -> int:
        levels.append(bench.level(bench.pins.DOSE_EN))
        return read()

    counter.read = noting
    bench.board.apply(bench.outputs)
    assert set(levels) == {1}


@pytest.mark.parametrize("chip", CHIPS)
def test_counter_is_read_right_before_a_chunk_is_released(chip: str) -> None:
    """A pulse that comes between sample and apply is seen by apply."""
    bench = Bench(chip)
    bench.power()
    bench.move(10)
    bench.board.sample(bench.inputs)
    bench.world.dose.glitch(1)
    bench.board.apply(bench.outputs)
    bench.wait_us(2000)
    assert bench.board._dose.withheld_ticks == 1
    assert bench.rises(bench.pins.DOSE_STEP) == 1


def test_tick_of_the_drivers_leaves_time_for_the_train_and_for_thinking() -> None:
    """Sample and apply, both axes moving, against the costs that the simulated chip charges: a projection."""
    bench = Bench()
    bench.power()
    bench.move(40, 40)
    bench.cycle(3)
    start_us = bench.world.now_us
    bench.board.sample(bench.inputs)
    bench.wait_us(1600)
    bench.board.apply(bench.outputs)
    assert bench.world.now_us - start_us - 1600 < 400


@pytest.mark.parametrize("chip", CHIPS)
def test_cpu_runs_at_240_mhz(chip: str) -> None:
    assert Bench(chip).chip.freq_hz == 240_000_000


def test_a_chip_that_stays_slow_is_refused() -> None:
    bench = Bench()
    board: Any = bench.module("drivers.board")
    machine: Any = bench.module("machine")

    def stuck(hz: "int | None" = None) -> "int | None":
        return 160_000_000 if hz is None else None

    machine.freq = stuck
    with pytest.raises(RuntimeError, match="CPU runs at 160000000 Hz, not at 240000000"):
        board.set_cpu_clock()


@pytest.mark.parametrize("chip", CHIPS)
def test_board_that_fails_while_it_is_built_has_no_power_on_its_motors(
    chip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(chip)
    bench.power()
    board: Any = bench.module("drivers.board")
    monkeypatch.setattr(board, "CPU_HZ", 160_000_001)
    with pytest.raises(RuntimeError):
        board.Board()
    assert bench.level(bench.pins.DOSE_EN) == 1
    assert bench.level(bench.pins.NEEDLE_EN) == 1


@pytest.mark.parametrize("chip", CHIPS)
def test_make_safe_takes_power_and_cuts_both_trains(chip: str) -> None:
    bench = Bench(chip)
    bench.power()
    bench.move(40, -40)
    bench.board.apply(bench.outputs)
    bench.wait_us(400)
    bench.board.make_safe()
    rises = bench.rises(bench.pins.DOSE_STEP), bench.rises(bench.pins.NEEDLE_STEP)
    assert bench.level(bench.pins.DOSE_EN) == 1
    assert bench.level(bench.pins.NEEDLE_EN) == 1
    bench.wait_us(10_000)
    assert (bench.rises(bench.pins.DOSE_STEP), bench.rises(bench.pins.NEEDLE_STEP)) == rises


@pytest.mark.parametrize("chip", CHIPS)
def test_nothing_on_the_board_is_as_a_reviewer_would_object_to(chip: str) -> None:
    bench = Bench(chip)
    bench.set_up_drivers()
    bench.power()
    for steps in (40, -40, 1, 0, 13):
        bench.move(steps, -steps)
        bench.cycle(3)
    bench.board.make_safe()
    assert bench.chip.flags == []
