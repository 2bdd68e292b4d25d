"""Numbers of rows and versions, as addresses and forms write them."""

LARGEST = 2**63 - 1
"""The largest number that a row can have."""
_DIGITS = len(str(LARGEST))


def number_in(text: str) -> int | None:
    """The number from 0 to LARGEST that `text` writes in digits; None when it writes none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    number = int(text)
    return number if number <= LARGEST else None
