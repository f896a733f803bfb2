"""machine.PWM: frequencies and resolutions, timers that are shared and lost, and whose pad it is."""

import pytest

from tools.simulator import silicon
from tools.simulator.chip.machine import PWM, Pin
from tools.simulator.ledc import FULL_DUTY, Channel
from tools.simulator.silicon import Chip

RED, GREEN, BLUE, BUZZER = 35, 36, 37, 3


@pytest.fixture
def s3() -> Chip:
    return silicon.power_on("esp32s3")


@pytest.fixture
def esp32() -> Chip:
    return silicon.power_on("esp32")


def share(chip: Chip, number: int) -> float:
    """How much of the time a pad is high, 0..1."""
    channel = chip.pins[number].signal
    assert isinstance(channel, Channel)
    return channel.high_share() / FULL_DUTY


# --- duty -------------------------------------------------------------------------------------------------------------


def test_without_arguments_it_is_5_khz_half_of_the_time(s3: Chip) -> None:
    pwm = PWM(RED)
    assert pwm.freq() == 5000
    assert pwm.duty_u16() == 32768
    assert share(s3, RED) == 0.5
    assert repr(pwm) == "PWM(Pin(35), freq=5000, duty_u16=32768)"


@pytest.mark.parametrize(("duty", "high"), [(0, 0), (16384, 0.25), (65535, 1)])
def test_duty_0_is_always_low_and_65535_always_high(s3: Chip, duty: int, high: float) -> None:
    pwm = PWM(Pin(RED), freq=1000, duty_u16=duty)
    assert share(s3, RED) == high
    assert s3.pins[RED].net.level == int(high)
    assert pwm.duty_u16() == duty


def test_duty_of_ten_bits_and_in_nanoseconds(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty=256)
    assert share(s3, RED) == 0.25
    assert pwm.duty() == 256
    pwm.duty(1023)
    assert share(s3, RED) == 1
    pwm.duty_ns(500_000)
    assert share(s3, RED) == 0.5
    assert pwm.duty_ns() == 500_000
    pwm.freq(2000)  # the time stays, so the share doubles
    assert share(s3, RED) == 1
    pwm.duty_ns(1)
    assert pwm.duty_u16() == 0  # below one step of 13 bits


def test_a_duty_has_no_more_steps_than_the_frequency_allows(s3: Chip) -> None:
    pwm = PWM(RED, freq=1_000_000, duty_u16=0)
    pwm.duty_u16(1023)
    assert pwm.duty_u16() == 0
    pwm.duty_u16(1024)
    assert pwm.duty_u16() == 1024


@pytest.mark.parametrize(
    ("chip", "hz", "bits"),
    [
        ("esp32s3", 1000, 13),
        ("esp32s3", 20_000, 11),
        ("esp32s3", 40_000_000, 1),
        ("esp32", 1000, 16),
        ("esp32", 50, 16),
    ],
)
def test_resolution_falls_with_frequency(chip: str, hz: int, bits: int) -> None:
    powered = silicon.power_on(chip)
    PWM(4, freq=hz)
    assert powered.ledc.timers[0][0].bits == bits


@pytest.mark.parametrize("wrong", [-1, 65536])
def test_duty_out_of_range_is_refused(s3: Chip, wrong: int) -> None:
    pwm = PWM(RED)
    with pytest.raises(ValueError, match="duty_u16 must be from 0 to 65536"):
        pwm.duty_u16(wrong)
    with pytest.raises(ValueError, match="duty must be from 0 to 1023"):
        pwm.duty(1024 if wrong > 0 else -1)
    with pytest.raises(ValueError, match="duty_ns must be from 0 to 200000 ns"):
        pwm.duty_ns(200_001 if wrong > 0 else -1)


def test_inversion_turns_the_share_over(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty_u16=16384, invert=True)
    assert share(s3, RED) == 0.75
    pwm.init(invert=False)
    assert share(s3, RED) == 0.25


# --- frequency --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [0, -2, 40_000_001])
def test_frequency_out_of_range_is_refused(s3: Chip, wrong: int) -> None:
    with pytest.raises(ValueError, match="frequency must be from 1Hz to 40MHz"):
        PWM(RED, freq=wrong)
    with pytest.raises(ValueError, match="frequency must be from 1Hz to 40MHz"):
        PWM(RED).freq(wrong)


def test_a_frequency_that_no_divider_gives_is_an_error_of_the_idf(s3: Chip) -> None:
    with pytest.raises(OSError, match="ESP_FAIL"):
        PWM(RED, freq=4)
    assert PWM(GREEN, freq=5).freq() == 5


def test_below_10_hz_the_esp32_has_another_clock_which_is_not_simulated(esp32: Chip) -> None:
    with pytest.raises(NotImplementedError):
        PWM(4, freq=9)


def test_the_divider_gives_nearly_the_frequency_asked_for(s3: Chip) -> None:
    pwm = PWM(RED)
    for hz in (440, 523, 2731, 19_997, 77_777):
        pwm.freq(hz)
        got = pwm.freq()
        assert got is not None
        assert abs(got - hz) <= hz // 500


def test_setting_the_frequency_keeps_the_duty(s3: Chip) -> None:
    pwm = PWM(BUZZER, freq=500, duty_u16=20_000)
    pwm.freq(4000)
    assert pwm.freq() == 4000
    assert share(s3, BUZZER) == pytest.approx(20_000 / 65_536, abs=1e-4)


# --- timers and channels ----------------------------------------------------------------------------------------------


def timers(chip: Chip) -> "list[int]":
    """Frequencies that are claimed."""
    return [timer.hz for group in chip.ledc.timers for timer in group if timer.hz > 0]


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


# --- the pad ----------------------------------------------------------------------------------------------------------


def test_deinit_leaves_the_pad_low_and_the_object_inactive(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty_u16=65535)
    assert s3.pins[RED].net.level == 1
    pwm.deinit()
    pwm.deinit()
    assert s3.pins[RED].net.level == 0
    assert share(s3, RED) == 0
    assert timers(s3) == []
    assert repr(pwm) == "PWM(Pin(35))"
    for action in (pwm.freq, pwm.duty_u16, lambda: pwm.duty_u16(1), lambda: pwm.duty_ns(1), lambda: pwm.freq(10)):
        with pytest.raises(RuntimeError, match="PWM is inactive"):
            action()
    pwm.init(freq=2000, duty_u16=16384)
    assert share(s3, RED) == 0.25


def test_deinit_of_an_inverted_pin_leaves_it_high(s3: Chip) -> None:
    PWM(RED, freq=1000, invert=True).deinit()
    assert s3.pins[RED].net.level == 1


def test_a_channel_given_back_still_reaches_its_old_pad(s3: Chip) -> None:
    PWM(RED, freq=1000).deinit()
    PWM(GREEN, freq=1000, duty_u16=65535)
    assert s3.pins[RED].net.level == 1
    Pin(RED, Pin.OUT, value=0)
    assert s3.pins[RED].net.level == 0


def test_a_pin_mode_takes_the_pad_and_pwm_does_not_notice(s3: Chip) -> None:
    pwm = PWM(RED, freq=1000, duty_u16=65535)
    pin = Pin(RED, Pin.OUT, value=0)
    assert pin() == 0
    pwm.duty_u16(65535)
    assert s3.pins[RED].net.level == 0


def test_a_bare_pin_object_leaves_pwm_alone(s3: Chip) -> None:
    PWM(RED, freq=1000, duty_u16=16384)
    Pin(RED)
    assert share(s3, RED) == 0.25


def test_an_input_only_pin_is_refused(esp32: Chip) -> None:
    with pytest.raises(OSError, match="ESP_ERR_INVALID_ARG"):
        PWM(34)


def test_light_sleep_is_not_simulated(s3: Chip) -> None:
    with pytest.raises(NotImplementedError):
        PWM(RED, lightsleep=True)


def test_a_call_takes_time(s3: Chip) -> None:
    pwm = PWM(RED)
    before_us = s3.now_us
    pwm.duty_u16(5)
    assert 5 <= s3.now_us - before_us <= 50
