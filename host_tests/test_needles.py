"""The table of needles: how deep each one reaches, and how often it may go in."""

import pytest

from firmware import limits
from firmware.needles import NEEDLES, deepest_um, punctures_most


@pytest.mark.parametrize("needle", NEEDLES)
def test_no_needle_goes_deeper_than_it_is_long_or_the_machine_can(needle: str) -> None:
    assert deepest_um(needle) <= int(needle.split()[1].removesuffix("mm")) * 1000
    assert deepest_um(needle) <= limits.NEEDLE_DEEPEST_UM


@pytest.mark.parametrize(("needle", "most"), [("27G 4mm", 150), ("30G 13mm", 120), ("32G 6mm", 80)])
def test_a_thinner_needle_is_blunt_earlier(needle: str, most: int) -> None:
    assert punctures_most(needle) == most


def test_every_needle_has_a_number_of_punctures() -> None:
    assert all(1 <= punctures_most(needle) <= 150 for needle in NEEDLES)


def test_a_needle_that_is_not_in_the_list_has_neither() -> None:
    with pytest.raises(ValueError, match="not in"):
        deepest_um("33G 4mm")
    with pytest.raises(KeyError):
        punctures_most("33G 4mm")
