"""The catalogue of faults: enough of them, each named, told in a sentence, and with phases that the firmware has."""

from operator import attrgetter

import pytest

from firmware import shot, states
from firmware.image import Inputs, Outputs
from firmware.loop import DoseLoop
from host_tests.figures import RecordFigure
from tools.fault_names import UnknownFault, catalogue, complete, known_phases
from tools.fault_sweep import BATCH, Plan, batches_of, order_of
from tools.simulator.faults import phases
from tools.simulator.faults.memory import Cell

pytestmark = pytest.mark.no_cover


def test_there_are_at_least_sixty_faults_and_six_hundred_pairs(record_figure: RecordFigure) -> None:
    pairs = Plan().pairs()
    record_figure("faults", len(catalogue()))
    assert len(catalogue()) >= 60
    assert len(pairs) >= 600
    assert len({pair.text for pair in pairs}) == len(pairs)


def test_every_fault_has_a_name_of_its_own_a_sentence_and_a_phase() -> None:
    rows = catalogue()
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert row.name == row.name.lower()
        assert row.says[0].isupper()
        assert row.says.endswith(".")
        assert row.phases
        assert set(row.phases) <= set(known_phases())


def test_every_state_and_every_phase_of_a_shot_is_struck_but_those_that_no_tick_ends_in() -> None:
    there = {name.lower() for name in states.NAMES} | set(shot.PHASES)
    struck = {phase for row in catalogue() for phase in row.phases}
    assert there - struck == {"boot", "shot"} | ({"service"} & there)


def test_all_kinds_of_failure_are_among_them() -> None:
    groups = {row.group for row in catalogue()}
    assert groups == {"sensors", "actuators", "controls", "liquid", "time", "memory", "power", "panel"}


def test_whatever_turns_over_in_memory_is_there_in_the_firmware() -> None:
    loop = DoseLoop(Inputs(), Outputs())
    cells = [fault for fault in (row.make() for row in catalogue()) if isinstance(fault, Cell)]
    assert len(cells) > 30
    for cell in cells:
        attrgetter(cell.place)(loop)  # or AttributeError


def test_each_session_gets_a_fault_of_its_own() -> None:
    for row in catalogue():
        first, second = row.make(), row.make()
        assert first is not second
        assert not first.struck
        assert not first.applied


def test_a_fault_without_a_phase_strikes_in_the_feed_or_in_the_first_phase_it_has() -> None:
    assert complete("pressure_frozen") == "pressure_frozen@dose"
    assert complete("knob_push_stuck") == f"knob_push_stuck@{phases.AT_REST[0]}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("presure_frozen@dose", "unknown fault presure_frozen, perhaps pressure_frozen"),
        ("@dose", "unknown fault of no name"),
        ("pressure_frozen@dse", "unknown phase dse, perhaps dose"),
        ("pressure_frozen@", "unknown phase of no name"),
        ("bus_stuck_shortly@dose", "bus_stuck_shortly cannot strike in dose: it is one of self_test"),
    ],
)
def test_what_does_not_exist_is_refused_with_a_guess(text: str, says: str) -> None:
    with pytest.raises(UnknownFault) as refused:
        complete(text)
    assert says in str(refused.value)


def test_a_batch_is_of_one_phase_and_nothing_is_lost_in_batches() -> None:
    pairs = Plan().pairs()
    batches = list(batches_of(pairs))
    assert sorted(pair.text for batch in batches for pair in batch) == sorted(pair.text for pair in pairs)
    for batch in batches:
        assert len({pair.phase for pair in batch}) == 1
        assert len(batch) <= BATCH


def test_only_a_burst_waits_between_its_drops() -> None:
    for batch in batches_of(Plan(only=("pressure_frozen",)).pairs()):
        order = order_of(batch[0], "")
        assert (order.mode == "burst") == (batch[0].phase == "wait")
