"""Flash and keys are touched only where nothing can move, and how late that makes a tick."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tools.simulator import flash, nvs
from tools.simulator.plant import Plant
from tools.simulator.session import Session
from tools.simulator.trace_lines import FIELDS

pytestmark = pytest.mark.no_cover

BUSY = ("HOMING", "ARMED", "SHOT", "PRIME", "REWIND", "SERVICE")
STATE, T_US, LATE_US = (FIELDS.index(name) for name in ("state", "t_us", "late_us"))
WATCHDOG_US = 250_000


class Watched:
    """A session in which every access to files and keys is noted with the state it was made in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **config: Any) -> None:
        self.touched: list[str] = []
        self.ticks: list[tuple[str, int]] = []
        self._state = "OFF"
        for owner, name in (
            (flash.Memory, "read"),
            (flash.Memory, "write"),
            (flash.Memory, "names"),
            (flash.Memory, "remove"),
            (flash.Memory, "mkdir"),
            (nvs.NVS, "__init__"),
            (nvs.NVS, "get_blob"),
            (nvs.NVS, "set_blob"),
            (nvs.NVS, "commit"),
        ):
            monkeypatch.setattr(owner, name, self._noting(getattr(owner, name)))
        self.session = Session({"shots": 4, **config}, Plant, trace=self._tick)
        self.session.run()

    def _noting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*given: Any) -> Any:
            self.touched.append(self._state)
            return original(*given)

        return noting

    def _tick(self, line: str) -> None:
        values = line.split(",")
        self._state = values[STATE]
        self.ticks.append((self._state, int(values[LATE_US])))


@pytest.mark.parametrize(
    "config",
    [{}, {"mode": "burst", "burst_count": 4, "dose_nl": 2_000}, {"chip": "esp32"}, {"fault": "pressure_frozen@dose"}],
    ids=["single", "burst", "esp32", "fault"],
)
def test_no_file_and_no_key_is_touched_where_something_may_move(
    config: "dict[str, Any]", monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(monkeypatch, **config)
    assert {state for state, _ in watched.ticks} >= {"PRIME", "ARMED", "SHOT"}
    assert set(watched.touched) & set(BUSY) == set()
    assert {"OFF", "READY"} <= set(watched.touched)


def test_a_tick_that_waited_for_the_flash_is_late_only_at_rest_and_never_near_the_watchdog(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = Watched(monkeypatch).ticks
    late = [(before, state, late_us) for (before, _), (state, late_us) in pairwise(ticks)]
    waited = [(before, state, late_us) for before, state, late_us in late if late_us > 1_000]
    assert 2 <= len(waited) <= 30
    assert {before for before, _, _ in waited} & set(BUSY) == set()
    assert max(late_us for _, _, late_us in waited) < WATCHDOG_US // 2


def test_an_access_in_a_shot_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.simulator.observer import Observer

    after = Observer._after_tick  # type: ignore[reportPrivateUsage]

    def touching(self: Observer, loop: Any) -> None:
        after(self, loop)
        if self.state == "SHOT":
            flash.device_open("/ledger.0", "rb").close()

    monkeypatch.setattr(Observer, "_after_tick", touching)
    assert "SHOT" in Watched(monkeypatch, shots=1).touched
