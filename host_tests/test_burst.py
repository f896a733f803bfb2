"""Bursts: one press, many drops, each weighed between the drops."""

from itertools import pairwise

import pytest

from firmware import drop, faults
from firmware.image import Inputs
from host_tests import moments
from host_tests.moments import armed
from host_tests.rig import Rig

BURST = {"mode": "burst", "burst_count": 4, "dose_nl": 5_000}


def result_of(rig: Rig) -> str:
    """How the newest drop ended."""
    return drop.RESULTS[rig.loop.drop.result]


def test_a_burst_delivers_each_of_its_drops() -> None:
    rig = armed(BURST)
    ends: list[tuple[int, int]] = []

    def watch(rig: Rig) -> None:
        record = rig.loop.drop
        if record.result == drop.DELIVERED and (not ends or ends[-1][0] != record.number):
            ends.append((record.number, record.reported_nl))

    rig.watch = watch
    rig.press()
    assert [number for number, _ in ends] == [1, 2, 3, 4]
    assert all(reported_nl == pytest.approx(5_000, rel=0.03) for _, reported_nl in ends)
    assert rig.plant.delivered_nl == pytest.approx(20_000, rel=0.02)


def test_between_the_drops_of_a_burst_the_needle_waits_out_of_the_skin_and_goes_home_at_the_end() -> None:
    rig = armed({**BURST, "rate_mhz": 2_000}, {"needle_noise_um": 0})
    waiting: list[float] = []

    def watch(rig: Rig) -> None:
        if moments.phase_of(rig) == "wait":
            waiting.append(rig.plant.needle_um)

    rig.watch = watch
    rig.press()
    assert len(waiting) > 30
    assert all(place_um == pytest.approx(-500, abs=30) for place_um in waiting)
    assert rig.plant.home


@pytest.mark.parametrize("rate_mhz", [500, 2_000, 5_000])
def test_the_drops_of_a_burst_start_at_its_rate(rate_mhz: int) -> None:
    rig = armed({**BURST, "rate_mhz": rate_mhz})
    starts: list[int] = []

    def watch(rig: Rig) -> None:
        if rig.loop.drop.number > len(starts):
            starts.append(rig.ticks)

    rig.watch = watch
    rig.press()
    assert [after - before for before, after in pairwise(starts)] == pytest.approx([500_000 / rate_mhz] * 3, abs=1)


FASTEST = [(2_000, 10_000), (5_000, 8_000)]  # nl, mHz: the goals at 1 mm with a 1 ml syringe


def starts_of(rig: Rig) -> "list[int]":
    """Presses, and returns the tick in which each drop was opened."""
    starts: list[int] = []

    def watch(rig: Rig) -> None:
        if rig.loop.drop.number > len(starts):
            starts.append(rig.ticks)

    rig.watch = watch
    rig.press()
    return starts


@pytest.mark.parametrize(("dose_nl", "rate_mhz"), FASTEST)
def test_a_burst_keeps_the_fastest_rate_and_makes_up_for_a_drop_that_was_late(dose_nl: int, rate_mhz: int) -> None:
    rig = armed({"mode": "burst", "burst_count": 20, "dose_nl": dose_nl, "rate_mhz": rate_mhz})
    starts = starts_of(rig)
    slot_ticks = 500_000 / rate_mhz
    assert len(starts) == 20
    for number, start in enumerate(starts):
        assert start - starts[0] >= number * slot_ticks - 1, "never too early"
    assert starts[-1] - starts[0] == pytest.approx(19 * slot_ticks, abs=1)


@pytest.mark.parametrize("plant", ["own", "unfavourable"])
@pytest.mark.parametrize(("dose_nl", "rate_mhz"), FASTEST)
def test_every_drop_of_the_fastest_burst_is_weighed_and_true(dose_nl: int, rate_mhz: int, plant: str) -> None:
    wanted = {"mode": "burst", "burst_count": 20, "dose_nl": dose_nl, "rate_mhz": rate_mhz}
    rig = armed(wanted, {"needle_kpa_s_per_nl": 1.2e-3}, plant=plant)
    before_nl = [rig.plant.delivered_nl]
    records: list[tuple[int, int, int, int]] = []

    def watch(rig: Rig) -> None:
        record = rig.loop.drop
        if record.result == drop.DELIVERED and len(records) < record.number:
            records.append((record.number, record.reported_min_nl, record.reported_nl, record.reported_max_nl))
            before_nl.append(rig.plant.delivered_nl)

    rig.watch = watch
    rig.press()
    assert [record[0] for record in records] == list(range(1, 21))
    for (number, least_nl, reported_nl, most_nl), (before, after) in zip(records, pairwise(before_nl), strict=True):
        true_nl = after - before
        assert least_nl <= true_nl <= most_nl, number
        assert abs(reported_nl - true_nl) <= max(50, dose_nl // 50), number
        assert true_nl == pytest.approx(dose_nl, rel=0.05), number


def test_a_tip_that_holds_no_suction_has_its_drops_touched_off_in_a_burst_too() -> None:
    rig = armed({**BURST, "burst_count": 3})
    rig.loop.touch.tip_draws = 1
    seen: list[str] = []

    def watch(rig: Rig) -> None:
        if not seen or seen[-1] != moments.phase_of(rig):
            seen.append(moments.phase_of(rig))

    rig.watch = watch
    rig.press()
    assert seen.count("weigh") == 3
    assert rig.plant.delivered_nl == pytest.approx(15_000, rel=0.05)


def test_a_drop_much_later_than_its_slot_is_followed_at_once_and_not_by_a_volley() -> None:
    wanted = {"mode": "burst", "burst_count": 6, "dose_nl": 2_000, "rate_mhz": 10_000}
    rig = armed(wanted, {"needle_kpa_s_per_nl": 1.2e-2})
    starts = starts_of(rig)
    assert min(after - before for before, after in pairwise(starts)) > 50


def test_a_burst_that_is_let_go_ends_with_the_drop_in_work() -> None:
    rig = armed(BURST)
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    while rig.loop.drop.number < 2 or moments.phase_of(rig) != "dose":
        rig.tick()
    moments.let_go(rig)
    assert (rig.loop.drop.number, result_of(rig)) == (2, "aborted")
    assert rig.state == "ARMED"


def test_a_fault_between_the_drops_of_a_burst_keeps_what_was_weighed() -> None:
    rig = armed({**BURST, "rate_mhz": 1_000})
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig = moments.in_phase("wait", 3, rig)
    rig.stop = 1
    rig.run(20)
    assert rig.state == "FAULT"
    assert (rig.loop.drop.number, result_of(rig)) == (1, "delivered")


@pytest.mark.parametrize("phase", ["wait", "turn"])
def test_a_burst_that_is_let_go_between_drops_keeps_what_is_known_of_the_last(phase: str) -> None:
    rig = armed({**BURST, "rate_mhz": 1_000})
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig = moments.in_phase(phase, 3, rig)
    moments.let_go(rig)
    assert result_of(rig) == ("delivered" if phase == "wait" else "aborted")
    assert rig.loop.drop.reported_min_nl <= rig.plant.delivered_nl <= rig.loop.drop.reported_max_nl
    assert rig.plant.home


def test_a_burst_is_no_longer_than_the_syringe() -> None:
    rig = armed({"mode": "burst", "burst_count": 20, "dose_nl": 150_000})
    rig.press()
    record = rig.loop.drop
    assert result_of(rig) == "delivered"
    assert record.number == 6  # 900 of 1000 ul; a seventh is not in it
    assert rig.plant.delivered_nl == pytest.approx(900_000, rel=0.01)
    assert rig.state == "IDLE"


def turning(rig: Rig, meddle_um: int, ticks: int) -> Rig:
    """A burst whose needle sensor shows so much more from the first turn on, for so many ticks."""
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    while moments.phase_of(rig) != "turn":
        rig.tick()
    left = [ticks]

    def lie(inputs: Inputs) -> None:
        if left[0] > 0:
            left[0] -= 1
            inputs.needle_counts += meddle_um // 4

    rig.meddle = lie
    return rig


def test_a_needle_that_does_not_come_to_where_it_waits_ends_the_burst() -> None:
    rig = turning(armed(BURST), 80, 1_000)
    rig.until("FAULT", ms=200)
    assert rig.loop.faults == faults.NEEDLE_DISAGREES


def test_a_drop_is_not_closed_before_the_sensor_has_seen_the_needle_wait() -> None:
    rig = turning(armed(BURST), 80, 8)
    while moments.phase_of(rig) == "turn":
        assert result_of(rig) == "open"
        rig.tick()
    assert (moments.phase_of(rig), result_of(rig)) == ("wait", "delivered")


@pytest.mark.parametrize(("dose_nl", "rate_mhz"), FASTEST)
@pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
def test_air_that_comes_into_a_fast_burst_ends_it_with_that_drop(dose_nl: int, rate_mhz: int, part: float) -> None:
    wanted = {"mode": "burst", "burst_count": 12, "dose_nl": dose_nl, "rate_mhz": rate_mhz}
    strikes_nl = round((5 + part) * dose_nl)
    rig = armed(wanted, {"bubble_nl": 2_000, "bubble_after_nl": strikes_nl})
    before_nl = rig.plant.delivered_nl
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig.until("FAULT", "ARMED", ms=30_000)
    rig.run(500)
    record = rig.loop.drop
    assert (result_of(rig), record.number) == ("fault", 6)
    assert rig.loop.faults in (faults.BUBBLE, faults.NO_PRESSURE)
    true_nl = rig.plant.delivered_nl - before_nl - 5 * dose_nl
    assert record.reported_min_nl - 0.02 * dose_nl <= true_nl <= record.reported_max_nl + 0.02 * dose_nl


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
def test_a_needle_that_clogs_in_a_fast_burst_ends_it_with_that_drop(part: float) -> None:
    wanted = {"mode": "burst", "burst_count": 12, "dose_nl": 2_000, "rate_mhz": 10_000}
    rig = armed(wanted, {"occluded_after_nl": round((5 + part) * 2_000)})
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig.until("FAULT", "ARMED", ms=30_000)
    assert (rig.loop.drop.number, rig.loop.faults) == (6, faults.OCCLUSION)
