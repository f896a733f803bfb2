"""The expander: four registers, a command byte that stays, and pins that start as inputs."""

import pytest

from tools.simulator import silicon
from tools.simulator.bouncing import Contact
from tools.simulator.pca9554 import CONFIGURATION, INPUT, OUTPUT, POLARITY, Pca9554


@pytest.fixture
def expander() -> Pca9554:
    return Pca9554()


def test_after_power_up_all_pins_are_inputs_that_are_pulled_up(expander: Pca9554) -> None:
    for register, content in ((INPUT, 0xFF), (OUTPUT, 0xFF), (POLARITY, 0), (CONFIGURATION, 0xFF)):
        expander.write(bytes((register,)), 0)
        assert expander.read(1, 0)[0] == content
    assert not any(expander.drives_low(bit) for bit in range(8))


def test_the_first_register_read_without_any_command_is_the_input(expander: Pca9554) -> None:
    expander.contacts[1] = Contact(2000, 5)
    expander.contacts[1].move(1, 0)
    assert expander.read(2, 10_000) == b"\xfd\xfd"


def test_the_command_byte_stays_for_what_follows(expander: Pca9554) -> None:
    expander.write(bytes((OUTPUT, 0x12, 0x34)), 0)  # both go into the same register
    assert expander.read(3, 0) == b"\x34\x34\x34"
    expander.write(bytes((CONFIGURATION, 0x07)), 0)
    assert expander.read(1, 0) == b"\x07"


def test_an_output_is_low_only_as_an_output(expander: Pca9554) -> None:
    expander.write(bytes((OUTPUT, 0b1110_1111)), 0)
    assert not expander.drives_low(4)
    assert expander.level(4, 0) == 1
    expander.write(bytes((CONFIGURATION, 0x07)), 0)
    assert [bit for bit in range(8) if expander.drives_low(bit)] == [4]
    expander.write(bytes((INPUT,)), 0)
    assert expander.read(1, 0) == b"\xef"  # outputs can be read back at the pins


def test_each_pin_is_an_output_or_pulled_up_by_its_own_bit(expander: Pca9554) -> None:
    expander.write(bytes((OUTPUT, 0x00)), 0)
    assert expander.level(7, 0) == 1
    expander.write(bytes((CONFIGURATION, 0b1001_0101)), 0)
    expander.write(bytes((INPUT,)), 0)
    assert expander.read(1, 0) == bytes((0b1001_0101,))
    assert [bit for bit in range(8) if expander.drives_low(bit)] == [1, 3, 5, 6]


def test_the_input_register_follows_the_pins_at_the_moment_of_reading(expander: Pca9554) -> None:
    contact = expander.contacts[0] = Contact(2000, 5)
    contact.move(1, 1000)
    assert expander.read(1, 999) == b"\xff"
    assert expander.read(1, 1000) == b"\xfe"
    contact.move(0, 10_000)
    assert expander.read(1, 12_000) == b"\xff"


def test_polarity_turns_only_what_is_read_of_the_inputs(expander: Pca9554) -> None:
    expander.write(bytes((POLARITY, 0x81)), 0)
    expander.write(bytes((INPUT,)), 0)
    assert expander.read(1, 0) == b"\x7e"
    assert expander.level(0, 0) == 1


def test_writing_the_input_register_is_acknowledged_and_does_nothing(expander: Pca9554) -> None:
    assert expander.write(bytes((INPUT, 0x00)), 0) == 2
    assert expander.read(1, 0) == b"\xff"


def test_an_undefined_command_is_refused(expander: Pca9554) -> None:
    with pytest.raises(NotImplementedError, match="0x04"):
        expander.write(b"\x04", 0)


def test_driving_a_pin_with_a_contact_is_flagged(expander: Pca9554) -> None:
    expander.chip = silicon.power_on("esp32")
    expander.contacts[2] = Contact(2000, 5)
    expander.write(bytes((CONFIGURATION, 0x07)), 0)
    assert expander.chip.flags == []
    expander.write(bytes((CONFIGURATION, 0x03)), 0)
    assert expander.chip.flags == ["the expander drives pin 2, which has a contact to ground"]


def test_without_supply_it_drives_nothing_and_it_forgets(expander: Pca9554) -> None:
    expander.write(bytes((CONFIGURATION, 0x00)), 0)
    expander.write(bytes((OUTPUT, 0x00)), 0)
    assert expander.drives_low(3)
    expander.powered = False
    assert not expander.drives_low(3)
    expander.power_up()
    assert not expander.drives_low(3)
