"""The short code of a disposition, as printed in messages and typed back: "K7X". Pure.

Letter, digit, letter, then anything: no code is a number, a word, or "3HR". Vowels and look-alikes (0 O 1 I L) are left
out. Neighbouring ids are scattered, so that one mistyped sign does not name the case next to it.
"""

from functools import cache
from math import gcd

_LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
_DIGITS = "23456789"
_ANY = _DIGITS + _LETTERS
_SHORTEST = 3
_GOLDEN = 0.6180339887


def code_of(disposition_id: int) -> str:
    """The code of that id; different ids have different codes."""
    length, index = _SHORTEST, disposition_id
    while index >= _capacity(length):
        index -= _capacity(length)
        length += 1
    rest = index * _stride(length) % _capacity(length)
    signs = []
    for alphabet in _alphabets(length):
        rest, sign = divmod(rest, len(alphabet))
        signs.append(alphabet[sign])
    return "".join(signs)


def _alphabets(length: int) -> tuple[str, ...]:
    return _LETTERS, _DIGITS, _LETTERS, *[_ANY] * (length - _SHORTEST)


@cache
def _capacity(length: int) -> int:
    size = 1
    for alphabet in _alphabets(length):
        size *= len(alphabet)
    return size


@cache
def _stride(length: int) -> int:
    """Coprime to the capacity, so that multiplying by it only shuffles; golden, so that neighbours land far apart."""
    stride = int(_capacity(length) * _GOLDEN)
    while gcd(stride, _capacity(length)) != 1:
        stride += 1
    return stride
