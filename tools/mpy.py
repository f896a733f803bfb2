"""Reads how large a frame each function of a compiled .mpy file needs: what decides whether a call takes from the heap.

Format: MicroPython 1.29, py/persistentcode.c (file), py/bc.h (what stands before a function's bytecode). Rule:
py/objfun.c, fun_bc_call. A port without a stack of its own for Python, like the ESP32's, takes a frame from the heap at
each call when it is larger than 11 machine words, and gives it back at the end. If the heap is locked or full it uses
the C stack instead, without a word: that is why a locked heap does not show it. A frame is the arguments, the locals
and the stack of the bytecode, one word each, and three words for each level of `try` or `with`.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

MOST_WORDS = 11  # VM_MAX_STATE_ON_STACK
WORDS_OF_A_TRY = 3  # mp_exc_stack_t: handler, stack pointer, the exception in work

_VERSION = 6
_HAS_ARCH_FLAGS = 0x40
_BYTECODE = 0
# Kinds of constant objects; from None to Ellipsis the kind is all there is.
_FUN_TABLE, _ELLIPSIS, _STR, _BYTES, _TUPLE = 0, 4, 5, 6, 10
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, *_COMPREHENSIONS)


class Malformed(ValueError):
    """Not a .mpy file of this version, or not one of the source it is said to come from."""


class Frame(NamedTuple):
    """What a call of one function needs, in machine words. `name` is qualified within its module."""

    name: str
    line: int
    state_words: int
    try_words: int

    @property
    def words(self) -> int:
        """The whole frame, as the rule counts it."""
        return self.state_words + self.try_words


class _Code(NamedTuple):
    name: str  # "" where the file has only a number known to every interpreter
    state_words: int
    tries: int
    children: "list[_Code]"


class _Reader:
    """The bytes of one file, from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._names: list[str] = []

    def file(self) -> _Code:
        """The module's own code, with all functions below it."""
        magic, version, features, _small_int_bits = self._take(4)
        if (magic, version) != (ord("M"), _VERSION):
            raise Malformed(f"not a .mpy file of version {_VERSION}")
        if features & _HAS_ARCH_FLAGS:
            self._number()
        name_count = self._number()
        object_count = self._number()
        for _ in range(name_count):
            self._names.append(self._name())
        for _ in range(object_count):
            self._skip_object()
        module = self._code()
        if self._at != len(self._data):
            raise Malformed(f"{len(self._data) - self._at} bytes are left over")
        return module

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise Malformed("ends too early")
        self._at += count
        return taken

    def _number(self) -> int:
        number = 0
        while True:
            byte = self._take(1)[0]
            number = number << 7 | byte & 0x7F
            if not byte & 0x80:
                return number

    def _name(self) -> str:
        length = self._number()
        if length & 1:  # every interpreter knows it by this number
            return ""
        return self._take((length >> 1) + 1)[:-1].decode()

    def _skip_object(self) -> None:
        kind = self._take(1)[0]
        if _FUN_TABLE <= kind <= _ELLIPSIS:
            return
        length = self._number()
        if kind == _TUPLE:
            for _ in range(length):
                self._skip_object()
        else:
            self._take(length + 1 if kind in (_STR, _BYTES) else length)

    def _code(self) -> _Code:
        head = self._number()
        if head & 3 != _BYTECODE:
            raise Malformed("machine code, which has no such frames")
        inner = _Reader(self._take(head >> 3))
        state_words, tries = inner.signature()
        inner.skip_prelude_size()
        name = self._names[inner._number()]
        children = [self._code() for _ in range(self._number())] if head & 4 else []
        return _Code(name, state_words, tries, children)

    def signature(self) -> "tuple[int, int]":
        """Entries of the frame, and levels of exception handlers: the first two values of six, mixed bit by bit."""
        byte = self._take(1)[0]
        state_words = byte >> 3 & 0xF
        tries = byte >> 2 & 1
        shift = 0
        while byte & 0x80:
            byte = self._take(1)[0]
            state_words |= (byte & 0x30) << 2 * shift
            tries |= (byte & 0x02) << shift
            shift += 1
        return state_words + 1, tries

    def skip_prelude_size(self) -> None:
        """Sizes of the line numbers and of the closure, which are of no interest here."""
        while self._take(1)[0] & 0x80:
            pass


def frames(mpy: bytes, source: str) -> "list[Frame]":
    """The frame of every function in a compiled file, in the order of its source. Raises Malformed.

    Names and lines come from the source: the file itself does not say which class a method belongs to.
    """
    return list(_matched(_Reader(mpy).file(), ast.parse(source), ""))


def _matched(code: _Code, node: ast.AST, prefix: str) -> "Iterator[Frame]":
    inner = list(_scopes_in(node))
    if len(inner) != len(code.children):
        raise Malformed(f"{len(code.children)} functions compiled in {prefix or 'the module'}, {len(inner)} written")
    for scope, child in zip(inner, code.children, strict=True):
        name = getattr(scope, "name", f"<{type(scope).__name__.lower()}>")
        if child.name not in ("", name) and not child.name.startswith("<"):
            raise Malformed(f"{child.name} compiled where {name} is written")
        if not isinstance(scope, ast.ClassDef):
            yield Frame(prefix + name, scope.lineno, child.state_words, WORDS_OF_A_TRY * child.tries)
        yield from _matched(child, scope, f"{prefix}{name}.")


def _scopes_in(node: ast.AST) -> "Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda]":
    """The functions and classes directly inside, as the compiler meets them; annotations are not compiled."""
    body = node.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else ast.iter_child_nodes(node)
    for child in body:
        yield from _scopes_at(child)


def _scopes_at(node: ast.AST) -> "Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda]":
    if isinstance(node, _SCOPES):
        yield node  # type: ignore[misc] - a comprehension has a lineno like the others
    elif not isinstance(node, ast.arguments):
        children = (node.target, node.value) if isinstance(node, ast.AnnAssign) else ast.iter_child_nodes(node)
        for child in children:
            if child is not None:
                yield from _scopes_at(child)
