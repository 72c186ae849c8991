"""Rounded readings beside exact numbers: 138.4 M, 527.8 MiB."""

from __future__ import annotations

_SI = ((10**18, "E"), (10**15, "P"), (10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "K"))
_BINARY = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def rounded(number: int) -> str:
    """A count to four figures with an SI letter, or the number itself below a thousand."""
    last = 10 ** min(max(0, len(str(number)) - 4), 15)
    number = (number + last // 2) // last * last  # first, so that 999,950 becomes 1.000 M and not 1,000.0 K
    for size, letter in _SI:
        if number >= size:
            return f"{_four_digits(number, size)} {letter}"
    return str(number)


def bytes_(number: int) -> str:
    """Bytes with a binary unit: 1 MiB is 1,048,576 bytes."""
    for size, unit in _BINARY:
        if number >= size:
            return f"{_four_digits(number, size)} {unit}"
    return f"{number} B"


def share(part: int, whole: int) -> str:
    """A share of a total in per cent, to one place; exact in integers, half up."""
    if not whole:
        return ""
    tenths = (2000 * part + whole) // (2 * whole)
    if part and not tenths:
        return "<0.1 %"
    return f"{tenths // 10}.{tenths % 10} %"


def _four_digits(number: int, size: int) -> str:
    """Number / size to four significant figures, half up, in integers."""
    places = max(0, 4 - len(str(number // size)))
    scaled = (2 * number * 10**places + size) // (2 * size)
    whole, rest = divmod(scaled, 10**places)
    return f"{whole:,}.{rest:0{places}d}" if places else f"{whole:,}"
