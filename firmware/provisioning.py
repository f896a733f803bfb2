"""What the clinic has entered before the first treatment: operator codes, approved products, drying time.

A record as JSON has it, taken as a whole or not at all:

    {"salt": "00ff...",                          16 bytes and more, in hexadecimal
     "operators": ["5e88...", ...],              1 to 8 digests of codes, 32 bytes each, that differ
     "drying_s": 30,                             30 to 120
     "products": [                               1 to 12 of different names
       {"name": "HA 1% L23",                     1 to 10 ASCII characters: what is chosen at the panel, with the lot
        "lot": "L23A117",                        1 to 10 of them
        "expires_yyyymmdd": 20271231,            the last day of use
        "shallowest_um": 100, "deepest_um": 13000,     where it may go
        "most_nl": 20000000}]}                   in one session

Whoever writes it says in plain words what is wrong with it; the device only knows that it has none.
"""

from micropython import const

from firmware import limits

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from typing import Any


_WHOLE = ("expires_yyyymmdd", "shallowest_um", "deepest_um", "most_nl")  # numbers without a fraction


class Product:
    """One approved product of one lot. Raises KeyError, TypeError or ValueError for what is not one."""

    def __init__(self, row: "dict[str, Any]") -> None:
        self.name: str = row["name"]
        self.lot: str = row["lot"]
        self.expires_yyyymmdd: int = row["expires_yyyymmdd"]
        self.shallowest_um: int = row["shallowest_um"]
        self.deepest_um: int = row["deepest_um"]
        self.most_nl: int = row["most_nl"]
        self.label = _label(self.name)  # as the display wants them
        self.lot_label = _label(self.lot)
        self.given_nl = 0  # to this patient, before it was last put away
        if (
            {type(row[name]) for name in _WHOLE} != {int}
            or not 20200101 <= self.expires_yyyymmdd <= 20991231
            or not limits.DEPTH_MIN_UM <= self.shallowest_um <= self.deepest_um <= limits.NEEDLE_DEEPEST_UM
            or not 1 <= self.most_nl <= limits.SESSION_MAX_NL
        ):
            raise ValueError(self.name)


class Provisioning:
    """`operators`: digests; `products`; `drying_s`; `salt`. All empty until a whole record was taken."""

    def __init__(self) -> None:
        self.salt = b""
        self.operators: "tuple[bytes, ...]" = ()
        self.products: "tuple[Product, ...]" = ()
        self.drying_s = limits.DRYING_LEAST_S

    def adopt(self, record: "Any") -> bool:
        """Take all of it; or return False, and nothing has changed."""
        try:
            salt = bytes.fromhex(record["salt"])
            operators = tuple([bytes.fromhex(digest) for digest in record["operators"]])
            products = tuple([Product(row) for row in record["products"]])
            drying_s: int = record["drying_s"]
            whole = (
                len(salt) >= 16
                and 1 <= len(operators) <= 8
                and len(set(operators)) == len(operators)
                and {len(digest) for digest in operators} == {32}
                and 1 <= len(products) <= 12
                and len({product.name for product in products}) == len(products)
                and type(drying_s) is int
                and limits.DRYING_LEAST_S <= drying_s <= limits.DRYING_MOST_S
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            whole = False
        if whole:
            self.salt = salt
            self.operators = operators
            self.products = products
            self.drying_s = drying_s
        return whole


def fingerprint(products: "tuple[Product, ...]") -> int:
    """Of names and lots, in their order."""
    found = 0
    for product in products:
        for code in product.label + b"|" + product.lot_label + b"|":
            found = (found * 31 + code) & 0xFFFFFF
    return found


def _label(text: str) -> bytes:
    """1 to 10 printable ASCII characters; ValueError for anything else."""
    label = text.encode()
    if not 1 <= len(label) <= 10 or not 32 <= min(label) <= max(label) <= 126:
        raise ValueError(text)
    return label
