"""Small files for the demo's cases: a page of PDF and a picture, made here so that none is copied. Pure."""

import struct
import zlib
from collections.abc import Sequence
from random import Random

_WIDTH, _HEIGHT = 240, 160


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """One page A4 with a title and lines of text. The standard fonts have Latin-1 alone; other signs lose accents."""
    text = [f"BT /F1 20 Tf 60 770 Td ({_escaped(title)}) Tj ET"]
    text += [f"BT /F1 11 Tf 60 {730 - 20 * place} Td ({_escaped(line)}) Tj ET" for place, line in enumerate(lines)]
    content = "\n".join(text).encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def picture(rng: Random) -> bytes:
    """A PNG: a dark box with a light window on a coloured wall, like a meter in a bad photo."""
    wall = [rng.randrange(90, 220) for _ in range(3)]
    rows = bytearray()
    for y in range(_HEIGHT):
        rows.append(0)
        for x in range(_WIDTH):
            in_box, in_window = 50 < x < 190 and 30 < y < 130, 75 < x < 165 and 55 < y < 80  # noqa: PLR2004 (pixels)
            shade = (
                (235, 238, 230) if in_window else (38, 42, 48) if in_box else [max(0, each - y // 4) for each in wall]
            )
            rows += bytes(shade)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def _escaped(text: str) -> str:
    plain = text.translate(str.maketrans("ąćęłńśźżĄĆĘŁŃŚŹŻ", "acelnszzACELNSZZ")).encode("latin-1", "replace")
    return plain.decode("latin-1").replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
