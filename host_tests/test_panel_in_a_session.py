"""The panel in whole sessions at the level of the chip: the glass says what the firmware wrote, no tick comes late for
it, and in a shot the bus is silent."""

from pathlib import Path
from typing import Any

import pytest

from host_tests.micropythons import need
from host_tests.panel_bench import CHIPS, Look
from host_tests.test_drivers_display import picture
from tools.ordering import read_order
from tools.simulation import Order, simulate
from tools.simulator import flash, session
from tools.simulator.trace_lines import FIELDS
from tools.simulator.world import World

pytestmark = pytest.mark.no_cover  # the firmware's own tests run every branch of it

FLOWS = sorted((Path(__file__).parent / "scenarios").glob("panel_*.txt"))
TICK_US = 2000
SETTLED_TICKS = 150  # 0.3 s: a full page is on the glass after 108 ticks
STATE, T_US, LATE_US = (FIELDS.index(name) for name in ("state", "t_us", "late_us"))


class Watch:
    """What the bus, the glass and the ticks of a session did."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[tuple[int, int, int]] = []  # from, to (us), bytes
        self.ticks: list[tuple[str, int, int]] = []  # state, end of the tick (us), late (us)
        self.compared = 0
        self.wrong: list[str] = []
        self._same_ticks = 0
        self._text = b""
        watch = self

        class ListenedWorld(World):
            """A world whose bus is listened to."""

            def __init__(self, *given: Any) -> None:
                super().__init__(*given)
                self.bus.listener = watch.listen
                watch.world = self

        self.world: ListenedWorld
        monkeypatch.setattr(session, "World", ListenedWorld)
        monkeypatch.setattr(session, "Observer", self._observer(session.Observer))

    def _observer(self, original: Any) -> Any:
        watch = self

        class Watching(original):
            """Remembers the panel's look."""

            def __init__(self, *given: Any) -> None:
                super().__init__(*given)  # pyright: ignore[reportUnknownMemberType]
                watch.observer = self

        return Watching

    observer: Any

    def listen(self, start_us: int, end_us: int, _address: int, count: Any) -> None:
        """One transaction."""
        self.sent.append((start_us, end_us, count if isinstance(count, int) else len(count)))

    def tick(self, line: str) -> None:
        """The end of one tick."""
        values = line.split(",")
        self.ticks.append((values[STATE], int(values[T_US]), int(values[LATE_US])))
        panel = self.observer._panel
        if panel is None:
            return
        text = bytes(panel.look.text) + bytes(panel.look.style)
        self._same_ticks = self._same_ticks + 1 if text == self._text else 0
        self._text = text
        if self._same_ticks == SETTLED_TICKS:
            self._compare(panel.look)

    def _compare(self, look: Any) -> None:
        wanted = Look()
        wanted.text[:], wanted.style[:] = look.text, look.style
        self.compared += 1
        if self.world.display.lines() != picture(wanted):
            self.wrong.append(bytes(look.text).decode())


@pytest.mark.parametrize("chip", CHIPS)
def test_glass_and_text_agree_whenever_both_have_come_to_rest(chip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(monkeypatch)
    order = read_order(str(FLOWS[0].parent / "panel_one_knob.txt"), {"chip": chip}, [], "", False)
    simulate(order, trace=watch.tick)
    assert watch.wrong == []
    assert watch.compared >= 5


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("mode", ["single", "burst"])
def test_in_a_shot_the_bus_is_silent_and_the_panel_never_delays_a_tick_by_a_tenth(
    chip: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flash, "COMMIT_US", 0)  # what the flash delays is test_flash_at_rest.py's to watch
    watch = Watch(monkeypatch)
    order = Order(chip=chip, shots=4, mode=mode, dose_nl=5_000, params={"skin_spread_um": 0})
    outcome = simulate(order, trace=watch.tick)
    assert [shot["result"] for shot in outcome.summary["shots"]] == ["delivered"] * 4
    assert outcome.remarks == []
    assert max(late_us for _, _, late_us in watch.ticks) <= TICK_US // 10
    in_shot = [(end_us - TICK_US // 2, end_us + TICK_US) for state, end_us, _ in watch.ticks if state == "SHOT"]
    assert len(in_shot) > 100
    disturbed = [
        start_us
        for start_us, end_us, _ in watch.sent
        for a, b in _around(in_shot, start_us)
        if end_us > a and start_us < b
    ]
    assert disturbed == []
    assert max(count for _, _, count in watch.sent) <= 32
    assert max(end_us - start_us for start_us, end_us, _ in watch.sent) <= 1000
    armed = [end_us for state, end_us, _ in watch.ticks if state == "ARMED"]
    assert any(armed[0] < start_us < armed[-1] for start_us, _, _ in watch.sent)


def _around(spans: "list[tuple[int, int]]", moment_us: int) -> "list[tuple[int, int]]":
    """The spans near a moment: there are thousands of them, in order."""
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if spans[middle][1] < moment_us else (low, middle)
    return spans[low : low + 2]


@pytest.mark.parametrize("flow", FLOWS, ids=[flow.stem for flow in FLOWS])
def test_every_flow_goes_on_the_unix_port_as_on_cpython(flow: Path) -> None:
    need("micropython")
    order = read_order(str(flow), {}, [], "", False)
    here, there = simulate(order), simulate(order, interpreter="micropython")
    assert there.failures == []
    assert there.met == here.met > 0
    assert there.summary["trace_sha256"] == here.summary["trace_sha256"]
