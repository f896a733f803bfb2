"""main.py connects the parts and runs them in the right order, and leaves the motors off however it ends."""

from itertools import pairwise
from typing import Any

import pytest

from firmware.states import ARMED, IDLE, SHOT
from host_tests.board_bench import CHIPS, CountingPlant
from host_tests.main_bench import Bed, QuietBooks, QuietPanel, ScriptedLoop
from tools.simulator.interpreter import Device
from tools.simulator.silicon import WDT_RESET, PowerOff, SimulatedReset
from tools.simulator.world import World


@pytest.fixture(params=CHIPS)
def bed(request: pytest.FixtureRequest) -> Bed:
    return Bed(request.param)


def test_the_real_loop_without_settings_stays_inhibited() -> None:
    world = World(CountingPlant(), "esp32s3")
    device = Device()
    loops: list[Any] = []

    loop_class = device.modules["loop"].DoseLoop
    tick = loop_class.tick

    def watched(loop: Any, now_us: int) -> None:
        loops[:] = [loop]
        tick(loop, now_us)
        if world.now_us > 1_000_000:
            world.power_off()

    loop_class.tick = watched
    with pytest.raises(PowerOff):
        device.run(world)
    assert "settings_missing" in device.modules["inhibits"].names(loops[0].inhibits)


def test_ticks_are_2_ms_apart_and_on_time(bed: Bed) -> None:
    loop = bed.until_off(1000)
    steps = [(b - a) & 0x3FFFFFFF for a, b in pairwise(loop.times_us)]
    assert min(steps) >= 1990
    assert max(steps) <= 2010
    assert max(loop.late_us) <= 10


def test_lateness_of_a_tick_is_among_its_inputs(bed: Bed) -> None:
    def stall(_loop: ScriptedLoop, tick: int) -> None:
        if tick == 50:
            bed.world.stall(7000)

    loop = bed.until_off(60, stall)
    assert 5000 < loop.late_us[50] < 7000
    assert max(loop.late_us[51:]) <= 10


def test_a_cycle_is_sample_tick_apply_feed_then_what_a_disarmed_device_may_do_then_the_panel(bed: Bed) -> None:
    order: list[str] = []
    board: Any = bed.device.module("drivers.board").Board
    front: Any = bed.device.module("drivers.front_panel").FrontPanel
    watchdog: Any = bed.device.module("machine").WDT
    for owner, name in ((board, "sample"), (board, "apply"), (board, "step_background"), (watchdog, "feed")):
        _note_calls(owner, name, order)
    for owner, name, noted in ((front, "sample", "knob"), (front, "show", "show")):
        _note_calls(owner, name, order, noted)

    def noting(_loop: ScriptedLoop, _tick: int) -> None:
        order.append("tick")

    try:
        bed.until_off(4, noting)
    finally:
        watchdog.feed = watchdog.feed.original
    assert order[:14] == ["sample", "tick", "apply", "feed", "step_background", "knob", "show"] * 2


def test_armed_the_panel_goes_on_without_the_knob_and_in_a_shot_nothing_does(bed: Bed) -> None:
    talked: list[int] = []
    bed.world.bus.listener = lambda *_args: talked.append(len(ScriptedLoop.latest.times_us))  # pyright: ignore[reportUnknownLambdaType]

    def story(loop: ScriptedLoop, tick: int) -> None:
        loop.state = ARMED if 300 <= tick < 500 else SHOT if 500 <= tick < 700 else IDLE
        loop.disarmed = loop.state == IDLE
        QuietPanel.latest.look.text[0] = 65 + tick % 26
        QuietPanel.latest.look.red = tick % 2 * 255

    bed.until_off(1000, story)
    armed, shot = set(range(300, 500)), set(range(500, 700))
    assert not set(QuietPanel.latest.used) & (armed | shot)
    assert set(QuietPanel.latest.steps) & (armed | shot) == armed
    assert armed & set(talked)
    assert not shot & set(talked)
    assert {tick for tick in talked if tick >= 700}


def test_the_mark_is_kept_between_the_tick_and_the_motors_and_the_books_only_while_disarmed(bed: Bed) -> None:
    order: list[str] = []
    _note_calls(bed.device.module("drivers.board").Board, "apply", order)
    _note_calls(QuietBooks, "keep_mark", order, "mark")

    def story(loop: ScriptedLoop, tick: int) -> None:
        loop.state = SHOT if 30 <= tick < 60 else IDLE
        loop.disarmed = loop.state == IDLE
        loop.ledger.mark_due = tick in (40, 50)
        order.append("tick")

    try:
        bed.until_off(90, story)
    finally:
        QuietBooks.keep_mark = QuietBooks.keep_mark.original  # type: ignore[attr-defined]
    books = QuietBooks.latest
    assert books.begun == (1, False, False)
    assert books.marks == [40, 50]
    assert set(books.steps) == {*range(1, 30), *range(60, 90)}
    assert order[:2] == ["tick", "apply"]
    assert order[2 * 39 : 2 * 39 + 3] == ["tick", "mark", "apply"]


def test_garbage_is_collected_only_while_disarmed(bed: Bed) -> None:
    gc: Any = bed.device.module("gc")
    seen: dict[bool, set[bool]] = {True: set(), False: set()}

    def story(loop: ScriptedLoop, tick: int) -> None:
        if tick > 1:
            seen[loop.disarmed].add(gc.isenabled())
        loop.disarmed = not 30 <= tick < 60

    bed.until_off(90, story)
    # What a tick sees was set after the one before.
    assert seen == {True: {True}, False: {False}}


def test_lamp_and_buzzer_are_off_when_the_program_ends(bed: Bed) -> None:
    def shine(_loop: ScriptedLoop, tick: int) -> None:
        look = QuietPanel.latest.look
        look.red, look.tone_hz, look.volume = 255, 1000, 255
        if tick == 200:
            assert bed.world.lamp()[0] > 200
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        bed.run(shine)
    assert (bed.world.lamp(), bed.world.buzzer()[1]) == ((0, 0, 0), 0)


def _note_calls(owner: Any, name: str, order: "list[str]", noted: str = "") -> None:
    original = getattr(owner, name)

    def noting(*args: object) -> object:
        order.append(noted or name)
        return original(*args)

    noting.original = original  # type: ignore[attr-defined]
    setattr(owner, name, noting)


def test_nothing_goes_on_in_the_background_while_armed(bed: Bed) -> None:
    """Not one byte to the motor drivers between arming and disarming."""
    sent: list[int] = []
    receive = bed.world.driver_bus.receive

    def noting(data: bytes, start_us: int, bit_ns: int) -> "list[tuple[int, int]]":
        sent.append(len(ScriptedLoop.latest.times_us))
        return receive(data, start_us, bit_ns)

    bed.world.driver_bus.receive = noting  # type: ignore[method-assign]

    def arm(loop: ScriptedLoop, tick: int) -> None:
        loop.disarmed = not 300 <= tick < 700

    bed.until_off(1000, arm)
    assert any(tick < 300 for tick in sent)
    assert not any(300 <= tick < 700 for tick in sent)
    assert any(tick >= 700 for tick in sent)


def test_outputs_of_the_loop_reach_the_motors(bed: Bed) -> None:
    def move(loop: ScriptedLoop, tick: int) -> None:
        loop.outputs.dose_enable = loop.outputs.needle_enable = 1
        loop.outputs.dose_chunk_steps = 8 if 100 <= tick < 200 else 0
        loop.outputs.needle_chunk_steps = -3 if 100 <= tick < 200 else 0

    loop = bed.until_off(250, move)
    assert loop.inputs.dose_steps == 800
    assert loop.inputs.needle_steps == -300


def test_an_exception_in_the_loop_takes_power_and_is_not_swallowed(bed: Bed) -> None:
    def fail(loop: ScriptedLoop, tick: int) -> None:
        loop.outputs.dose_enable = loop.outputs.needle_enable = 1
        loop.outputs.dose_chunk_steps = 40
        if tick == 20:
            assert bed.levels() == [0, 0]
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        bed.run(fail)
    assert bed.levels() == [1, 1]
    rises = bed.world.chip.pins[bed.pins.DOSE_STEP].net.rises_by(bed.world.now_us)
    bed.world.chip.spend(10_000)
    assert bed.world.chip.pins[bed.pins.DOSE_STEP].net.rises_by(bed.world.now_us) == rises


def test_after_an_exception_the_watchdog_restarts_the_device(bed: Bed) -> None:
    def fail(_loop: ScriptedLoop, _tick: int) -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        bed.run(fail)
    with pytest.raises(SimulatedReset) as reset:
        bed.world.chip.spend(300_000)
    assert reset.value.cause == WDT_RESET


def test_the_console_takes_power_and_has_time_to_flash(bed: Bed) -> None:
    def interrupt(loop: ScriptedLoop, tick: int) -> None:
        loop.outputs.needle_enable = 1
        if tick == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bed.run(interrupt)
    assert bed.levels() == [1, 1]
    bed.world.chip.spend(600_000_000)


def test_a_loop_that_hangs_is_ended_by_the_watchdog(bed: Bed) -> None:
    def hang(_loop: ScriptedLoop, tick: int) -> None:
        while tick == 20:
            bed.world.chip.spend(1000)

    with pytest.raises(SimulatedReset) as reset:
        bed.run(hang)
    assert reset.value.cause == WDT_RESET


def test_importing_main_starts_nothing() -> None:
    world = World(CountingPlant())
    Device().module("main")
    assert world.now_us == 0
    assert all(not pin.drives and not pin.reads for pin in world.chip.pins.values())
