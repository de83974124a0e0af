"""The short code of a disposition, as printed in messages and typed back: "K7X". Pure.

Letter, digit, letter, then anything: no code is a number, a word, or "3HR". Vowels and look-alikes (0 O 1 I L) are left
out. Neighbouring ids are scattered, so that one mistyped sign does not name the case next to it.
"""

from functools import cache
from math import gcd, prod

_LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
_DIGITS = "23456789"
_ANY = _DIGITS + _LETTERS
_SHORTEST = 3
_GOLDEN = 0.6180339887


def as_typed(name: str) -> str:
    """A code or a complaint's number as we keep it, however somebody typed it: " #7kx", "man-2026-0001"."""
    return name.strip().lstrip("#").strip().upper()


def code_of(disposition_id: int) -> str:
    """The code of that id; different ids have different codes."""
    length, index = _SHORTEST, disposition_id
    alphabets, capacity, stride = _shape(length)
    while index >= capacity:
        index -= capacity
        length += 1
        alphabets, capacity, stride = _shape(length)
    rest = index * stride % capacity
    signs = ""
    for alphabet in alphabets:
        rest, sign = divmod(rest, len(alphabet))
        signs += alphabet[sign]
    return signs


@cache
def _shape(length: int) -> tuple[tuple[str, ...], int, int]:
    """The alphabets of codes of that length, how many codes there are, and the stride from one id to the next."""
    alphabets = (_LETTERS, _DIGITS, _LETTERS, *[_ANY] * (length - _SHORTEST))
    capacity = prod(map(len, alphabets))
    return alphabets, capacity, _stride(capacity)


def _stride(capacity: int) -> int:
    """Coprime to the capacity, so that multiplying by it only shuffles; golden, so that neighbours land far apart."""
    stride = int(capacity * _GOLDEN)
    while gcd(stride, capacity) != 1:
        stride += 1
    return stride
