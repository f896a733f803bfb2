"""machine.PWM: timers and channels, which are shared, run out, and are lost."""

import pytest

from host_tests.pwm_bench import BLUE, BUZZER, GREEN, RED, share, timers
from tools.simulator import silicon
from tools.simulator.chip.machine import PWM
from tools.simulator.silicon import Chip


@pytest.fixture
def s3() -> Chip:
    return silicon.power_on("esp32s3")


@pytest.fixture
def esp32() -> Chip:
    return silicon.power_on("esp32")


def test_pins_with_the_same_frequency_share_a_timer(s3: Chip) -> None:
    for number in (RED, GREEN, BLUE):
        PWM(number, freq=1000)
    PWM(BUZZER, freq=440)
    assert timers(s3) == [1000, 440]


def test_four_frequencies_are_all_there_are(s3: Chip) -> None:
    for number, hz in enumerate((100, 200, 300, 400)):
        PWM(5 + number, freq=hz)
    PWM(9, freq=300)
    with pytest.raises(RuntimeError, match="out of PWM channels:8"):  # so the port calls a lack of timers here
        PWM(10, freq=500)


def test_eight_channels_are_all_there_are(s3: Chip) -> None:
    for number in range(4, 12):
        PWM(number, freq=1000)
    with pytest.raises(RuntimeError, match="out of PWM channels:8"):
        PWM(12, freq=1000)


def test_the_esp32_has_two_groups_of_them(esp32: Chip) -> None:
    numbers = [4, 13, 14, 16, 17, 18, 19, 21, 22]
    for index, number in enumerate(numbers[:8]):
        PWM(number, freq=100 * (index + 1))
    assert len(timers(esp32)) == 8
    with pytest.raises(RuntimeError, match="out of PWM channels:16"):
        PWM(numbers[8], freq=1)


def test_alone_on_its_timer_a_pin_retunes_it(s3: Chip) -> None:
    pwm = PWM(BUZZER, freq=440)
    for hz in range(500, 3000, 100):
        pwm.freq(hz)
    assert timers(s3) == [2900]


def test_leaving_a_shared_timer_takes_a_free_one(s3: Chip) -> None:
    PWM(RED, freq=1000)
    pwm = PWM(GREEN, freq=1000)
    pwm.freq(2000)
    assert timers(s3) == [1000, 2000]
    assert share(s3, GREEN) == 0.5


def test_joining_anothers_timer_leaves_ones_own_behind_until_there_is_none_left(s3: Chip) -> None:
    PWM(RED, freq=1000)
    pwm = PWM(BUZZER, freq=440)
    for hz in (1000, 500, 1000):
        pwm.freq(hz)
    assert timers(s3) == [1000, 440, 500]
    pwm.freq(600)
    assert timers(s3) == [1000, 440, 500, 600]
    pwm.freq(1000)
    with pytest.raises(RuntimeError, match="out of PWM timers:4"):
        pwm.freq(700)


def test_a_second_object_of_a_pin_with_another_frequency_leaves_a_timer_behind(s3: Chip) -> None:
    for hz in (1000, 2000, 3000, 4000):
        PWM(RED, freq=hz)
    assert timers(s3) == [1000, 2000, 3000, 4000]
    with pytest.raises(RuntimeError, match="out of PWM timers:4"):
        PWM(RED, freq=5000)


def test_two_objects_of_one_pin_are_one_channel(s3: Chip) -> None:
    first = PWM(RED, freq=1000, duty_u16=0)
    second = PWM(RED, duty_u16=16384)
    assert second.freq() == 1000
    assert first.duty_u16() == 16384


def test_a_group_without_a_free_channel_lends_no_timer(esp32: Chip) -> None:
    for number in (4, 13, 14, 16, 17, 18, 19, 21, 22):
        PWM(number, freq=1000, duty_u16=16384)
    assert timers(esp32) == [1000, 1000]
    assert share(esp32, 22) == 0.25
