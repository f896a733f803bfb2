"""The kinds of rows in the panel's menu: a number, a choice, a deed. The menu itself is a table of them (menu.py).

A value is an int in the unit of the setting it stands for, or None as long as nobody has chosen it. Rows know how a
value is shown and turned; what becomes of it is the menu's business.
"""

from micropython import const

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware.look import Look
    from firmware.menu import Menu
    from firmware.provisioning import Product

# What a row's value is.
SETTING = const(0)  # one of settings.NAMES: the device injects by it
PLAN = const(1)  # area and spacing: the planned points follow from them
PREFERENCE = const(2)  # of the panel itself
CODE = const(3)  # of an operator: never kept
PRODUCT = const(4)  # one of the approved list
DEED = const(5)  # nothing to choose: something to do


class Row:
    """What all rows have. Those with something to turn are shown and turned each in their own way."""

    places = 0  # how many digits, or whatever it is, can be turned one after the other
    place = 0  # where turning begins
    question = b""  # of a deed: a phrase of two lines
    do: "Callable[[Menu], int] | None" = None  # of a deed
    turned: "Callable[[int, int], int]"  # a value so much further, or itself at the knob's end
    show_places: "Callable[[Look, int], None]"  # put a value behind what is there, as it is while it is turned
    point_at: "Callable[[Look, int, int], None]"  # mark, in the row below the value, what a detent turns

    def __init__(self, kind: int, name: bytes, key: str = "") -> None:
        """`key` stands for the value; a deed has none, and a name of two lines (a phrase) instead."""
        self.kind = kind
        self.name = name
        self.key = key

    def start(self, value: "int | None") -> int:
        """Where turning begins: at what is chosen, or at something usual."""
        return 0 if value is None else value

    def step(self, place: int) -> int:
        """What a detent is worth at this place of the value."""
        return 1

    def meaning(self, value: int) -> "int | str":
        """The value as the settings have it."""
        return value

    def allows(self, value: int, menu: "Menu") -> bool:
        """Whether it is within the bounds of this row."""
        return True

    def show(self, look: "Look", value: "int | None") -> None:
        """Put the value behind what is there."""

    def bounds(self, look: "Look", menu: "Menu") -> None:
        """Put the bounds there, as they are with what else is chosen."""


class Number(Row):
    """A number with a unit, set digit by digit: the knob turns one place, a push goes to the next."""

    def __init__(
        self,
        kind: int,
        name: bytes,
        key: str,
        unit: bytes,
        decimals: int,
        digits: int,
        first: int,
        low: "int | Callable[[Menu], int]",
        high: "int | Callable[[Menu], int]",
        place: int = 0,
        zero: bytes = b"",
        fixed: int = 0,
    ) -> None:
        """`digits`: how many are shown while it is turned; `first` and `place`: where turning begins; `low` and `high`:
        the bounds with what else is chosen; `zero`: a word that stands for 0; `fixed`: so many last digits stay."""
        super().__init__(kind, name, key)
        self.places = digits - fixed
        self.place = place
        self._low = low
        self._high = high
        self._unit = unit
        self._decimals = decimals
        self._digits = digits
        self._first = first
        self._zero = zero

    def start(self, value: "int | None") -> int:
        """Where turning begins: at what is chosen, or at a usual value."""
        return self._first if value is None else value

    def step(self, place: int) -> int:
        """A power of ten."""
        return 10 ** (self._digits - 1 - place)

    def turned(self, value: int, by: int) -> int:
        """The value so much further, or itself at the knob's end. It may pass its bounds; then it is not taken."""
        return value + by if 0 <= value + by < 10**self._digits else value

    def allows(self, value: int, menu: "Menu") -> bool:
        """Whether it is within the bounds of this row."""
        return _bound(self._low, menu) <= value <= _bound(self._high, menu)

    def show(self, look: "Look", value: "int | None") -> None:
        """As in `10.000 ul`."""
        if value is None:
            look.put(b"--")
        elif value == 0 and self._zero:
            look.put(self._zero)
        else:
            look.number(value, self._decimals)
            look.put(self._unit)

    def show_places(self, look: "Look", value: int) -> None:
        """As in `010.000 ul`: every digit that can be turned is there."""
        look.number(value, self._decimals, self._digits - self._decimals)
        look.put(self._unit)

    def point_at(self, look: "Look", value: int, place: int) -> None:
        """Under the digit, in the large row above, which show_places wrote; some are behind the point."""
        look.skip(2 * (place if place < self._digits - self._decimals else place + 1))
        look.put(b"^^")

    def bounds(self, look: "Look", menu: "Menu") -> None:
        """As in `0.272 to 200.000 ul`."""
        look.number(_bound(self._low, menu), self._decimals)
        look.put(b" to ")
        look.number(_bound(self._high, menu), self._decimals)
        look.put(self._unit)


def _bound(bound: "int | Callable[[Menu], int]", menu: "Menu") -> int:
    return bound if isinstance(bound, int) else bound(menu)


class Choice(Row):
    """One of a few names; the value is its index."""

    places = 1

    def __init__(self, kind: int, name: bytes, key: str, names: "tuple[str, ...]") -> None:
        super().__init__(kind, name, key)
        self.names = names
        self._shown = "|".join(names).encode()

    def turned(self, value: int, by: int) -> int:
        """The next or the one before; it does not go round."""
        return value + by if 0 <= value + by < len(self.names) else value

    def meaning(self, value: int) -> "int | str":
        """The name."""
        return self.names[value]

    def show(self, look: "Look", value: "int | None") -> None:
        """The name."""
        if value is None:
            look.put(b"--")
        else:
            look.part(self._shown, value)

    def show_places(self, look: "Look", value: int) -> None:
        """The name."""
        look.part(self._shown, value)

    def point_at(self, look: "Look", value: int, place: int) -> None:
        """Which one it is."""
        look.number(value + 1, 0)
        look.put(b" of ")
        look.number(len(self.names), 0)

    def bounds(self, look: "Look", menu: "Menu") -> None:
        """How many there are."""
        look.number(len(self.names), 0)
        look.put(b" to choose from")


class Products(Row):
    """One of the approved list; the value is its place."""

    places = 1
    listed: "tuple[Product, ...]" = ()  # written once, at power-on

    def turned(self, value: int, by: int) -> int:
        """The next or the one before; it does not go round."""
        return value + by if 0 <= value + by < len(self.listed) else value

    def show(self, look: "Look", value: "int | None") -> None:
        """The name."""
        look.put(b"--" if value is None or not self.listed else self.listed[value].label)

    def show_places(self, look: "Look", value: int) -> None:
        """The name."""
        self.show(look, value)

    def point_at(self, look: "Look", value: int, place: int) -> None:
        """Its lot, and the last day of use."""
        if self.listed:
            product = self.listed[value]
            look.put(product.lot_label)
            look.put(b" ")
            look.number(product.expires_yyyymmdd // 10000, 0)
            look.put(b"-")
            look.number(product.expires_yyyymmdd // 100 % 100, 0, 2)
            look.put(b"-")
            look.number(product.expires_yyyymmdd % 100, 0, 2)

    def bounds(self, look: "Look", menu: "Menu") -> None:
        """What point_at says, of the one chosen; or how many there are."""
        value = menu.values[self.key]
        if value is None:
            look.number(len(self.listed), 0)
            look.put(b" approved")
        else:
            self.point_at(look, value, 0)


class Deed(Row):
    """Something to do: a question that CONFIRM answers with yes. The name has two lines of large text."""

    def __init__(
        self,
        name: bytes,
        question: bytes,
        do: "Callable[[Menu], int] | None",
        facts: "Callable[[Look, Menu], None] | None" = None,
    ) -> None:
        """`do` returns 0, or a mask of inhibits that stand in the way; None: CONFIRM has to be held, and the loop acts.
        `facts` writes what to know before."""
        super().__init__(DEED, name)
        self.question = question
        self.do = do
        self._facts = facts

    def show(self, look: "Look", value: "int | None") -> None:
        """The second line of the name."""
        look.part(self.name, 1)

    def bounds(self, look: "Look", menu: "Menu") -> None:
        """What to know before."""
        if self._facts:
            self._facts(look, menu)
