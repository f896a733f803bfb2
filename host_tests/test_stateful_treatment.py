"""No law of safety is broken, whatever hands, sensors, time and faults do, in any order."""

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from host_tests.conftest import PROFILE
from host_tests.figures import RecordFigure
from host_tests.unruly_hands import REACHED
from host_tests.unruly_person import UnrulyPerson

STEPS = 100
UNHURRIED = (hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large)
RUNS = {"default": 60, "ci": 500, "long": 10_000}[PROFILE]


class AtWork(UnrulyPerson):
    """From a device that is ready, armed, or in a shot."""

    @initialize(
        start=st.sampled_from(
            ("armed", "armed", "armed for a burst", "armed, large syringe", "armed, eyelid", "ready", "shooting")
        )
    )
    def begins(self, start: str) -> None:
        """Somewhere."""
        self.start(start)


class SettingUp(UnrulyPerson):
    """From power-on, or from somewhere on the way."""

    @initialize(start=st.sampled_from(("power-on", "logged in", "chosen", "homed", "priming", "ready")))
    def begins(self, start: str) -> None:
        """Somewhere."""
        self.start(start)


@pytest.mark.law
@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("person", "share", "enough"),
    [
        (AtWork, 0.6, {"SHOT": 15, "punctures": 15, "drops": 5, "FAULT": 30, "READY": 20, "IDLE": 30, "LOCKED": 10}),
        (SettingUp, 0.4, {"PRIME": 15, "FAULT": 30, "READY": 10, "IDLE": 50, "LOCKED": 30}),
    ],
)
def test_whatever_happens_no_law_is_broken(
    person: "type[UnrulyPerson]", share: float, enough: "dict[str, int]", record_figure: RecordFigure
) -> None:
    REACHED.clear()
    runs = round(RUNS * share)
    run_state_machine_as_test(
        person,
        settings=hypothesis.settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            suppress_health_check=UNHURRIED,
        ),
    )
    # A search that never comes to a shot proves nothing about shots.
    assert REACHED["runs"] >= runs
    for reached, percent in enough.items():
        assert REACHED[reached] >= runs * percent // 100, (reached, dict(REACHED))
    record_figure("runs of a hundred steps", REACHED["runs"])
