"""Integers that notice when they would no longer be small on the chip, in any step of a calculation."""

SMALLEST = -(1 << 30)
LARGEST = (1 << 30) - 1


class TooLarge(Exception):
    """An integer that the chip would have to allocate."""


class ChipInt(int):
    """An int within -2^30 .. 2^30 - 1, as is everything calculated from it and other ints; TooLarge otherwise."""

    def __new__(cls, value: int) -> "ChipInt":
        if not SMALLEST <= value <= LARGEST:
            raise TooLarge(value)
        return int.__new__(cls, value)

    def __add__(self, other: object) -> "ChipInt":
        return ChipInt(int.__add__(self, other)) if isinstance(other, int) else NotImplemented

    def __sub__(self, other: object) -> "ChipInt":
        return ChipInt(int.__sub__(self, other)) if isinstance(other, int) else NotImplemented

    def __rsub__(self, other: object) -> "ChipInt":
        return ChipInt(int.__rsub__(self, other)) if isinstance(other, int) else NotImplemented

    def __mul__(self, other: object) -> "ChipInt":
        return ChipInt(int.__mul__(self, other)) if isinstance(other, int) else NotImplemented

    def __floordiv__(self, other: object) -> "ChipInt":
        return ChipInt(int.__floordiv__(self, other)) if isinstance(other, int) else NotImplemented

    def __rfloordiv__(self, other: object) -> "ChipInt":
        return ChipInt(int.__rfloordiv__(self, other)) if isinstance(other, int) else NotImplemented

    def __mod__(self, other: object) -> "ChipInt":
        return ChipInt(int.__mod__(self, other)) if isinstance(other, int) else NotImplemented

    def __rmod__(self, other: object) -> "ChipInt":
        return ChipInt(int.__rmod__(self, other)) if isinstance(other, int) else NotImplemented

    def __lshift__(self, other: int) -> "ChipInt":
        return ChipInt(int.__lshift__(self, other))

    def __rshift__(self, other: int) -> "ChipInt":
        return ChipInt(int.__rshift__(self, other))

    def __and__(self, other: int) -> "ChipInt":
        return ChipInt(int.__and__(self, other))

    def __or__(self, other: int) -> "ChipInt":
        return ChipInt(int.__or__(self, other))

    def __neg__(self) -> "ChipInt":
        return ChipInt(int.__neg__(self))

    def __abs__(self) -> "ChipInt":
        return ChipInt(int.__abs__(self))

    def __invert__(self) -> "ChipInt":
        return ChipInt(int.__invert__(self))

    def __xor__(self, other: int) -> "ChipInt":
        return ChipInt(int.__xor__(self, other))

    def __deepcopy__(self, memo: "dict[int, object]") -> "ChipInt":
        return self

    __radd__ = __add__
    __rmul__ = __mul__
    __rand__ = __and__
    __ror__ = __or__
    __rxor__ = __xor__
