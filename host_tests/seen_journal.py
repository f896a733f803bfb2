"""A ring of the journal in which tests see all that was ever recorded, also what the real one leaves out."""

from firmware.journal_ring import JournalRing

_MUCH = 160  # integers


class SeenRing(JournalRing):
    """`written` counts the records. Its room never ends: what a perfect flash would take is forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[tuple[int, int, int, int]] = []

    @property
    def written(self) -> int:
        """All there ever were."""
        return len(self._seen)

    def record(self, now_us: int, kind: int, first: int, second: int) -> None:
        """As the real one."""
        if self.kept > _MUCH:
            self.unread = 0
            self.keep()
        self._seen.append((now_us, kind, first, second))
        super().record(now_us, kind, first, second)

    def newest(self, back: int) -> "tuple[int, int, int, int]":
        """Ticks in us, kind and the first two integers of the record `back` (0: the newest) before the end."""
        if not 0 <= back < len(self._seen):
            raise IndexError(back)
        return self._seen[-1 - back]
