"""The letters of the panel: 5 columns of 8 dots each, drawn for this device, and the same twice as wide and high.

A column is a byte, its lowest bit the top dot. Capitals and figures stand on row 6; only tails (g j p q y , ;) reach
row 7, so two rows of text touch there and nowhere else. What is easily confused is drawn apart: the zero has a dot,
which an 8 has not at its sides, the one a foot, the l a bow, the I bars; the D has ends that stand out, as smoothing
makes an O of it otherwise.
"""

from micropython import const

WIDTH = 5
FIRST = 32
LAST = 127  # a box: whatever is no letter shows as one

SMALL = (
    b"\x00\x00\x00\x00\x00"  # space
    b"\x00\x00\x5f\x00\x00"  # !
    b"\x00\x03\x00\x03\x00"  # "
    b"\x14\x7f\x14\x7f\x14"  # #
    b"\x24\x2a\x7f\x2a\x12"  # $
    b"\x23\x13\x08\x64\x62"  # %
    b"\x36\x49\x56\x20\x50"  # &
    b"\x00\x00\x03\x00\x00"  # '
    b"\x00\x1c\x22\x41\x00"  # (
    b"\x00\x41\x22\x1c\x00"  # )
    b"\x14\x08\x3e\x08\x14"  # *
    b"\x08\x08\x3e\x08\x08"  # +
    b"\x00\x00\xe0\x60\x00"  # ,
    b"\x08\x08\x08\x08\x08"  # -
    b"\x00\x00\x60\x60\x00"  # .
    b"\x40\x30\x08\x06\x01"  # /
    b"\x3e\x41\x49\x41\x3e"  # 0
    b"\x00\x42\x7f\x40\x00"  # 1
    b"\x42\x61\x51\x49\x46"  # 2
    b"\x22\x41\x49\x49\x36"  # 3
    b"\x18\x14\x12\x7f\x10"  # 4
    b"\x27\x45\x45\x45\x39"  # 5
    b"\x3c\x4a\x49\x49\x30"  # 6
    b"\x01\x01\x79\x05\x03"  # 7
    b"\x36\x49\x49\x49\x36"  # 8
    b"\x06\x49\x49\x29\x1e"  # 9
    b"\x00\x00\x36\x36\x00"  # :
    b"\x00\x00\xe6\x66\x00"  # ;
    b"\x08\x14\x22\x41\x00"  # <
    b"\x14\x14\x14\x14\x14"  # =
    b"\x00\x41\x22\x14\x08"  # >
    b"\x02\x01\x51\x09\x06"  # ?
    b"\x3e\x41\x5d\x55\x1e"  # @
    b"\x7e\x09\x09\x09\x7e"  # A
    b"\x7f\x49\x49\x49\x36"  # B
    b"\x3e\x41\x41\x41\x22"  # C
    b"\x41\x7f\x41\x41\x3e"  # D
    b"\x7f\x49\x49\x49\x41"  # E
    b"\x7f\x09\x09\x09\x01"  # F
    b"\x3e\x41\x49\x49\x3a"  # G
    b"\x7f\x08\x08\x08\x7f"  # H
    b"\x00\x41\x7f\x41\x00"  # I
    b"\x20\x40\x41\x3f\x01"  # J
    b"\x7f\x08\x14\x22\x41"  # K
    b"\x7f\x40\x40\x40\x40"  # L
    b"\x7f\x02\x0c\x02\x7f"  # M
    b"\x7f\x04\x08\x10\x7f"  # N
    b"\x3e\x41\x41\x41\x3e"  # O
    b"\x7f\x09\x09\x09\x06"  # P
    b"\x3e\x41\x51\x21\x5e"  # Q
    b"\x7f\x09\x19\x29\x46"  # R
    b"\x46\x49\x49\x49\x31"  # S
    b"\x01\x01\x7f\x01\x01"  # T
    b"\x3f\x40\x40\x40\x3f"  # U
    b"\x0f\x30\x40\x30\x0f"  # V
    b"\x7f\x20\x18\x20\x7f"  # W
    b"\x63\x14\x08\x14\x63"  # X
    b"\x03\x04\x78\x04\x03"  # Y
    b"\x61\x51\x49\x45\x43"  # Z
    b"\x00\x7f\x41\x41\x00"  # [
    b"\x01\x06\x08\x30\x40"  # \
    b"\x00\x41\x41\x7f\x00"  # ]
    b"\x04\x02\x01\x02\x04"  # ^
    b"\x40\x40\x40\x40\x40"  # _
    b"\x00\x01\x02\x04\x00"  # `
    b"\x20\x54\x54\x54\x78"  # a
    b"\x7f\x48\x44\x44\x38"  # b
    b"\x38\x44\x44\x44\x28"  # c
    b"\x38\x44\x44\x48\x7f"  # d
    b"\x38\x54\x54\x54\x18"  # e
    b"\x08\x7e\x09\x01\x02"  # f
    b"\x18\xa4\xa4\xa4\x7c"  # g
    b"\x7f\x08\x04\x04\x78"  # h
    b"\x00\x44\x7d\x40\x00"  # i
    b"\x40\x80\x84\x7d\x00"  # j
    b"\x7f\x10\x28\x44\x00"  # k
    b"\x00\x01\x3f\x40\x40"  # l
    b"\x7c\x04\x38\x04\x78"  # m
    b"\x7c\x08\x04\x04\x78"  # n
    b"\x38\x44\x44\x44\x38"  # o
    b"\xfc\x24\x24\x24\x18"  # p
    b"\x18\x24\x24\x24\xfc"  # q
    b"\x7c\x08\x04\x04\x08"  # r
    b"\x48\x54\x54\x54\x24"  # s
    b"\x04\x3f\x44\x40\x20"  # t
    b"\x3c\x40\x40\x20\x7c"  # u
    b"\x1c\x20\x40\x20\x1c"  # v
    b"\x3c\x40\x30\x40\x3c"  # w
    b"\x44\x28\x10\x28\x44"  # x
    b"\x1c\xa0\xa0\xa0\x7c"  # y
    b"\x44\x64\x54\x4c\x44"  # z
    b"\x00\x08\x36\x41\x00"  # {
    b"\x00\x00\x7f\x00\x00"  # |
    b"\x00\x41\x36\x08\x00"  # }
    b"\x08\x04\x08\x10\x08"  # ~
    b"\x7f\x41\x41\x41\x7f"  # the box
)

# Where the four bits of half a column go when there are twice as many of them: to every other place.
_SPREAD = const(b"\x00\x01\x04\x05\x10\x11\x14\x15\x40\x41\x44\x45\x50\x51\x54\x55")


def double(small: bytes) -> tuple:
    """(upper halves, lower halves) of the same letters with twice the columns and rows; two bytearrays, made once.

    Each dot becomes four, and a corner of it takes the colour of the two neighbours it lies between, where these are
    alike and the others differ (the rule known as Scale2x): diagonals come out smooth. The top line stays free, and of
    tails the last line is cut off.
    """
    upper = bytearray(2 * len(small))
    lower = bytearray(2 * len(small))
    for index in range(len(small)):
        column = index % WIDTH
        left = small[index - 1] if column else 0
        right = small[index + 1] if column < WIDTH - 1 else 0
        _double_column(left, small[index], right, upper, lower, 2 * index)
    return upper, lower


def _double_column(left: int, dots: int, right: int, upper: bytearray, lower: bytearray, at: int) -> None:
    up = dots << 1 & 0xFF  # each bit is what the dot there has above it
    down = dots >> 1
    # Where two neighbours differ.
    left_up = left ^ up
    up_right = up ^ right
    right_down = right ^ down
    down_left = down ^ left
    for side in range(2):
        if side == 0:
            high = dots ^ (dots ^ up) & ~left_up & down_left & up_right
            low = dots ^ (dots ^ down) & ~down_left & left_up & right_down
        else:
            high = dots ^ (dots ^ up) & ~up_right & left_up & right_down
            low = dots ^ (dots ^ down) & ~right_down & up_right & down_left
        # One line lower than it would be, so that it does not touch a light row above it.
        upper[at + side] = _SPREAD[high & 15] << 1 | (_SPREAD[low & 15] & 0x3F) << 2
        lower[at + side] = _SPREAD[high >> 4] << 1 | (_SPREAD[low >> 4] & 0x3F) << 2 | low >> 3 & 1
