"""The spring brings an unpowered needle home."""

import pytest

from host_tests.world_bench import CHIPS, TRAIN, Bench, Screws
from tools.simulator.chip import time as device_time
from tools.simulator.world import World


@pytest.fixture(params=CHIPS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


def test_the_spring_pulls_an_unpowered_needle_home_at_100_mm_per_s_uncounted() -> None:
    bench = Bench(needle_um=1000.0)
    start = bench.plant.needle_um
    device_time.sleep_ms(2)
    bench.pressure.read_u16()
    assert abs(start - bench.plant.needle_um - bench.plant.time_us / 10) <= 5
    device_time.sleep_ms(40)
    bench.pressure.read_u16()
    assert bench.plant.home
    assert -2005 <= bench.plant.needle_um <= -1990
    assert bench.needle_count.value() == 0


def test_a_powered_motor_holds_against_the_spring() -> None:
    bench = Bench(needle_um=1000.0)
    bench.power()
    bench.pressure.read_u16()
    held = bench.plant.needle_um
    bench.settle()
    assert bench.plant.needle_um == held
    bench.needle_en(1)
    bench.settle()
    assert bench.plant.needle_um < held - 900


def test_the_stop_lets_the_spring_pull(bench: Bench) -> None:
    bench.power()
    bench.needle.write_pulses(TRAIN * 40)
    bench.settle()
    assert not bench.plant.home
    bench.world.set_stop(0)
    bench.settle()
    assert bench.plant.home


def test_a_broken_spring_leaves_the_needle_where_it_is() -> None:
    bench = Bench(needle_um=1000.0, spring_um_per_s=0)
    bench.settle()
    assert bench.plant.needle_um == 1000


def test_the_spring_never_gives_up_short_of_the_home_switch() -> None:
    """A sensor that reads 30 um too low must not end the pull before the switch closes."""

    class LowSensor(Screws):
        @property
        def home(self) -> bool:
            return self.needle_um <= -2030

    world = World(LowSensor(-1990.0))
    for _ in range(30):
        world.idle(2000)
    assert world.plant.home
