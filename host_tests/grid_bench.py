"""A cell of the accuracy grid and made-up series of it, for the tests of judging and of tables."""

from typing import Any

from host_tests.report_bench import shot, summary
from tools.grid import OWN_PLANT, Cell
from tools.judging import Judgement, judge, measure

CELL = Cell(OWN_PLANT, "1ml", 10_000, "32G-1cP", 80, 0.85)
REFUSED_CELL = Cell(OWN_PLANT, "5ml", 1_000, "32G-1cP", 80, 0.85)


def series(**values: Any) -> list[dict[str, Any]]:
    """Sixty good drops, half of them 0.5 % too large, half as much too small; `values` go into the first."""
    shots = [shot(n, delivered_nl=10_000.0 + (50 if n % 2 else -50)) for n in range(1, 61)]
    return [{**shots[0], **values}, *shots[1:]]


def judged(shots: list[dict[str, Any]], cell: Cell = CELL) -> Judgement:
    """The judgement on a good series and this one."""
    order = cell.order(1)
    good = series() if not cell.to_be_refused else shots
    return judge(cell, [order, order], [measure(order, summary(good)), measure(order, summary(shots))])
