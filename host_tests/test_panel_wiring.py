"""The panel in the world: what answers on the bus, what lamp and buzzer do, and what a reset leaves alone."""

import pytest

from host_tests.world_bench import CHIPS, Screws
from tools.simulator.chip import time as device_time
from tools.simulator.chip.machine import I2C, PWM, WDT_RESET, Pin
from tools.simulator.knob import EDGE_US
from tools.simulator.panel_wiring import LOUDEST, OWN_PITCH_HZ, QUIET
from tools.simulator.silicon import HARD_RESET, PWRON_RESET
from tools.simulator.world import PowerOff, World

SHOW = bytes((0x00, 0xA1, 0xC8, 0x8D, 0x14, 0xA5, 0xAF))
OUTPUTS = b"\x03\x07"  # the expander's configuration


def bus(world: World) -> I2C:
    """The bus of a board, started as drivers do."""
    return I2C(0, scl=Pin(world.pins.I2C_SCL), sda=Pin(world.pins.I2C_SDA), freq=400_000)


@pytest.fixture
def s3() -> World:
    return World(Screws())


@pytest.fixture
def esp32() -> World:
    return World(Screws(), "esp32")


@pytest.mark.parametrize(("chip", "addresses"), [("esp32s3", [0x3C, 0x68]), ("esp32", [0x20, 0x3C, 0x68])])
def test_display_and_clock_answer_and_on_the_small_board_an_expander(chip: str, addresses: "list[int]") -> None:
    world = World(Screws(), chip)
    assert bus(world).scan() == addresses
    assert world.chip.flags == []


@pytest.mark.parametrize("chip", CHIPS)
def test_the_display_shows_what_the_bus_brings(chip: str) -> None:
    world = World(Screws(), chip)
    i2c = bus(world)
    i2c.writeto(0x3C, SHOW)
    assert world.display.pixel(77, 33) == 1
    world.bus.silent.add(0x3C)
    with pytest.raises(OSError, match="ENODEV"):
        i2c.writeto(0x3C, b"\x00\xae")
    assert world.display.on


def test_the_clock_runs_while_the_device_sleeps(s3: World) -> None:
    i2c = bus(s3)
    i2c.readfrom_mem(0x68, 0, 7)
    device_time.sleep_ms(61_000)
    assert i2c.readfrom_mem(0x68, 0, 3).hex() == "010109"


def test_the_knob_is_behind_the_expander_of_the_small_board(esp32: World) -> None:
    i2c = bus(esp32)
    assert i2c.readfrom(0x20, 1) == b"\xff"
    esp32.turn_knob(-1)
    esp32.push_knob(1)
    start_us = esp32.now_us
    seen: list[int] = []
    for edge in range(4):
        device_time.sleep_us(start_us + edge * EDGE_US + 5_100 - esp32.now_us)
        seen.append(i2c.readfrom(0x20, 1)[0] ^ 0xFF)
    assert seen == [0b110, 0b111, 0b101, 0b100]


# --- lamp and buzzer --------------------------------------------------------------------------------------------------


def test_the_lamp_is_dark_until_a_pin_drives_it(s3: World) -> None:
    assert s3.lamp() == (0, 0, 0)
    Pin(s3.pins.LAMP_RED, Pin.IN, Pin.PULL_UP)
    assert s3.lamp() == (0, 0, 0)
    Pin(s3.pins.LAMP_RED, Pin.OUT, value=1)
    assert s3.lamp() == (255, 0, 0)


def test_the_lamp_shines_as_bright_as_the_duty_says(s3: World) -> None:
    pins = s3.pins
    red = PWM(pins.LAMP_RED, freq=1000, duty_u16=0)
    PWM(pins.LAMP_GREEN, freq=1000, duty_u16=65535)
    PWM(pins.LAMP_BLUE, freq=1000, duty_u16=32768)
    assert s3.lamp() == (0, 255, 128)
    red.duty_u16(257 * 77)
    assert s3.lamp()[0] == 77


def test_the_buzzer_has_the_pitch_of_its_timer_and_is_loudest_at_half_duty(s3: World) -> None:
    assert s3.buzzer() == (0, 0)
    pwm = PWM(s3.pins.BUZZER, freq=440, duty_u16=32768)
    assert s3.buzzer() == (440, 255)
    loudness: list[int] = []
    for duty in (0, 2000, 8000, 20_000, 45_536, 57_536, 63_536, 65_535):
        pwm.duty_u16(duty)
        loudness.append(s3.buzzer()[1])
    assert loudness[0] == loudness[-1] == 0
    assert 0 < loudness[1] < loudness[2] < loudness[3] < LOUDEST
    assert loudness[1:4] == loudness[6:3:-1]
    assert s3.buzzer() == (0, 0)
    pwm.deinit()
    assert s3.buzzer() == (0, 0)


def test_a_level_is_no_tone(s3: World) -> None:
    Pin(s3.pins.BUZZER, Pin.OUT, value=1)
    assert s3.buzzer() == (0, 0)


def test_behind_the_expander_low_is_lit_and_only_outputs_count(esp32: World) -> None:
    i2c = bus(esp32)
    i2c.writeto(0x20, b"\x01\x00")
    assert (esp32.lamp(), esp32.buzzer()) == ((0, 0, 0), (0, 0))
    i2c.writeto(0x20, OUTPUTS)
    assert (esp32.lamp(), esp32.buzzer()) == ((255, 255, 255), (OWN_PITCH_HZ, LOUDEST))
    i2c.writeto(0x20, bytes((1, 0b1010_1111)))
    assert (esp32.lamp(), esp32.buzzer()) == ((0, 255, 0), (OWN_PITCH_HZ, QUIET))
    i2c.writeto(0x20, bytes((1, 0b0111_1111)))
    assert (esp32.lamp(), esp32.buzzer()) == ((0, 0, 0), (0, 0))  # loud alone is nothing


# --- resets and loss of power -----------------------------------------------------------------------------------------


def test_a_reset_darkens_the_lamp_of_the_reference_board(s3: World) -> None:
    PWM(s3.pins.LAMP_RED, freq=1000)
    PWM(s3.pins.BUZZER, freq=440)
    s3.restart(HARD_RESET)
    assert (s3.lamp(), s3.buzzer()) == ((0, 0, 0), (0, 0))


def test_a_reset_leaves_display_and_expander_as_they_were(esp32: World) -> None:
    i2c = bus(esp32)
    i2c.writeto(0x3C, SHOW)
    i2c.writeto(0x20, b"\x01\xf7")
    i2c.writeto(0x20, OUTPUTS)
    esp32.restart(WDT_RESET)
    assert esp32.display.pixel(0, 0) == 1
    assert esp32.lamp() == (255, 0, 0)
    assert bus(esp32).readfrom(0x20, 1) == b"\x07"  # even the last command byte


@pytest.mark.parametrize("chip", CHIPS)
def test_without_power_everything_is_dark_and_with_it_again_stays_so(chip: str) -> None:
    world = World(Screws(), chip)
    i2c = bus(world)
    i2c.writeto(0x3C, SHOW)
    if chip == "esp32":
        i2c.writeto(0x20, b"\x01\x00")
        i2c.writeto(0x20, OUTPUTS)
    else:
        PWM(world.pins.LAMP_RED, freq=1000)
        PWM(world.pins.BUZZER, freq=1000)
    assert world.lamp() != (0, 0, 0)
    assert world.buzzer() != (0, 0)
    world.power_off()
    with pytest.raises(PowerOff):
        i2c.scan()
    for _ in range(2):
        assert (world.lamp(), world.buzzer(), world.display.pixel(0, 0)) == ((0, 0, 0), (0, 0), 0)
        world.restart(PWRON_RESET)


def test_the_clock_has_a_battery(s3: World) -> None:
    s3.power_off()
    s3.idle(5_000_000)
    s3.restart(PWRON_RESET)
    assert bus(s3).readfrom_mem(0x68, 0, 2).hex() == "0500"
    assert not s3.clock_chip.stopped
