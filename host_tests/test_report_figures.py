"""The pictures of a report: what they draw, and that nothing in them overlaps or lacks its unit."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from host_tests.report_bench import real_session, shot
from tools import figures_drops, figures_shot
from tools.figures_style import svg
from tools.report_tables import Played
from tools.simulator.recorder import CURVES

pytestmark = pytest.mark.no_cover

UNITS = ("kPa", "mm", "ul", "nl", "ms", "%", "drops", "drop number")


def columns_of(played: Played, number: int) -> dict[str, list[float]]:
    """The curves of one shot, by name."""
    names: Sequence[str] = CURVES
    return dict(zip(names, played.outcome.curves[number], strict=True))


def anatomy(kind: str, number: int) -> Figure:
    """The anatomy of a shot of a real session."""
    played = real_session(kind)
    return figures_shot.anatomy(columns_of(played, number), played.outcome.phases, played.shots[number - 1])


def pictures() -> Mapping[str, Figure]:
    """One of each kind, and those with most in them."""
    many = [shot(n, delivered_nl=10_000.0 + 30 * (n % 7), reported_nl=10_050) for n in range(1, 61)]
    less = [shot(n, delivered_nl=8_000.0 + 20 * (n % 5)) for n in range(1, 61)]
    mixed = [*many[:40], shot(41, result="fault"), shot(42, result="aborted")]
    mixed += [shot(n, result="refused") for n in range(43, 61)]
    return {
        "a drop": anatomy("closed", 2),
        "a drop with a fault": anatomy("clogged", 3),
        "drops": figures_drops.error_of_each_drop(many, "1ml"),
        "drops of many kinds": figures_drops.error_of_each_drop(mixed, "5ml"),
        "drops of the peer": figures_drops.error_of_each_drop(less, "1ml", "open"),
        "one drop": figures_drops.error_of_each_drop([shot(1)], "1ml"),
        "far apart": figures_drops.distributions(many, less),
        "close together": figures_drops.distributions(many, many),
    }


def texts(figure: Figure) -> list[tuple[str, Any]]:
    """Every text that shows, with its place in pixels. matplotlib keeps labels of ticks out of view, too."""
    FigureCanvasAgg(figure).draw()
    unseen: set[Any] = set()
    for axis in (axis for axes in figure.get_axes() for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not low <= tick.get_loc() <= high or not axis.axes.axison:
                unseen |= {tick.label1, tick.label2}
    found: list[tuple[str, Any]] = []
    for artist in figure.findobj(Text):
        assert isinstance(artist, Text)
        if artist not in unseen and artist.get_visible() and artist.get_text().strip():
            found.append((artist.get_text(), Text.get_window_extent(artist)))  # without the arrow of a label
    assert found
    return found


def axes_of(figure: Figure) -> list[Axes]:
    """The axes that show."""
    return [axes for axes in figure.get_axes() if axes.axison]


@pytest.mark.parametrize("name", list(pictures()))
def test_no_text_covers_another_or_leaves_the_picture(name: str) -> None:
    figure = pictures()[name]
    shown = texts(figure)
    for (words, box), (other_words, other) in itertools.combinations(shown, 2):
        assert not box.padded(-1).overlaps(other.padded(-1)), (words, other_words)
    for words, box in shown:
        assert min(box.x0, box.y0) >= -1, words
        assert box.x1 <= figure.bbox.x1 + 1, words
        assert box.y1 <= figure.bbox.y1 + 1, words


@pytest.mark.parametrize("name", list(pictures()))
def test_every_axis_has_a_name_with_a_unit(name: str) -> None:
    figure = pictures()[name]
    shown = axes_of(figure)
    assert shown
    for axes in shown:
        assert any(unit in axes.get_ylabel() for unit in UNITS), axes.get_ylabel()
    assert any(unit in shown[-1].get_xlabel() for unit in UNITS), shown[-1].get_xlabel()


def test_letters_are_large_enough_to_read() -> None:
    for figure in pictures().values():
        for artist in figure.findobj(Text):
            assert isinstance(artist, Text)
            assert float(artist.get_fontsize()) >= 9


# --- anatomy ------------------------------------------------------------------------------------------------------


def line(figure: Figure, label: str) -> tuple[list[float], list[float]]:
    """Times and values of the curve whose name begins so."""
    (found,) = (
        curve for axes in figure.get_axes() for curve in axes.get_lines() if str(curve.get_label()).startswith(label)
    )
    data: Any = found.get_data()
    return list(map(float, data[0])), list(map(float, data[1]))


def test_the_anatomy_shows_what_was_recorded() -> None:
    played = real_session("closed")
    recorded = columns_of(played, 2)
    times, pressures = line(anatomy("closed", 2), "pressure sensor")
    assert pressures == recorded["pressure_kpa"][: len(pressures)]
    assert times == [t_us / 1000 for t_us in recorded["t_us"][: len(times)]]
    _, truth = line(anatomy("closed", 2), "delivered: the simulator's truth")
    assert truth == [nl / 1000 for nl in recorded["true_delivered_nl"][: len(truth)]]


def test_the_estimate_ends_where_the_plunger_turns_round() -> None:
    played = real_session("closed")
    in_order = figures_shot.spans(columns_of(played, 2), played.outcome.phases)
    (dose,) = [span for span in in_order if span.name == "dose"]
    times, volumes = line(anatomy("closed", 2), "delivered = displaced - elastic")
    assert times[-1] < dose.end_ms <= times[-1] + 2.1
    assert volumes[-1] == pytest.approx(10, abs=1)


def test_phases_follow_each_other_without_a_gap() -> None:
    played = real_session("closed")
    in_order = figures_shot.spans(columns_of(played, 2), played.outcome.phases)
    assert [span.name for span in in_order][:2] == ["extend", "dose"]
    assert in_order[-1].name == "weigh"
    for before, after in itertools.pairwise(in_order):
        assert after.begin_ms == pytest.approx(before.end_ms, abs=0.1)


LABELS = st.lists(st.tuples(st.floats(0, 100), st.floats(1, 9)), min_size=1, max_size=10)


@given(LABELS)
def test_labels_of_phases_keep_their_order_and_do_not_overlap(labels: list[tuple[float, float]]) -> None:
    wanted = sorted(place for place, _ in labels)
    widths = [width for _, width in labels]
    places = figures_shot.apart(wanted, widths, 100.0)
    for (place, width), (following, next_width) in itertools.pairwise(zip(places, widths, strict=True)):
        assert following - place >= (width + next_width) / 2 - 1e-9
    assert places[-1] + widths[-1] / 2 <= 100 + 1e-9
    assert places[0] - widths[0] / 2 >= -1e-9


# --- drops --------------------------------------------------------------------------------------------------------


def test_errors_are_in_percent_of_what_was_asked() -> None:
    shots = [shot(1, delivered_nl=10_100.0), shot(2, delivered_nl=9_950.0), shot(3, result="fault")]
    numbers, errors = line(figures_drops.error_of_each_drop(shots, "1ml"), "a drop")
    assert numbers == [1, 2]
    assert errors == pytest.approx([1.0, -0.5])


def test_every_delivered_drop_is_in_its_histogram() -> None:
    closed = [shot(n, delivered_nl=10_000.0 + n) for n in range(1, 31)] + [shot(31, result="fault")]
    peer = [shot(n, delivered_nl=7_000.0 + 40 * n) for n in range(1, 21)]
    rows = axes_of(figures_drops.distributions(closed, peer))
    heights = [sum(bar.get_height() for bar in axes.patches if isinstance(bar, Rectangle)) for axes in rows]
    assert heights == [30, 20]


@given(st.lists(st.floats(0, 1e3), max_size=20))
def test_bins_hold_all_values(values: list[float]) -> None:
    edges = figures_drops.bin_edges(values)
    assert edges == sorted(edges)
    assert len(set(edges)) > 1
    assert all(edges[0] <= value <= edges[-1] for value in values)


def test_the_alternative_text_of_a_picture_cannot_break_out() -> None:
    text = svg(figures_drops.error_of_each_drop([shot(1)], "1ml"), "x", '"5 < 6" & more')
    assert 'aria-label="&quot;5 &lt; 6&quot; &amp; more"' in text
