"""The simulated clinician: everything through the controls, everything legal, nothing that a person could not see."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tools.simulation import Order, Outcome, simulate
from tools.simulator import session
from tools.simulator.clinician import Clinician
from tools.simulator.world import World

pytestmark = pytest.mark.no_cover  # the firmware's own tests run every branch of it

Moves = list[tuple[int, str, tuple[Any, ...]]]


@pytest.fixture
def moves(monkeypatch: pytest.MonkeyPatch) -> Moves:
    """Every change of a control in the sessions of this test: (time in us, control, values)."""
    made: Moves = []

    class WatchedWorld(World):
        """Notes the moves after power-on."""

        def __init__(self, *given: Any) -> None:
            self.powered = False
            super().__init__(*given)
            self.powered = True

        def note(self, control: str, *values: Any) -> None:
            if self.powered:
                made.append((self.now_us, control, values))

        def set_trigger(self, no: int, nc: int) -> None:
            self.note("trigger", no, nc)
            super().set_trigger(no, nc)

        def set_contact(self, a: int, b: int) -> None:
            self.note("contact", a, b)
            super().set_contact(a, b)

        def set_stop(self, closed: int) -> None:
            self.note("stop", closed)
            super().set_stop(closed)

        def set_confirm(self, pressed: int) -> None:
            self.note("confirm", pressed)
            super().set_confirm(pressed)

    monkeypatch.setattr(session, "World", WatchedWorld)
    return made


def results(outcome: Outcome) -> list[str]:
    """The results of all shots."""
    return [shot["result"] for shot in outcome.summary["shots"]]


def test_from_power_on_the_hand_homes_primes_arms_and_shoots(moves: Moves) -> None:
    outcome = simulate(Order(shots=3))
    assert results(outcome) == ["delivered"] * 3
    assert outcome.summary["state"] == "ARMED"
    assert outcome.remarks == []
    confirmed = [now_us for now_us, control, values in moves if (control, values) == ("confirm", (1,))]
    # Code; product, syringe, needle, zone, dose, depth, mode; a new needle; clean skin; home, arm.
    assert len(confirmed) == 12


def test_every_press_on_the_skin_comes_after_a_lift_and_a_rest_on_the_skin(moves: Moves) -> None:
    simulate(Order(shots=4))
    lifted_us = settled_us = 0
    presses = 0
    on_skin = False
    for now_us, control, values in moves:
        if control == "contact" and values == (1, 1):
            assert now_us - lifted_us >= 100_000
            settled_us, on_skin = now_us, True
        elif control == "contact":
            lifted_us, on_skin = now_us, False
        elif control == "trigger" and values == (1, 0) and on_skin:
            assert now_us - settled_us >= 100_000
            presses += 1
    assert presses == 4


def test_the_trigger_is_held_until_the_tone(moves: Moves) -> None:
    (shot,) = simulate(Order(shots=1, dose_nl=50_000)).summary["shots"]
    press_us, release_us = [now_us for now_us, control, _ in moves if control == "trigger"][-2:]
    assert release_us - press_us >= shot["duration_us"]


def test_nobody_touches_the_emergency_stop(moves: Moves) -> None:
    simulate(Order(shots=2))
    assert "stop" not in {control for _, control, _ in moves}


def test_a_full_syringe_comes_in_when_the_old_one_is_nearly_used() -> None:
    outcome = simulate(Order(shots=12, dose_nl=100_000))
    assert results(outcome) == ["delivered"] * 12
    assert outcome.summary["syringes"] == 2


def test_shots_that_a_syringe_of_given_volume_cannot_give_are_refused() -> None:
    outcome = simulate(Order(shots=12, dose_nl=100_000, params={"syringe_nl": 1_000_000}))
    assert outcome.summary["syringes"] == 1
    assert results(outcome)[:8] == ["delivered"] * 8
    assert outcome.summary["shots"][-1]["result"] == "refused"
    assert "syringe_empty" in outcome.summary["shots"][-1]["reasons"]


def test_after_a_fault_every_further_press_is_refused_with_the_fault_by_name() -> None:
    outcome = simulate(Order(shots=6, params={"occluded_after_nl": 25_000}))
    assert results(outcome) == ["delivered", "delivered", "fault", "refused", "refused", "refused"]
    assert outcome.summary["shots"][2]["reasons"] == ["occlusion"]
    assert all("occlusion" in shot["reasons"] for shot in outcome.summary["shots"][3:])
    assert "occlusion" in outcome.summary["faults"]


def test_settings_that_the_device_refuses_give_a_short_refusal_per_press_with_its_reason() -> None:
    outcome = simulate(Order(shots=5, syringe="5ml", dose_nl=1_000))
    assert [(shot["result"], shot["reasons"]) for shot in outcome.summary["shots"]] == [
        ("refused", ["dose_below_resolution"])
    ] * 5
    starts_us = [shot["start_us"] for shot in outcome.summary["shots"]]
    assert starts_us == [0, 300_000, 600_000, 900_000, 1_200_000]


@pytest.mark.parametrize(("shots", "presses"), [(5, 1), (20, 1), (23, 2)])
def test_a_burst_has_as_many_drops_as_shots_are_wanted(moves: Moves, shots: int, presses: int) -> None:
    outcome = simulate(Order(shots=shots, mode="burst", dose_nl=2_000))
    assert results(outcome) == ["delivered"] * shots
    on_skin = [values for _, control, values in moves if control == "contact" and values == (1, 1)]
    assert len(on_skin) == presses


def test_a_syringe_that_ends_within_a_burst_is_changed_and_every_drop_is_whole() -> None:
    outcome = simulate(Order(shots=24, mode="burst", dose_nl=50_000))
    assert results(outcome) == ["delivered"] * 24
    assert outcome.summary["syringes"] == 2
    assert all(abs(shot["delivered_nl"] - 50_000) < 1_000 for shot in outcome.summary["shots"])


def test_times_count_from_the_first_press_and_never_overlap() -> None:
    shots = simulate(Order(shots=4, mode="burst", rate_mhz=2_000, dose_nl=5_000)).summary["shots"]
    assert shots[0]["start_us"] == 0
    for before, after in pairwise(shots):
        assert before["start_us"] + before["duration_us"] <= after["start_us"]
        assert abs(after["start_us"] - before["start_us"] - 500_000) <= 20_000


class DeafDevice:
    """A device that shows ARMED whatever is done with it, and never makes a sound."""

    state = "ARMED"
    inhibits: list[str] = []  # noqa: RUF012
    faults: list[str] = []  # noqa: RUF012
    refusals: list[str] = []  # noqa: RUF012
    tones_heard = 0
    drops_opened = 0


class Notebook:
    """As much of a scorekeeper and a world as a hand needs."""

    def __init__(self) -> None:
        self.shots: list[int] = []
        self.reasons: list[str] = []
        self.pressed = 0
        self.off = False

    def press(self, now_us: int) -> int:
        self.shots.append(now_us)
        return len(self.shots)

    def refuse(self, reasons: list[str], now_us: int) -> None:
        self.reasons = reasons

    def note(self, reason: str) -> None:
        pass

    def end_account(self) -> None:
        pass

    def set_trigger(self, no: int, nc: int) -> None:
        self.pressed = no

    def set_contact(self, a: int, b: int) -> None:
        pass

    def power_off(self) -> None:
        self.off = True


def play(device: Any) -> tuple[Notebook, int]:
    """One shot at `device`; the notebook and how long the trigger was held, us."""
    notebook: Any = Notebook()
    hand = Clinician(device, notebook, 1, None, lambda number: None)
    held_us = 0
    while not notebook.off:
        now_us = hand.next_us
        hand.step(notebook)
        if notebook.pressed:
            held_us += hand.next_us - now_us
    return notebook, held_us


def test_a_press_that_is_not_answered_is_given_up_and_called_no_response() -> None:
    notebook, held_us = play(DeafDevice())
    assert notebook.reasons == ["no_response"]
    assert notebook.pressed == 0
    assert held_us < 30_100_000


def test_a_shot_without_a_tone_is_given_up_after_thirty_seconds() -> None:
    device: Any = DeafDevice()
    notebook: Any = Notebook()
    hand = Clinician(device, notebook, 1, None, lambda number: None)
    pressed_us = released_us = 0
    while not notebook.off:
        now_us = hand.next_us
        was_pressed = notebook.pressed
        hand.step(notebook)
        if notebook.pressed and not was_pressed:
            pressed_us = now_us
            device.state = "SHOT"
        if was_pressed and not notebook.pressed:
            released_us = now_us
            device.state = "ARMED"
    assert 30_000_000 <= released_us - pressed_us <= 30_200_000


def test_a_long_burst_is_held_as_long_as_drop_follows_drop() -> None:
    device: Any = DeafDevice()
    notebook: Any = Notebook()
    hand = Clinician(device, notebook, 1, None, lambda number: None)
    pressed_us = released_us = 0
    while not notebook.off:
        now_us = hand.next_us
        was_pressed = notebook.pressed
        hand.step(notebook)
        if notebook.pressed:
            device.state = "SHOT"
            pressed_us = pressed_us or now_us
            device.drops_opened = min((now_us - pressed_us) // 20_000_000, 5)
        if was_pressed and not notebook.pressed:
            released_us = now_us
            device.state = "ARMED"
    assert 120_000_000 <= released_us - pressed_us <= 160_200_000


def test_the_flash_of_a_session_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    simulate(Order(shots=1))
    assert list(tmp_path.iterdir()) == []
