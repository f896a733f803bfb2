"""MicroPython's `micropython` for CPython: the decorators do nothing, const(x) is x, nothing checks the heap."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Value = TypeVar("Value")

_locks = 0


def const(value: "Value") -> "Value":
    """A number that the compiler knows."""
    return value


def native(function: "Value") -> "Value":
    """Compile to machine code."""
    return function


def viper(function: "Value") -> "Value":
    """Compile to machine code, on machine words."""
    return function


def heap_lock() -> None:
    """Allocating is an error from now on; here it is only counted, and heap_locked() says how deep."""
    global _locks
    _locks += 1


def heap_unlock() -> int:
    """Undo one heap_lock(); returns how many are left."""
    global _locks
    if _locks == 0:
        raise RuntimeError("heap_unlock without heap_lock")
    _locks -= 1
    return _locks


def heap_locked() -> int:
    """How many heap_lock() are open."""
    return _locks


def opt_level(level: "int | None" = None) -> "int | None":
    """0: asserts are kept, as in pytest."""
    return 0 if level is None else None


def alloc_emergency_exception_buf(size: int) -> None:
    """CPython needs none."""


def kbd_intr(char: int) -> None:
    """CPython's own Ctrl-C stays."""


def schedule(function: "Callable[[object], object]", argument: object) -> None:
    """Run soon: at once."""
    function(argument)
