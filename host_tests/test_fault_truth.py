"""The witness: what it calls unsafe, and that the chunk in flight, and a needle on its way out, are not."""

from typing import Any

import pytest

from tools.simulator.faults.truth import CHUNK_STEPS, OUT_US, Witness

pytestmark = pytest.mark.no_cover

FRAME_US = 2000
NL_PER_STEP = 5.0
DOSE_NL = 10_000
DEPTH_UM = 1_000


class Skin:
    """A plant that says what a test wants."""

    def __init__(self) -> None:
        self.delivered_nl = 0.0
        self.depth_um = 0.0
        self.home = False


class Scene:
    """A world of frames, in which a drop was opened and something has struck."""

    def __init__(self, dose_nl: int = DOSE_NL, is_struck: bool = True) -> None:
        self.plant = Skin()
        self.trigger_held = True
        self.now_us = 0
        self.on_frame: Any = None
        params = {"um_per_dose_step": 0.5, "syringe_area_mm2": 10.0, "um_per_needle_step": 5.0}
        self.witness = Witness(params, dose_nl, DEPTH_UM)
        self.witness.watch(self)  # type: ignore[arg-type] - what the witness looks at of a world
        self.frame()
        self.witness.opened()
        if is_struck:
            self.witness.strike()

    def frame(self, dose_steps: int = 0, needle_steps: int = 0, delivers_nl: float = 0.0) -> None:
        """Two milliseconds."""
        self.now_us += FRAME_US
        self.plant.delivered_nl += delivers_nl
        self.on_frame(self.now_us, dose_steps, needle_steps)

    @property
    def reasons(self) -> list[str]:
        """The verdict."""
        return self.witness.reasons()


@pytest.fixture
def scene() -> Scene:
    """A drop in work."""
    return Scene()


def test_a_drop_as_it_was_ordered_and_reported_is_safe(scene: Scene) -> None:
    scene.plant.depth_um = 1_000
    scene.frame(40, 0, 10_000)
    scene.witness.closed("delivered", 9_900, 10_100)
    assert scene.reasons == []


def test_the_chunk_in_flight_is_no_advance_and_the_next_one_is(scene: Scene) -> None:
    scene.witness.notice(scene.now_us)
    scene.frame(40)
    scene.frame(40)
    assert scene.reasons == []
    scene.frame(1)
    assert scene.reasons == ["something advanced 6.0 ms after it was noticed"]


@pytest.mark.parametrize("again", ["opened", "primes"])
def test_what_the_hand_begins_anew_may_advance_again(scene: Scene, again: str) -> None:
    scene.witness.notice(scene.now_us)
    for _ in range(5):
        scene.frame()
    getattr(scene.witness, again)()
    scene.frame(40)
    assert scene.reasons == []


def test_withdrawing_is_no_advance(scene: Scene) -> None:
    scene.witness.notice(scene.now_us)
    for _ in range(10):
        scene.frame(-40, -40)
    assert scene.reasons == []


def test_the_needle_has_150_ms_to_leave_the_skin(scene: Scene) -> None:
    scene.plant.depth_um = 500
    scene.witness.notice(scene.now_us)
    for _ in range(OUT_US // FRAME_US):
        scene.frame()
    assert scene.reasons == []
    scene.frame()
    assert scene.reasons == ["the needle was in the skin 152.0 ms after it was noticed"]


@pytest.mark.parametrize(("true_nl", "is_safe"), [(10_501, True), (10_502, False)])
def test_five_percent_more_is_the_most_to_the_nanolitre(scene: Scene, true_nl: int, is_safe: bool) -> None:
    scene.frame(0, 0, true_nl)
    scene.witness.closed("delivered", 0, 20_000)
    assert (scene.reasons == []) is is_safe
    assert scene.witness.overdose_nl == true_nl - DOSE_NL


def test_of_a_small_dose_one_chunk_more_is_the_most() -> None:
    scene = Scene(dose_nl=1_000)
    scene.frame(0, 0, 1_001 + CHUNK_STEPS * NL_PER_STEP)
    assert scene.reasons == []
    scene.frame(0, 0, 1)
    assert scene.reasons == ["drop 1: 1202 nl in the skin, 1000 ordered"]


def test_what_comes_seconds_later_belongs_to_the_drop(scene: Scene) -> None:
    scene.frame(0, 0, 10_000)
    scene.witness.closed("fault", 9_900, 10_100)
    for _ in range(1_500):
        scene.frame(0, 0, 1)
    assert scene.reasons == [
        "drop 1: 11500 nl in the skin, 10000 ordered",
        "drop 1: 11500 nl in the skin, reported fault with 9900 .. 10100",
    ]


@pytest.mark.parametrize("true_nl", [9_898, 10_102])
def test_a_report_that_does_not_hold_the_truth_is_a_lie(scene: Scene, true_nl: int) -> None:
    scene.frame(0, 0, true_nl)
    scene.witness.closed("aborted", 9_900, 10_100)
    assert scene.reasons == [f"drop 1: {true_nl} nl in the skin, reported aborted with 9900 .. 10100"]


def test_a_drop_that_was_never_reported_is_counted_and_judged_by_its_dose_alone(scene: Scene) -> None:
    scene.frame(0, 0, 7_000)
    assert scene.reasons == []
    assert scene.witness.lost_records == 1


def test_a_drop_that_drew_liquid_out_is_a_drop_of_nothing(scene: Scene) -> None:
    scene.frame(0, 0, -12)
    scene.witness.closed("fault", 0, 1)
    assert scene.reasons == []


def let_go(scene: Scene) -> None:
    """And the two ticks until the device can know."""
    scene.trigger_held = False
    for _ in range(3):
        scene.frame(40, 40)
    assert scene.reasons == []


def test_the_plunger_may_go_on_by_the_spare_volume_when_the_trigger_is_let_go(scene: Scene) -> None:
    let_go(scene)
    scene.frame(100)
    assert scene.reasons == []
    scene.frame(1)
    assert scene.reasons == ["the plunger went on by 101 steps, the trigger let go"]


def test_a_plunger_that_went_back_has_not_won_any_room(scene: Scene) -> None:
    let_go(scene)
    scene.frame(-500)
    scene.frame(101)
    assert scene.reasons == ["the plunger went on by 101 steps, the trigger let go"]


def test_the_needle_may_go_on_by_its_limit_and_a_chunk_when_the_trigger_is_let_go(scene: Scene) -> None:
    let_go(scene)
    scene.frame(0, 50)
    assert scene.reasons == []
    scene.frame(0, 1)
    assert scene.reasons == ["the needle went on by 51 steps, the trigger let go"]


def test_a_needle_that_comes_home_begins_from_there(scene: Scene) -> None:
    let_go(scene)
    scene.frame(0, -500)
    scene.plant.home = True
    scene.frame()
    scene.plant.home = False
    scene.frame(0, 51)
    assert scene.reasons == ["the needle went on by 51 steps, the trigger let go"]


def test_while_the_trigger_is_held_both_may_go_on(scene: Scene) -> None:
    for _ in range(100):
        scene.frame(40, 40)
    assert scene.reasons == []


def test_the_needle_may_be_deeper_by_its_limit_and_a_chunk(scene: Scene) -> None:
    scene.plant.depth_um = DEPTH_UM + 250
    scene.frame()
    assert scene.reasons == []
    scene.plant.depth_um = DEPTH_UM + 251
    scene.frame()
    assert scene.reasons == ["the needle was 251 um deeper than ordered"]


def test_a_prime_has_its_limit_too(scene: Scene) -> None:
    scene.witness.primes()
    for _ in range(1_001):
        scene.frame(40)
    assert scene.reasons == []
    scene.frame(40)
    assert scene.reasons == ["a prime moved the plunger by 200400 nl"]


def test_what_comes_into_the_skin_outside_of_any_drop_is_nobodys_dose(scene: Scene) -> None:
    scene.witness.primes()
    scene.frame(0, 0, 502)
    assert scene.reasons == ["502 nl came into the skin outside of any drop"]


def test_a_new_plant_begins_from_nothing(scene: Scene) -> None:
    scene.frame(0, 0, 10_000)
    scene.plant = Skin()
    scene.frame()
    scene.witness.closed("delivered", 9_900, 10_100)
    assert scene.reasons == []


def test_before_the_strike_motion_is_nobodys_business() -> None:
    scene = Scene(is_struck=False)
    scene.trigger_held = False
    for _ in range(10):
        scene.frame(40, 40)
    assert scene.reasons == []
