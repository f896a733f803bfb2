"""The observer: sees every tick, changes nothing, and offers what a person at the device can see and hear."""

from types import SimpleNamespace
from typing import Any

import pytest

from tools.simulator import interpreter
from tools.simulator.observer import Observer, Words
from tools.simulator.recorder import CurveRecorder, TraceHash
from tools.simulator.scorekeeper import Scorekeeper


class Loop:
    """As much of DoseLoop as the observer reads; its tick notes the time."""

    def __init__(self, modules: dict[str, Any]) -> None:
        self.inputs: Any = None
        self.outputs: Any = None
        self.state = 0
        self.inhibits = 0
        self.faults = 0
        self.drop = modules["drop"].Drop()
        self.shot = SimpleNamespace(phase=0)
        self.ticks_us: list[int] = []

    def tick(self, now_us: int) -> None:
        """One tick."""
        self.ticks_us.append(now_us)


class Panel:
    """As much of the panel as the observer reads."""

    def __init__(self) -> None:
        self.menu = SimpleNamespace(refusals=0)
        self.look = SimpleNamespace(text=bytearray(b" " * 168), style=bytearray(8))
        self.steps_us: list[int] = []

    def step(self, now_us: int) -> None:
        """One tick."""
        self.steps_us.append(now_us)


@pytest.fixture
def bench() -> Any:
    """An observer that watches a loop which the test sets by hand."""
    device = interpreter.Device()
    image = device.module("firmware.image")
    plant: Any = SimpleNamespace(delivered_nl=0.0, surface_nl=0.0, depth_um=0.0)
    score = Scorekeeper(plant, 10_000, 1000)
    observer = Observer(Words(device.modules), TraceHash(), score, CurveRecorder([]))
    loop = Loop(device.modules)
    loop.inputs, loop.outputs = image.Inputs(), image.Outputs()
    world = SimpleNamespace(now_us=0)

    class WatchedLoop(Loop):
        """A class of its own, so that no test disturbs another."""

    loop.__class__ = WatchedLoop

    class WatchedPanel(Panel):
        """The same."""

    observer.watch(WatchedLoop, WatchedPanel, world)  # type: ignore[arg-type]
    panel = WatchedPanel()
    return SimpleNamespace(
        panel=panel,
        observer=observer,
        loop=loop,
        loop_class=WatchedLoop,
        world=world,
        score=score,
        plant=plant,
        device=device,
    )


def see(bench: Any, now_us: int = 0) -> None:
    """One tick."""
    bench.world.now_us = now_us
    bench.loop.tick(now_us)


def needle_at(bench: Any, needle_um: int) -> None:
    """Set the measured position."""
    bench.loop.inputs.needle_counts = (needle_um + 3000) // 4
    bench.loop.inputs.home = 1 if needle_um <= -2000 else 0


def test_the_tick_itself_still_runs_and_the_class_is_as_before_afterwards(bench: Any) -> None:
    see(bench, 2000)
    assert bench.loop.ticks_us == [2000]
    bench.observer.unwatch()
    see(bench, 4000)
    assert bench.loop.ticks_us == [2000, 4000]
    assert bench.loop_class.tick is Loop.tick


def test_before_the_first_tick_the_display_is_off(bench: Any) -> None:
    observer = bench.observer
    assert (observer.state, observer.inhibits, observer.faults, observer.refusals) == ("OFF", [], [], [])
    assert not observer.needle_home


def test_the_display_shows_the_firmwares_own_words(bench: Any) -> None:
    modules = bench.device.modules
    bench.loop.state = modules["states"].ARMED
    bench.loop.inhibits = modules["inhibits"].NOT_PRIMED | modules["inhibits"].STOP_OPEN
    bench.loop.faults = modules["faults"].OCCLUSION
    bench.panel.menu.refusals = modules["settings"].MODE_UNKNOWN
    bench.panel.step(0)
    see(bench)
    observer = bench.observer
    assert observer.state == "ARMED"
    assert observer.inhibits == ["not_primed", "stop_open"]
    assert observer.faults == ["occlusion"]
    assert observer.refusals == ["mode_unknown"]


def test_a_tone_is_heard_once_when_it_begins(bench: Any) -> None:
    for tone in (0, 1, 1, 0, 0, 3, 2, 0):
        bench.loop.outputs.tone = tone
        see(bench)
    assert (bench.observer.tones_heard, bench.observer.last_tone) == (3, "aborted")


def test_troubles_of_the_records_stand_behind_their_inhibit(bench: Any) -> None:
    words = bench.observer._words  # type: ignore[reportPrivateUsage]
    loop = SimpleNamespace(inhibits=1 << 5 | 1 << 9 | 1 << 11, ledger=SimpleNamespace(troubles=1 | 4))
    assert words.told(loop) == ["stop_open", "records", "saving", "drops_uncertain", "editing"]
    loop.inhibits = 1 << 5
    assert words.told(loop) == ["stop_open"]
    assert "drops_uncertain" in words.known()["inhibit"]


def test_a_delivered_drop_takes_until_the_needle_stands_outside(bench: Any) -> None:
    bench.score.press(1_000)
    bench.loop.drop.open(10_000, 1000)
    for now_us, needle_um, chunk in ((3_000, -2000, 0), (5_000, 900, 0), (7_000, -800, -40), (9_000, -2000, 0)):
        needle_at(bench, needle_um)
        bench.loop.outputs.needle_chunk_steps = chunk
        see(bench, now_us)
    bench.loop.drop.close(bench.device.modules["drop"].DELIVERED, 9_990_000, 60_000, 60_000)
    see(bench, 50_000)
    bench.score.end_account()
    (shot,) = bench.score.shots
    assert (shot["result"], shot["reported_nl"], shot["duration_us"]) == ("delivered", 9_990, 8_000)


def test_a_faulted_drop_takes_until_the_needle_is_home_and_names_its_fault(bench: Any) -> None:
    bench.score.press(0)
    bench.loop.drop.open(10_000, 1000)
    needle_at(bench, 1000)
    see(bench, 2_000)
    bench.loop.faults = bench.device.modules["faults"].OCCLUSION
    bench.loop.drop.close(bench.device.modules["drop"].FAULT, 1_000_000, 0, 0)
    for now_us, needle_um in ((4_000, 800), (6_000, -500), (8_000, -2000), (10_000, -2000)):
        needle_at(bench, needle_um)
        see(bench, now_us)
    (shot,) = bench.score.shots
    assert (shot["result"], shot["reasons"], shot["duration_us"]) == ("fault", ["occlusion"], 8_000)


def test_the_deepest_point_of_a_shot_is_kept(bench: Any) -> None:
    bench.score.press(0)
    for depth_um in (0.0, 950.0, 1010.5, 0.0):
        bench.plant.depth_um = depth_um
        see(bench)
    bench.score.end_account()
    assert bench.score.shots[0]["depth_max_um"] == 1010.5


def test_primes_are_counted_as_they_begin(bench: Any) -> None:
    prime = bench.device.modules["states"].PRIME
    for state in (2, prime, prime, 2, prime):
        bench.loop.state = state
        see(bench)
    assert bench.observer.primes_begun == 2


def test_all_words_of_the_firmware_are_known(bench: Any) -> None:
    known = Words(bench.device.modules).known()
    assert set(known) == {"state", "inhibit", "fault", "cause", "refusal"}
    assert "SHOT" in known["state"]
    assert "occlusion" in known["fault"]
    assert "not_primed" in known["inhibit"]
    assert "trigger_released" in known["cause"]
    assert "dose_below_resolution" in known["refusal"]


def test_the_lines_of_the_display_leave_out_what_a_large_one_covers(bench: Any) -> None:
    assert bench.observer.screen() == []
    look = bench.panel.look
    look.text[0:5] = b"READY"
    look.text[21:34] = b"10.000 ul xyz"
    look.text[42:48] = b"hidden"
    look.style[1] = 1
    bench.panel.step(7)
    assert bench.panel.steps_us == [7]
    assert bench.observer.screen() == ["READY", "10.000 ul", "", "", "", "", ""]
