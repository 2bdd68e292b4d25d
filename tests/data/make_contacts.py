"""Makes contacts_cp1250.csv: 10,000 rows as a Polish office would send them, good and bad. Nobody in it exists.

    python tests/data/make_contacts.py

The seed is fixed, so that the file is the same wherever it is made. Numbers are invented, within ranges that the rules
of numbering allow; e-mail addresses are at example.com.
"""

import csv
import io
import random
import unicodedata
from collections.abc import Callable
from pathlib import Path

ROWS = 10_000
SEED = 20_260_331
HEADER = ["Imię i nazwisko", "Firma", "NIP", "Telefon", "Tel. kom.", "E-mail", "Ulica", "Kod", "Miasto", "Uwagi"]

FIRST = [
    "Łukasz",
    "Żaneta",
    "Świętosława",
    "Józef",
    "Małgorzata",
    "Błażej",
    "Agnieszka",
    "Stanisław",
    "Ździsława",
    "Jędrzej",
    "Grażyna",
    "Wojciech",
    "Krystyna",
    "Paweł",
    "Elżbieta",
    "Michał",
    "Bożena",
    "Rafał",
    "Danuta",
    "Przemysław",
    "Halina",
    "Sławomir",
    "Renata",
    "Mirosław",
    "Jadwiga",
    "Tomasz",
    "Lucyna",
    "Marek",
]
LAST = [
    "Wójcik",
    "Kamiński",
    "Dąbrowa",
    "Żuraw",
    "Gołąb",
    "Źrebak",
    "Ćwikła",
    "Śliwa",
    "Wąsik",
    "Pająk",
    "Kołodziej",
    "Jabłoń",
    "Krawiec",
    "Młynarz",
    "Brzęczyk",
    "Świerk",
    "Łoś",
    "Zając",
    "Niedźwiedź",
    "Sójka",
    "Piątek",
    "Gąsior",
    "Bąk",
    "Jaśmin",
    "Kądziel",
    "Ząbek",
    "Ogórek",
    "Szczygieł",
    "Chrząszcz",
    "Rzeźnik",
    "Płotka",
    "Łabędź",
]
COMPANY = [
    "Piekarnia Złoty Kłos",
    "Zakład Ślusarski Żelazo",
    "Hurtownia Łąka",
    "Biuro Rachunkowe Źródło",
    "Spółdzielnia Jaśmin",
]
FORMS = ["sp. z o.o.", "S.A.", "s.c.", ""]
STREET = [
    "Długa",
    "Świętojańska",
    "Żwirowa",
    "Łąkowa",
    "Źródlana",
    "Ćwiartki",
    "Kościelna",
    "Młyńska",
    "Ogrodowa",
    "Polna",
    "Jęczmienna",
]
CITY = [("90-001", "Łódź"), ("30-002", "Kraków"), ("80-003", "Gdańsk"), ("61-004", "Poznań"), ("85-005", "Bydgoszcz"),
        ("26-006", "Końskie"), ("97-007", "Piotrków Trybunalski"), ("34-008", "Żywiec")]  # fmt: skip
NOTES = [
    "",
    "",
    "",
    "",
    "prosi o kontakt po 16:00",
    "klient „stały”; rabat 5%",
    "umowa – do końca roku",
    "dzwonić\nrano",
]

BAD_PHONES = ["600 100 20", "brak", "4,86E+10", "+48 22 555 12", "600 CALL NOW", "123", "000000000"]
BAD_EMAILS = ["jan.example.com", "anna@", "@example.com", "a b@example.com", "jan@@example.com"]

MOBILE: list[Callable[[str], str]] = [
    lambda n: f"{n[:3]} {n[3:6]} {n[6:]}",
    lambda n: f"{n[:3]}-{n[3:6]}-{n[6:]}",
    lambda n: f"+48 {n[:3]} {n[3:6]} {n[6:]}",
    lambda n: f"0048{n}",
    lambda n: f"48{n}",
    lambda n: f"tel. +48 {n}",
    lambda n: f"(+48) {n[:3]} {n[3:]}",
    lambda n: n,
    lambda n: f"kom. {n[:3]} {n[3:]}",
    lambda n: f"'+48{n}",
]
LANDLINE: list[Callable[[str], str]] = [
    lambda n: f"({n[:2]}) {n[2:5]}-{n[5:7]}-{n[7:]}",
    lambda n: f"0-{n[:2]} {n[2:5]} {n[5:7]} {n[7:]}",
    lambda n: f"0{n}",
    lambda n: f"{n[:2]}/{n[2:]}",
    lambda n: f"{n[:2]} {n[2:5]} {n[5:7]} {n[7:]} w. 12",
    lambda n: f"+48 {n[:2]} {n[2:]} wew. 7",
]


def make_rows(count: int = ROWS, seed: int = SEED) -> list[list[str]]:
    """The rows below the header. Of a hundred, some 3 repeat an earlier contact and 4 are bad in one way or another."""
    chance = random.Random(seed)  # noqa: S311  (invented people need no secrecy)
    rows: list[list[str]] = []
    good: list[list[str]] = []
    for place in range(count):
        draw = chance.random()
        if draw < 0.03 and good:
            rows.append(_repeated(chance.choice(good), chance))
            continue
        row = _company(place, chance) if chance.random() < 0.08 else _person(place, chance)
        if draw < 0.045:
            row[3] = chance.choice(BAD_PHONES)
        elif draw < 0.055:
            row[5] = chance.choice(BAD_EMAILS)
        elif draw < 0.06:
            row = [""] * len(HEADER)
        elif draw < 0.065:
            row = row[:-2]
        elif draw < 0.07:
            row = [*row, "nadmiar"]
        elif draw < 0.08:
            row = ["", "", "", row[3], *[""] * 6]  # only a telephone: a good contact
            good.append(row)
        else:
            good.append(row)
        rows.append(row)
    return rows


def as_bytes(rows: list[list[str]], encoding: str = "cp1250", separator: str = ";") -> bytes:
    """The file as it stands on disk."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def _person(place: int, chance: random.Random) -> list[str]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    code, city = chance.choice(CITY)
    mail = f"{_plain(first)}.{_plain(last)}{place}@example.com" if chance.random() < 0.8 else ""
    mobile = chance.choice(MOBILE)(_mobile(place)) if chance.random() < 0.3 else ""
    phone = chance.choice(LANDLINE)(_landline(place)) if mobile else chance.choice(MOBILE)(_mobile(place))
    street = f"{chance.choice(STREET)} {chance.randint(1, 180)}"
    return [f"{first} {last}", "", "", phone, mobile, mail, street, code, city, chance.choice(NOTES)]


def _company(place: int, chance: random.Random) -> list[str]:
    name = f"{chance.choice(COMPANY)} {place} {chance.choice(FORMS)}".strip()
    code, city = chance.choice(CITY)
    phone = chance.choice(LANDLINE)(_landline(place))
    return ["", name, _nip(place, chance), phone, "", f"biuro{place}@example.com", "", code, city, ""]


def _repeated(row: list[str], chance: random.Random) -> list[str]:
    """An earlier contact again, its number written in another way."""
    again = list(row)
    digits = "".join(character for character in row[3].partition("w")[0] if character.isdigit())[-9:]
    again[3] = chance.choice(MOBILE)(digits)
    return again


def _mobile(place: int) -> str:
    return f"5001{place:05d}"


def _landline(place: int) -> str:
    return f"2255{place:05d}"


def _nip(place: int, chance: random.Random) -> str:
    """Ten digits, the last of which checks the others (modulo 11), written in one of three ways."""
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    body = 525_000_000 + place * 10
    while sum(int(digit) * weight for digit, weight in zip(str(body), weights, strict=True)) % 11 == 10:
        body += 1
    check = sum(int(digit) * weight for digit, weight in zip(str(body), weights, strict=True)) % 11
    number = f"{body}{check}"
    dashed = f"{number[:3]}-{number[3:6]}-{number[6:8]}-{number[8:]}"
    return chance.choice([number, dashed, f"PL{number}"])


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.lower().replace("ł", "l"))
    return "".join(character for character in folded if character.isascii() and character.isalnum())


if __name__ == "__main__":
    target = Path(__file__).with_name("contacts_cp1250.csv")
    target.write_bytes(as_bytes(make_rows()))
