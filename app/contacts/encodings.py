"""Which encoding is a file in? Told by its marks, by whether it is valid UTF-8, and by the bytes of Polish letters."""

import codecs
from collections import Counter
from typing import BinaryIO

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "cp1250": "Windows-1250 (CP1250)",
    "iso8859-2": "ISO-8859-2 (Latin 2)",
    "utf-16": "UTF-16 (BOM)",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}
"""Encodings that can be read, with the name that people know."""

# The six Polish letters that stand elsewhere in the two eight-bit encodings: Ą ą Ś ś Ź ź. In ISO-8859-2, 0x80–0x9F are
# control characters that no table has; Windows keeps quotation marks and dashes there.
_ONLY_CP1250 = frozenset(b"\xa5\xb9") | frozenset(range(0x80, 0xA0))
_ONLY_ISO = frozenset(b"\xa1\xb1\xa6\xb6\xac\xbc")
# First bytes of two-byte UTF-8 sequences that are letters of no alphabet found in our lists. In CP1250 they are the
# Polish capitals Ć Ę Ó, which before another Polish letter ("ÓŻ", "ĘŻ") happen to make valid UTF-8.
_UNLIKELY_LEADS = frozenset(b"\xc6\xca\xd3")
_CHUNK = 1 << 20
_ASCII = bytes(range(0x80))


def detect_encoding(stream: BinaryIO) -> str:
    """The most likely of ENCODINGS. Reads the stream to its end, in pieces."""
    start = stream.read(4096)
    stream.seek(0)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _wide(start):
        return wide
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    counts: Counter[int] = Counter()
    while chunk := stream.read(_CHUNK):
        counts.update(chunk.translate(None, delete=_ASCII))
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    if is_utf8 and not _only_unlikely(counts):
        return "utf-8"
    return "iso8859-2" if _weight(counts, _ONLY_ISO) > _weight(counts, _ONLY_CP1250) else "cp1250"


def is_binary(start: bytes) -> bool:
    """Whether the first bytes are no text in any of ENCODINGS."""
    if start.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _wide(start):
        return False
    controls = sum(start.count(byte) for byte in (*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)))
    # A stray NUL in an otherwise readable table gets its own message, with its line, when that line is read.
    return controls > max(8, len(start) // 100)


def _wide(start: bytes) -> str:
    """UTF-16 without its mark: every second byte of Latin text is zero."""
    even, odd = start[0::2], start[1::2]
    if len(odd) < 2:  # noqa: PLR2004
        return ""
    if odd.count(0) > 0.6 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if even.count(0) > 0.6 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return ""


def _only_unlikely(high: Counter[int]) -> bool:
    leads = [byte for byte in high if byte >= 0xC0]  # noqa: PLR2004  (continuation bytes are below)
    return bool(leads) and all(byte in _UNLIKELY_LEADS for byte in leads)


def _weight(counts: Counter[int], letters: frozenset[int]) -> int:
    return sum(counts[letter] for letter in letters)
