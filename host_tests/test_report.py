"""The report of a session: complete in itself, true to its session, and in words a stranger understands."""

import csv
import dataclasses
import json
import re
from pathlib import Path

import pytest

from firmware import drop, faults, inhibits, settings
from firmware.shot import PHASES as PHASES_OF_THE_FIRMWARE
from host_tests.report_bench import made_up, real_session, shot
from tools import plain_words
from tools.plain_words import in_words
from tools.report import render, report_session, shown_shots, write_report
from tools.report_tables import endings, lead, results_rows
from tools.simulation import SHOT_KEYS, Order, simulate
from tools.tolerance import factor

pytestmark = pytest.mark.no_cover

EVERY_BIT = (1 << 30) - 1


@pytest.fixture(scope="module")
def page() -> str:
    """The page of a session with a peer and an incident."""
    return render(real_session("closed"), real_session("open"), real_session("clogged"))


def test_the_page_needs_nothing_from_anywhere_else(page: str) -> None:
    addresses = {found for found in re.findall(r"[a-z]+://[^\s\"'<)]+", page) if "www.w3.org" not in found}
    assert addresses == set()  # w3.org: names of SVG's own vocabulary
    assert not re.search(r"<(script|link|img|iframe|object)\b|@import|url\((?!#)", page)


def test_every_picture_stands_in_the_page_and_says_in_words_what_it_shows(page: str) -> None:
    assert page.count("<svg ") == page.count('role="img" aria-label="') == 4
    for title in ("Anatomy of drop 2", "The error of each drop", "Closed loop against open loop", "Another session"):
        assert f"<h2>{title}" in page


def test_pictures_do_not_share_ids_and_every_reference_leads_somewhere(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(ids)


def test_the_page_says_that_its_figures_are_those_of_a_simulator(page: str) -> None:
    assert "These are figures of a simulator." in page
    assert "not the accuracy of a device" in page
    assert "not a certified medical product" in page


def test_the_same_session_gives_the_same_page(page: str) -> None:
    assert render(real_session("closed"), real_session("open"), real_session("clogged")) == page


def test_the_page_is_closed_and_holds_no_unfilled_place(page: str) -> None:
    assert page.rstrip().endswith("</html>")
    for tag in ("section", "table", "figure", "svg", "p", "h2"):
        assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>"), tag
    assert "{{" not in page
    assert "None" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)


def test_words_of_a_plant_cannot_become_markup() -> None:
    session = real_session("closed")
    order = dataclasses.replace(session.order, plant="<b>.py:Skin")
    assert "&lt;b&gt;.py:Skin" in render(dataclasses.replace(session, order=order))


# --- files --------------------------------------------------------------------------------------------------------


def test_the_files_hold_the_session_and_those_it_is_compared_with(tmp_path: Path) -> None:
    closed, peer, clogged = (real_session(kind) for kind in ("closed", "open", "clogged"))
    assert write_report(tmp_path / "new", closed, peer, clogged) == tmp_path / "new" / "report.html"
    written = json.loads((tmp_path / "new" / "session.json").read_text(encoding="utf-8"))
    assert written["shots"] == closed.shots
    assert written["open_loop"]["shots"] == peer.shots
    assert written["incident"]["shots"] == clogged.shots
    assert set(written["curves"]) == {"2"}
    for name, shots in (("", closed.shots), ("open-loop-", peer.shots), ("incident-", clogged.shots)):
        with (tmp_path / "new" / f"{name}shots.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert list(rows[0]) == list(SHOT_KEYS)
        assert [float(row["delivered_nl"]) for row in rows] == [each["delivered_nl"] for each in shots]


def test_a_session_is_compared_with_itself_dosed_the_other_way(tmp_path: Path) -> None:
    order = Order(shots=2, curves=(1,))
    report_session(tmp_path, order, simulate(order))
    written = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))
    assert written["open_loop"]["order"] == {**written["order"], "open_loop": True, "curves": []}


def test_curves_of_a_drop_that_went_wrong_are_fetched(tmp_path: Path) -> None:
    order = Order(shots=4, params={"occluded_after_nl": 25_000}, curves=(1,))
    report_session(tmp_path, order, simulate(order))
    written = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))
    assert set(written["curves"]) == {"1", "3"}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<h2>Anatomy of drop 1</h2>" in page
    assert "<h2>Anatomy of drop 3</h2>" in page


def test_the_drawn_shots_are_the_last_delivered_and_the_first_that_went_wrong() -> None:
    assert shown_shots(real_session("closed")) == [2]
    assert shown_shots(real_session("clogged")) == [3]
    assert shown_shots(real_session("open")) == []


@pytest.mark.parametrize(
    "shots",
    [
        [],
        [shot(1)],
        [shot(1, result="refused", reasons=["dose_below_resolution"], delivered_nl=0.0)],
        [shot(1, result="aborted", reasons=["trigger_released"], delivered_nl=4_000.0), shot(2)],
        [shot(1), shot(2)],
    ],
)
def test_a_session_with_hardly_anything_in_it_has_a_page_too(shots: list[dict[str, object]]) -> None:
    assert "These are figures of a simulator." in render(made_up(shots))


# --- words --------------------------------------------------------------------------------------------------------


def test_every_word_of_the_firmware_has_a_sentence() -> None:
    assert set(plain_words.FAULTS) == set(faults.names(EVERY_BIT))
    assert set(plain_words.INHIBITS) == set(inhibits.names(EVERY_BIT))
    assert set(plain_words.REFUSALS) == set(settings.refusal_names(EVERY_BIT))
    assert set(drop.cause_names(EVERY_BIT)) <= {*plain_words.CAUSES, *plain_words.INHIBITS}
    assert set(plain_words.PHASES) == set(PHASES_OF_THE_FIRMWARE) - {"idle"}


def test_an_unknown_word_is_shown_as_it_is() -> None:
    assert in_words("needle_lost") == "needle lost"


def test_the_lead_states_the_interval_of_the_delivered_drops() -> None:
    shots = [shot(1, delivered_nl=9_900.0), shot(2, delivered_nl=10_100.0), shot(3, result="fault")]
    sd_percent = 2**0.5
    reach = factor(2) * sd_percent
    assert lead(made_up(shots)) == (
        "2 of 3 drops were delivered, 10.000 ul on average. With 95 % confidence, 97.5 % of such drops lie between "
        f"{-reach:+.2f} % and {reach:+.2f} % of what was asked (k = {factor(2):.3f}, n = 2)."
    )


def test_a_fault_is_told_with_its_reason_its_report_and_whether_that_is_true() -> None:
    clogged = shot(
        2,
        result="fault",
        reasons=["occlusion"],
        reported_nl=4_000,
        reported_min_nl=3_800,
        reported_max_nl=4_200,
        delivered_nl=4_100.0,
    )
    (told,) = endings(made_up([shot(1), clogged]))
    assert told.startswith("Drop 2 was ended by a fault: the needle is blocked")
    assert "reports 4.00 of 10 ul, between 3.80 and 4.20; the simulator's truth, 4.10 ul, is inside" in told
    (told,) = endings(made_up([shot(1), {**clogged, "delivered_nl": 4_300.0}]))
    assert "is OUTSIDE these bounds" in told


def test_refusals_in_a_row_with_the_same_reason_are_told_once() -> None:
    refused = [shot(n, result="refused", reasons=["not_primed"]) for n in (1, 2)]
    others = [shot(3, result="refused", reasons=["fault"]), shot(4)]
    assert endings(made_up([*refused, *others])) == [
        "Presses 1 to 2 were refused: the syringe has to be primed first.",
        "Press 3 was refused: a fault is latched.",
    ]


def test_the_table_shows_the_worst_values_beside_their_goals() -> None:
    shots = [
        shot(1, delivered_nl=10_120.0, surface_nl=30.0),
        shot(2, depth_max_um=1_012.0, surface_nl=10.0, duration_us=300_000),
    ]
    rows = {name: (ours, theirs) for name, ours, theirs in results_rows(made_up(shots), made_up([shot(1), shot(2)]))}
    assert rows["first drop"] == ("+1.20 %", "+0.00 %")
    assert rows["worst drop"][0] == "+1.20 % (drop 1)"
    assert rows["reported - delivered, worst"][0] == "120 nl (goal: at most 200 nl)"
    assert rows["truth inside the reported bounds"] == ("1 of 2", "2 of 2")
    assert rows["liquid on the skin, worst"][0] == "30 nl (goal: at most 100 nl)"
    assert rows["liquid on the skin, mean"][0] == "20 nl"
    assert rows["depth error, worst"][0] == "12 um (goal: at most 50 um)"
    assert rows["time of a drop, median"][0] == "250 ms"
