"""Zones of the body: each has its caps, and none has more than the machine."""

import re
from pathlib import Path

import pytest

from firmware import limits
from firmware.zones import NAMES, Zone


@pytest.mark.parametrize("name", NAMES)
def test_a_zone_only_tightens_what_the_machine_allows(name: str) -> None:
    zone = Zone(name)
    assert zone.label == name.encode()
    assert limits.DEPTH_MIN_UM < zone.deepest_um <= limits.NEEDLE_DEEPEST_UM
    assert zone.deepest_um % limits.NEEDLE_UM_PER_STEP == 0
    assert 0 < zone.dose_most_nl <= limits.DOSE_MAX_NL
    assert zone.dose_most_nl <= zone.most_nl <= limits.SESSION_MAX_NL
    assert 1 <= zone.points_most <= limits.POINTS_MAX


def test_the_thin_skin_of_the_face_caps_the_depth_and_that_of_an_eyelid_most_of_all() -> None:
    assert Zone("face").deepest_um == 2000
    assert Zone("eyelid").deepest_um == 600
    assert min(NAMES, key=lambda name: Zone(name).deepest_um) == "eyelid"


def test_fat_under_the_chin_gets_what_its_label_says() -> None:
    chin = Zone("chin")
    assert (chin.dose_most_nl, chin.most_nl, chin.points_most) == (200_000, 10_000_000, 50)


def test_there_is_no_other_zone() -> None:
    with pytest.raises(ValueError, match="not in"):
        Zone("elbow")


def test_the_table_of_the_page_is_that_of_the_code() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "panel.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) mm \| (\d+) ul \| ([\d.]+) ml \| (\d+) \|$", page, re.MULTILINE)
    assert [(name, *(float(number) for number in numbers)) for name, *numbers in rows] == [
        (name, zone.deepest_um / 1000, zone.dose_most_nl / 1000, zone.most_nl / 1e6, zone.points_most)
        for name, zone in ((name, Zone(name)) for name in NAMES)
    ]
