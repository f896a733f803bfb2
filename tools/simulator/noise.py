"""Noise of the simulated sensors: the same sequence, to the last bit, on every interpreter.

Three small multiplicative generators (the 16-bit set of L'Ecuyer, Communications of the ACM 31/6, 1988; period
8.1e12) never exceed 2^23, so no interpreter needs a big integer. Two of their sums choose two entries of a table of
normal deviates; 0.8 and 0.6 of them add up to one deviate of SD 1 that reaches beyond 4.5 SD. The table itself is
made with + - * / only: `random`, `math.exp` and the reading of decimals differ from one platform to the next.
"""

_HALF = 512  # entries on each side of zero

_table: "list[float]" = []  # filled by the first Noise; 1024 deviates, mean 0, SD 1


def _density(x: float) -> float:
    """Standard normal density, as 1 / (sqrt(2 pi) exp(x^2 / 2)) with the exponential's own series."""
    half_square = x * x / 2
    term = 1.0
    total = 1.0
    for n in range(1, 40):
        term = term * half_square / n
        total = total + term
    return 3989422804014327 / 10000000000000000 / total


def _build_table() -> None:
    """Midpoint quantiles of the normal law by Newton's method on its power series, scaled to SD 1."""
    positive: "list[float]" = []
    x = 0.0
    for i in range(_HALF):
        wanted = (2 * i + 1) / (4 * _HALF)  # probability between 0 and x
        for _ in range(4):
            density = _density(x)
            term = x
            total = x
            for n in range(3, 81, 2):
                term = term * x * x / n
                total = total + term
            x = x + (wanted - density * total) / density
        positive.append(x)
    square = 0.0
    for x in positive:
        square = square + x * x
    variance = square / _HALF
    root = (1 + variance) / 2  # Newton again: the variance is 1 within a per cent
    for _ in range(5):
        root = (root + variance / root) / 2
    for x in positive:
        _table.append(x / root)
        _table.append(-x / root)


class Noise:
    """A stream of independent normal deviates, mean 0, SD 1, decided by `seed` (any int) and `stream` (0..99)."""

    def __init__(self, seed: int, stream: int = 0) -> None:
        if not _table:
            _build_table()
        self.table = _table
        mixed = (seed % 1000003) * 100 + stream % 100
        self.a = 1 + (mixed * 41 + 9973) % 32362
        self.b = 1 + (mixed * 73 + 1237 + mixed // 32362) % 31726
        self.c = 1 + (mixed * 109 + 331 + mixed // 1000) % 31656
        for _ in range(20):  # neighbouring seeds start apart
            self.next()

    def next(self) -> float:
        """The next deviate."""
        a = self.a = self.a * 157 % 32363
        b = self.b = self.b * 146 % 31727
        c = self.c = self.c * 142 % 31657
        table = self.table
        return (8 * table[a + b & 1023] + 6 * table[b + c & 1023]) / 10

    def uniform(self) -> float:
        """The next number of the stream as 0 <= u < 1, in steps of 1/1024."""
        self.next()
        return (self.a + self.c & 1023) / 1024
