"""Everything that the simulated panel can do, as lines of text: the same on every interpreter.

Called by host_tests/test_panel_interpreters.py: THIS_FILE ROOT. Prints the lines.
"""

# pyright: basic
# ruff: noqa: E402 - where modules come from is set first

import sys

# One of the interpreters imports its program instead of starting it.
STARTED = sys.argv[0].endswith("panel_story.py")
if STARTED:
    sys.path.insert(0, sys.argv[1])

from tools.simulator import silicon
from tools.simulator.i2c import I2C
from tools.simulator.pads import Pin
from tools.simulator.pwm import PWM
from tools.simulator.world import World


class Still:
    """A plant in which nothing happens."""

    pressure_kpa = 0.0
    needle_um = -2000.0
    home = True
    contact = False

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Nothing."""


def story() -> "list[str]":
    """The lines."""
    lines: list[str] = []
    for chip in ("esp32s3", "esp32"):
        world = World(Still(), chip)
        pins = world.pins
        i2c = I2C(0, scl=Pin(pins.I2C_SCL), sda=Pin(pins.I2C_SDA), freq=400000, timeout=20000)
        lines.append(f"{chip} {i2c} {i2c.scan()}")
        lines.append(knob(world, i2c))
        lines.append(display(world, i2c))
        lines.append(clock(world, i2c))
        lines.append(light_and_sound(world, i2c))
        lines.append(failures(world, i2c))
        bus = world.bus
        lines.append(f"{world.now_us} {bus.transactions} {bus.bytes} {bus.failures} {bus.longest_us}")
        lines.append(" | ".join(world.chip.flags))
    return lines


def knob(world: World, i2c: I2C) -> str:
    """What a device reads every 700 us while the knob turns, pushed and let go."""
    pins = world.pins
    world.turn_knob(3)
    world.turn_knob(-2)
    world.push_knob(1)
    world.set_confirm(1)
    confirm = Pin(pins.CONFIRM, Pin.IN)
    contacts = []
    if not pins.EXPANDER_ADDRESS:
        contacts = [Pin(number, Pin.IN, Pin.PULL_UP) for number in (pins.KNOB_A, pins.KNOB_B, pins.KNOB_PUSH)]
    seen = []
    while world.now_us < world.knob_turns_until_us:
        if contacts:
            levels = "".join([str(contact()) for contact in contacts])
        else:
            levels = f"{i2c.readfrom(pins.EXPANDER_ADDRESS, 1)[0]:02x}"
        seen.append(levels + str(confirm()))
        silicon.chip.sleep(700)
        if len(seen) == 90:
            world.push_knob(0)
            world.set_confirm(0)
    return " ".join(seen)


def display(world: World, i2c: I2C) -> str:
    """Three ways to address, as a sum over the glass that knows where each dot is."""
    i2c.writeto(0x3C, bytes((0x00, 0xA1, 0xC8, 0x8D, 0x14, 0xAF, 0x81, 0x10)))
    slice_ = bytearray((0x80, 0xB3, 0x80, 0x05, 0x80, 0x12, 0x40)) + bytes(range(24))
    i2c.writeto(0x3C, memoryview(slice_))
    i2c.writevto(0x3C, (b"\x00", b"\x20\x00\x21\x05\x30\x22\x01\x06"))
    i2c.writeto(0x3C, b"\x40" + bytes(range(200)))
    i2c.writeto(0x3C, b"\x00\x20\x01\x21\x40\x50\x22\x02\x04\x45\xd3\x03\xa7")
    i2c.writeto(0x3C, b"\x40" + bytes(range(60)))
    total = 0
    for y in range(64):
        for x in range(128):
            if world.display.pixel(x, y):
                total = (total * 31 + y * 128 + x) % 1000003
    return f"{total} {world.display.contrast} {world.display.lines()[40]}"


def clock(world: World, i2c: I2C) -> str:
    """New year's eve of a leap year, then its 29th of February; and the registers behind the time."""
    i2c.writeto_mem(0x68, 0, b"\x58\x59\x23\x05\x31\x12\x27")
    silicon.chip.sleep(3000000)
    got = bytearray(19)
    i2c.readfrom_mem_into(0x68, 0, got)
    world.clock_chip.set(2028, 2, 28, 23, 59, 59, world.now_us)
    silicon.chip.sleep(1000000)
    return "".join([f"{byte:02x}" for byte in got + i2c.readfrom_mem(0x68, 0, 7)])


def light_and_sound(world: World, i2c: I2C) -> str:
    """Lamp and buzzer, dim and bright."""
    seen = []
    pins = world.pins
    if pins.EXPANDER_ADDRESS:
        i2c.writeto(pins.EXPANDER_ADDRESS, b"\x03\x07")
        for port in (0xFF, 0x57, 0x3F, 0xBF):
            i2c.writeto(pins.EXPANDER_ADDRESS, bytes((1, port)))
            seen.append(f"{world.lamp()} {world.buzzer()}")
        return ", ".join(seen)
    lamp = PWM(pins.LAMP_GREEN, freq=1000, duty_u16=0)
    buzzer = PWM(pins.BUZZER, freq=440, duty_u16=0)
    for duty in (0, 500, 20000, 40000, 65535):
        lamp.duty_u16(duty)
        buzzer.duty_u16(duty)
        buzzer.freq(440 + duty // 9)
        seen.append(f"{world.lamp()} {world.buzzer()} {lamp} {buzzer.duty_ns()}")
    return ", ".join(seen)


def failures(world: World, i2c: I2C) -> str:
    """Numbers of the errors that a silent device and a stuck line give, and how long they take."""
    seen = []
    for fault in ("silent", "stuck", "none"):
        world.bus.silent.clear()
        if fault == "silent":
            world.bus.silent.add(0x3C)
        world.bus.stuck = fault == "stuck"
        before = world.now_us
        number = 0
        try:
            i2c.writeto(0x3C, b"\x00\xe3")
        except OSError as error:
            number = error.errno
        seen.append(f"{fault} {number} {world.now_us - before}")
    return ", ".join(seen)


if STARTED:
    for line in story():
        print(line)
