"""What is written, in which order, and what has to be there afterwards. For MicroPython.

A step is (name, number): the number makes the payload, no two are alike. The lengths are such that some are kept within
a directory entry and some in blocks of their own, and the steps are so many that directories are compacted and every
block is used again.
"""

from drivers import store
from firmware import slot
from protocol.auth import Mac

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLOCKS = 16  # few, so that all are in use again and again
RECORD_BYTES = 64
_KEY = b"a key that is no secret at all.."
_JOURNAL = "journal"
_SCHEMAS = {"config": slot.CONFIG, "calibration": slot.CALIBRATION, "ledger": slot.LEDGER}
_LENGTHS = {"config": (700, 1900, 120, 3990), "calibration": (230, 180), "ledger": (40, 90)}
_ROUND = ("ledger", "journal", "ledger", "journal", "config", "ledger", "journal", "calibration")
_FIRST = ("config", "calibration", "ledger", "journal", "config", "calibration")
NAMES = ("config", "calibration", "ledger", _JOURNAL)


def steps(count: int) -> "list[tuple[str, int]]":
    """The first writes of each kind, a rewrite of two, then rounds of what a day brings."""
    names = [_FIRST[n] if n < len(_FIRST) else _ROUND[(n - len(_FIRST)) % len(_ROUND)] for n in range(count)]
    return [(name, number + 1) for number, name in enumerate(names)]


def payload(name: str, number: int) -> bytes:
    """What is written in this step: a slot's payload, or a batch of one to three records."""
    length = RECORD_BYTES * (1 + number % 3) if name == _JOURNAL else _LENGTHS[name][number % len(_LENGTHS[name])]
    begin = b"%s %d " % (name.encode(), number)
    return begin + bytes([(number * 37 + place * 11) & 0xFF for place in range(length - len(begin))])


class Contents:
    """What was acknowledged, by name; `writing` is what may be there in its place."""

    def __init__(self, other: "Contents | None" = None) -> None:
        self.acknowledged: "dict[str, bytes | None]" = dict.fromkeys(NAMES)
        if other is not None:
            self.acknowledged.update(other.acknowledged)
        self.acknowledged[_JOURNAL] = self.acknowledged[_JOURNAL] or b""
        self.writing: "tuple[str, bytes | None]" = ("", None)

    def begin(self, step: "tuple[str, int]") -> bytes:
        """What this step writes; from now on it may be there, whole."""
        content = payload(step[0], step[1])
        before = self.acknowledged[_JOURNAL] or b""
        self.writing = (step[0], before + content if step[0] == _JOURNAL else content)
        return content

    def end(self, is_acknowledged: bool) -> None:
        """The step is over. What was acknowledged has to stay; of another either may be there."""
        if is_acknowledged:
            self.acknowledged[self.writing[0]] = self.writing[1]
            self.writing = ("", None)

    def judge(self, files: "Files") -> str:
        """What is wrong with what is there: words; "" if nothing is. What was found is acknowledged from now on."""
        wrong = ""
        for name in NAMES:
            found = files.read(name)
            allowed = (self.acknowledged[name], self.writing[1] if name == self.writing[0] else None)
            if found == allowed[0] or (found is not None and found == allowed[1]):
                self.acknowledged[name] = found
            elif not found:
                wrong += " " + name + ":lost"
            else:
                wrong += " " + name + (":older" if self._is_older(name, found) else ":mixed")
        self.writing = ("", None)
        return wrong

    def _is_older(self, name: str, found: bytes) -> bool:
        """Whether it is what was there some steps ago."""
        if name == _JOURNAL:
            return (self.acknowledged[name] or b"").startswith(found)
        number = found.split(b" ")[1] if found.count(b" ") > 1 else b""
        return number.isdigit() and found == payload(name, int(number))


class Files:
    """The store and the journal as after a restart, on what is mounted there; `store_class`: drivers.store.Slots."""

    def __init__(self, mount: str, store_class: "Any") -> None:
        mac = Mac(_KEY).code_of
        self._journal = mount + "/" + _JOURNAL
        self._stores: "dict[str, Any]" = {}
        for name in _SCHEMAS:
            self._stores[name] = store_class(mount + "/" + name, _SCHEMAS[name], slot, mac)

    def read(self, name: str) -> "bytes | None":
        """A payload, or the whole journal."""
        if name != _JOURNAL:
            return self._stores[name].load()
        try:
            with open(self._journal, "rb") as file:
                return file.read()
        except OSError:
            return b""

    def write(self, name: str, content: bytes) -> bool:
        """Whether it was acknowledged."""
        if name != _JOURNAL:
            return self._stores[name].save(content)
        return store.put_file(self._journal, "ab", content)

    def damaged(self) -> int:
        """Files that were there and not valid, as of the last reading of all."""
        return sum([self._stores[name].damaged for name in _SCHEMAS])
