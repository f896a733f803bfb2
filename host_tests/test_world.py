"""The world around the chip: frames of the plant, sensors and contacts, a hand, resets."""

import pytest

from host_tests.world_bench import CHIPS, TRAIN, Bench, Hand, Screws
from tools.simulator import tmc2209
from tools.simulator.chip import machine
from tools.simulator.chip import time as device_time
from tools.simulator.pads import Pin
from tools.simulator.world import PowerOff, SimulatedReset, World


@pytest.fixture(params=CHIPS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


# --- frames -----------------------------------------------------------------------------------------------------------


def test_one_look_each_tick_gives_the_plant_one_whole_frame_each(bench: Bench) -> None:
    bench.power()
    bench.settle()
    due_us = bench.world.now_us
    del bench.plant.frames[:]
    for tick in range(50):
        due_us += 2000
        device_time.sleep_us(due_us - bench.world.now_us + 3 * (tick % 4))  # a little jitter
        for adc in (bench.pressure, bench.position, bench.supply):
            adc.read_u16()
        bench.dose.write_pulses(TRAIN * 30)
    assert bench.plant.frames[1:] == [(2000, 30, 0)] * 49


def test_frames_never_exceed_2000_us_nor_come_more_often_than_every_500() -> None:
    bench = Bench()
    for us in (1, 400, 499, 501, 2499, 2501, 4400, 10_000, 123_456):
        device_time.sleep_us(us)
        for _ in range(3):
            bench.pressure.read_u16()
    assert all(500 <= frame[0] <= 2000 for frame in bench.plant.frames)
    assert 0 <= bench.world.now_us - bench.plant.time_us < 500


def test_the_plant_falls_into_step_with_whoever_looks_every_tick() -> None:
    for phase_us in range(0, 2000, 130):
        bench = Bench()
        device_time.sleep_us(phase_us)
        bench.settle()
        assert [frame[0] for frame in bench.plant.frames[-4:]] == [2000] * 4
        assert abs(bench.world.now_us - bench.plant.time_us) < 200


def test_trains_between_two_looks_land_in_the_frames_in_which_they_ran() -> None:
    bench = Bench()
    bench.power()
    bench.pressure.read_u16()
    del bench.plant.frames[:]
    for steps in (10, 20, 30):
        bench.dose.write_pulses([5, 25] * steps)
        device_time.sleep_us(4000)
    bench.pressure.read_u16()
    assert [frame[1] for frame in bench.plant.frames if frame[1]] == [10, 20, 30]


# --- sensors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kpa", "counts"), [(-50.0, 0), (-60.0, 0), (0.0, 200), (0.12, 200), (0.13, 201), (400.0, 1800), (1000.0, 4095)]
)
def test_pressure_counts(kpa: float, counts: int) -> None:
    bench = Bench()
    bench.plant.pressure_kpa = kpa
    assert bench.pressure.read_u16() >> 4 == counts


@pytest.mark.parametrize(
    ("um", "counts"), [(-3000.0, 0), (-2000.0, 250), (0.0, 750), (1.9, 750), (2.1, 751), (13380.0, 4095)]
)
def test_needle_counts(um: float, counts: int) -> None:
    bench = Bench(needle_um=um, spring_um_per_s=0)
    assert bench.position.read_u16() >> 4 == counts


def test_supply_counts_follow_the_divider(bench: Bench) -> None:
    assert bench.supply.read_u16() >> 4 == 12_000 * 4095 // 15_500
    bench.world.supply_mv = 8000
    assert bench.supply.read_u16() >> 4 == 8000 * 4095 // 15_500


def test_contacts_read_low_when_closed(bench: Bench) -> None:
    pins = bench.pins
    world = bench.world
    names = ("TRIGGER_NO", "TRIGGER_NC", "CONTACT_A", "CONTACT_B", "STOP", "CONFIRM", "HOME")
    read = {name: Pin(getattr(pins, name), Pin.IN) for name in names}
    assert [read[name]() for name in names] == [1, 0, 1, 1, 0, 1, 0]  # at rest, needle home
    world.set_trigger(1, 0)
    world.set_contact(1, 0)
    world.set_confirm(1)
    world.set_stop(0)
    assert [read[name]() for name in names] == [0, 1, 0, 1, 1, 0, 0]
    assert bench.plant.contact
    world.set_contact(0, 0)
    assert not bench.plant.contact


def test_the_home_switch_follows_the_plant() -> None:
    bench = Bench()
    home = Pin(bench.pins.HOME, Pin.IN)
    assert home() == 0
    bench.power()
    bench.needle.write_pulses(TRAIN * 20)
    device_time.sleep_ms(3)
    assert home() == 1


def test_a_new_plant_takes_over_the_skin_contact(bench: Bench) -> None:
    bench.world.set_contact(1, 1)
    bench.world.plant = Screws()
    assert bench.world.plant.contact


def test_both_boards_need_nothing_that_a_reviewer_would_object_to(bench: Bench) -> None:
    assert bench.world.chip.flags == []


# --- hand -------------------------------------------------------------------------------------------------------------


def test_the_hand_moves_at_its_moments_in_the_middle_of_whatever_the_device_does() -> None:
    hand = Hand(
        (0, lambda world: None), (777, lambda world: world.set_confirm(1)), (5001, lambda world: world.set_confirm(0))
    )
    world = World(Screws(), hand=hand)
    confirm = Pin(38, Pin.IN)
    device_time.sleep_us(1000)
    assert confirm() == 0
    device_time.sleep_us(10_000)
    assert confirm() == 1
    assert hand.times == [0, 777, 5001]
    assert world.now_us < 11_010


def test_the_hand_can_cut_the_supply_and_the_needle_goes_home() -> None:
    hand = Hand((100_000, lambda world: world.power_off()))
    bench = Bench(hand=hand, needle_um=1000.0)
    bench.power()
    with pytest.raises(PowerOff):
        bench.work_for_ever()
    assert bench.world.now_us == 100_000
    moved = bench.plant.dose
    assert not bench.plant.home
    bench.world.idle(3_000_000)
    assert bench.plant.home
    assert bench.plant.dose - moved <= 20
    assert abs(bench.plant.time_us - 3_100_000) <= 500


def test_a_hand_that_never_moves_on_is_an_error() -> None:
    class Stuck:
        next_us = 50

        def step(self, world: World) -> None:
            pass

    World(Screws(), hand=Stuck())
    with pytest.raises(RuntimeError, match="next_us stays at 50"):
        device_time.sleep_ms(1)


def test_a_hand_put_there_later_is_noticed_after_reschedule() -> None:
    world = World(Screws())
    world.hand = Hand((300, lambda world: world.power_off()))
    world.reschedule()
    with pytest.raises(PowerOff):
        device_time.sleep_ms(1)


# --- resets -----------------------------------------------------------------------------------------------------------


def test_a_watchdog_reset_lets_go_of_the_motors_and_keeps_rtc_memory() -> None:
    bench = Bench(needle_um=500.0)
    bench.power()
    machine.RTC().memory(b"open")
    machine.WDT(timeout=100)
    bench.dose.loop(True)
    bench.dose.write_pulses([100, 900])
    with pytest.raises(SimulatedReset) as reset:
        bench.dose.write_pulses([100, 900])
    moved = bench.world.dose.step.rises
    world = bench.world
    assert not world.needle.powered
    world.restart(reset.value.cause)
    assert machine.reset_cause() == machine.WDT_RESET
    assert machine.RTC().memory() == b"open"
    world.idle(50_000)
    assert bench.plant.home
    assert abs(bench.plant.dose - moved) <= 1


def test_loss_of_power_clears_rtc_memory_and_the_drivers() -> None:
    bench = Bench()
    machine.RTC().memory(b"open")
    bench.world.dose_driver.write(tmc2209.GSTAT, 7)
    bench.world.power_off()
    bench.world.restart(machine.PWRON_RESET)
    assert machine.RTC().memory() == b""
    assert bench.world.dose_driver.read(tmc2209.GSTAT) == tmc2209.GSTAT_RESET
    assert machine.reset_cause() == machine.PWRON_RESET


def test_controls_keep_their_positions_through_a_restart() -> None:
    bench = Bench()
    bench.world.set_trigger(1, 0)
    bench.world.set_stop(0)
    bench.world.restart(machine.HARD_RESET)
    assert Pin(bench.pins.TRIGGER_NO, Pin.IN)() == 0
    assert Pin(bench.pins.STOP, Pin.IN)() == 1
    assert not bench.world.dose.supplied
