"""Made-up identifiers with right check digits, as people type them. Seeded: every run is alike."""

from __future__ import annotations

import random
from collections.abc import Callable

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
AREAS = [
    "AB",
    "B",
    "BA",
    "BB",
    "BD",
    "BH",
    "BN",
    "BS",
    "CB",
    "CF",
    "CH",
    "CT",
    "CV",
    "DA",
    "DE",
    "DH",
    "DL",
    "DN",
    "DY",
    "E",
    "EC",
    "EH",
    "EX",
    "G",
    "GL",
    "HD",
    "HP",
    "HU",
    "IP",
    "KT",
    "L",
    "LE",
    "LN",
    "LS",
    "LU",
    "M",
    "ME",
    "MK",
    "N",
    "NE",
    "NG",
    "NN",
    "NP",
    "NR",
    "NW",
    "OL",
    "OX",
    "PE",
    "PL",
    "PO",
    "PR",
    "RG",
    "S",
    "SA",
    "SE",
    "SK",
    "SN",
    "SO",
    "SP",
    "SR",
    "SS",
    "ST",
    "SW",
    "TN",
    "TS",
    "W",
    "WA",
    "WF",
    "WR",
    "YO",
]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"

type Draw = Callable[[random.Random], str]


def digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def maybe_lower(draw: random.Random, text: str) -> str:
    return text.lower() if draw.random() < 0.4 else text


def nhs_number(draw: random.Random) -> str:
    while True:
        nine = draw.choice("4567") + digits(draw, 8)
        check = (
            11
            - sum(int(one) * weight for one, weight in zip(nine, range(10, 1, -1), strict=True))
            % 11
        )
        if check != 10:
            break
    ten = nine + str(check % 11)
    gap = draw.choice(["", " ", "-", " ", "  ", "."])
    return f"{ten[:3]}{gap}{ten[3:6]}{gap}{ten[6:]}"


def national_insurance(draw: random.Random) -> str:
    while True:
        prefix = draw.choice("ABCEGHJKLMNOPRSTWXYZ") + draw.choice("ABCEGHJKLMNPRSTWXYZ")
        if prefix not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ"):
            break
    gap = draw.choice(["", " ", "-", " "])
    number = digits(draw, 6)
    parts = [prefix, number[:2], number[2:4], number[4:], draw.choice("ABCD")]
    return maybe_lower(draw, gap.join(parts))


def upn(draw: random.Random) -> str:
    twelve = digits(draw, 12)
    total = sum(int(one) * weight for one, weight in zip(twelve, range(2, 14), strict=True))
    return maybe_lower(draw, UPN_LETTERS[total % 23] + twelve)


def temporary_upn(draw: random.Random) -> str:
    eleven, last = digits(draw, 11), draw.choice(UPN_LETTERS)
    values = [*map(int, eleven), UPN_LETTERS.index(last)]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23] + eleven + last


def phone(draw: random.Random) -> str:
    """Numbers of Ofcom's ranges for drama: no person has them."""
    if draw.random() < 0.6:
        body = f"7700900{digits(draw, 3)}"
        groups = [(4, 6), (4, 3, 3), (10,), (3, 3, 4), (2, 2, 2, 2, 2)]
    else:
        code = draw.choice(
            [
                "1632960",
                "1134960",
                "1144960",
                "1154960",
                "1164960",
                "1174960",
                "1214960",
                "1314960",
                "1414960",
                "1514960",
                "1614960",
                "1914980",
                "2079460",
                "2890180",
                "2920180",
            ]
        )
        body = code + digits(draw, 3)
        groups = (
            [(4, 6), (3, 3, 4), (10,), (4, 3, 3)]
            if code.startswith("1632")
            else [(3, 3, 4), (10,), (2, 4, 4)]
        )
    sizes, at, parts = draw.choice(groups), 0, []
    for size in sizes:
        parts.append(body[at : at + size])
        at += size
    gap = draw.choice([" ", "", ".", "-", " "])
    rest = gap.join(parts)
    style = draw.randrange(7)
    if style < 3:
        return f"0{rest}"
    if style == 3:
        return f"+44{draw.choice(['', ' '])}{rest}"
    if style == 4:
        return f"+44{draw.choice(['', ' '])}(0){draw.choice(['', ' '])}{rest}"
    if style == 5:
        return f"0044 {rest}"
    return (
        f"(0{parts[0]}){draw.choice(['', ' '])}{gap.join(parts[1:])}"
        if len(parts) > 1
        else f"0{rest}"
    )


def email(draw: random.Random) -> str:
    user = draw.choice(
        [
            "jay.t",
            "kmiller09",
            "sunflower_x",
            "m-hussain",
            "lil.k",
            "office+safe",
            "a.b.c",
            "bigman",
            "rosie2011",
        ]
    )
    host = draw.choice(
        ["example.com", "mail.example.org", "example.co.uk", "school.example.sch.uk", "example.net"]
    )
    return maybe_lower(draw, f"{user}{draw.randrange(100)}@{host}")


def link(draw: random.Random) -> str:
    host = draw.choice(
        ["example.com", "www.example.org", "insta.example.com", "pics.example.net", "example.co.uk"]
    )
    path = draw.choice(["/u/jay", "/profile?id=88", "", "/p/aBc123/", "/add/kay_x#top"])
    scheme = draw.choice(["https://", "http://", ""])
    return scheme + host + path


def handle(draw: random.Random) -> str:
    word = draw.choice(
        ["jaylad", "kay", "lilmiss", "babyg", "roadboy", "trapstar", "ellax", "zedd", "mrsmoney"]
    )
    form = draw.choice(["@{w}{n}", "@{w}", "{w}_{n}", "xx_{w}_xx", "@{w}.{n}", "{w}_official"])
    return form.format(w=word, n=draw.randrange(10, 99))


def postcode(draw: random.Random) -> str:
    area = draw.choice(AREAS)
    district = str(draw.randrange(1, 10 if len(area) == 1 else 30))
    if area in ("EC", "W", "E", "N", "SW", "SE") and draw.random() < 0.2:
        district = draw.choice("1234") + draw.choice("AHWVY")
    inward = (
        draw.choice("3456789")
        + draw.choice("ABDEFGHJLNPQRSTUWXYZ")
        + draw.choice("ABDEFGHJLNPQRSTUWXYZ")
    )
    return maybe_lower(draw, f"{area}{district}{draw.choice([' ', ' ', '', '  '])}{inward}")


def address(draw: random.Random) -> str:
    number = str(draw.randrange(1, 300)) + draw.choice(["", "", "", "a", "b", "-4"])
    first = draw.choice(
        [
            "Mill",
            "Acacia",
            "Station",
            "Church",
            "Victoria",
            "Highfield",
            "Old Forge",
            "St Johns",
            "Queen's",
            "Larkspur",
            "Bramblewood",
            "Sir Henry Parkes",
            "Kestrel",
            "Thornbury",
        ]
    )
    street = draw.choice(
        [
            "Lane",
            "Road",
            "Street",
            "Avenue",
            "Close",
            "Drive",
            "Crescent",
            "Court",
            "Way",
            "Gardens",
            "Grove",
            "Terrace",
            "Rd",
            "St",
            "Ave",
        ]
    )
    flat = draw.choice(["", "", "", f"Flat {draw.randrange(1, 40)}, "])
    return maybe_lower(draw, f"{flat}{number} {first} {street}")


def house(draw: random.Random) -> str:
    name = draw.choice(
        ["Acacia", "Bramble", "Larkspur", "Kingsley", "Thornbury", "Beaumont", "Ashcombe"]
    )
    kind = draw.choice(["House", "Court", "Lodge", "Heights", "Mansions", "Tower"])
    return f"{draw.choice(['Flat', 'flat', 'Apartment', 'apt'])} {draw.randrange(1, 60)}{draw.choice(['', 'a'])}, {name} {kind}"


def birth_date(draw: random.Random) -> str:
    day, month, year = draw.randrange(1, 29), draw.randrange(1, 13), draw.randrange(2006, 2018)
    name = MONTHS[month - 1]
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    forms = [
        f"{day}/{month}/{year}",
        f"{day:02}.{month:02}.{year}",
        f"{day:02}-{month:02}-{year}",
        f"{day}/{month}/{year % 100:02}",
        f"{year}-{month:02}-{day:02}",
        f"{day}{ending} {name} {year}",
        f"{day} {name[:3]} {year}",
        f"{name} {day}{ending}, {year}",
        f"{day}{ending} of {name} {year}",
        f"{day} {name[:3].lower()} {year % 100:02}",
    ]
    return draw.choice(forms)


def named_birth_date(draw: random.Random) -> str:
    lead = draw.choice(
        [
            "dob",
            "DOB:",
            "d.o.b.",
            "date of birth is",
            "born on",
            "born",
            "birthday is",
            "Date of Birth -",
            "D.O.B",
        ]
    )
    day, month, year = draw.randrange(1, 29), draw.randrange(1, 13), draw.randrange(2006, 2018)
    short = draw.choice(
        [
            f"{day} {MONTHS[month - 1]}",
            f"{MONTHS[month - 1]} {year}",
            f"{day:02}{month:02}{year}",
            f"{day:02}{month:02}{year % 100:02}",
            f"{day}/{month}",
        ]
    )
    date = short if draw.random() < 0.4 else birth_date(draw)
    return f"{lead} {date}"


def current_plate(draw: random.Random) -> str:
    first = draw.choice("ABCDEFGHKLMNOPRSVWY") + draw.choice("ABCDEFGHJKLMNOPRSTUVWXY")
    age = draw.choice([f"{number:02}" for number in (*range(2, 27), *range(51, 77))])
    last = "".join(draw.choice("ABCDEFGHJKLMNOPRSTUVWXYZ") for _ in range(3))
    return draw.choice(
        [f"{first}{age} {last}", f"{first}{age}{last}", f"{first.lower()}{age}{last.lower()}"]
    )


def prefix_plate(draw: random.Random) -> str:
    letters = draw.choice(LETTERS) + draw.choice("BCDFGHJKLMNP") + draw.choice("BCDFGHJKLMNP")
    return f"{draw.choice('ABCDEFGHJKLMNPRSTVWXY')}{draw.randrange(21, 999)}{draw.choice([' ', ''])}{letters}"


def suffix_plate(draw: random.Random) -> str:
    letters = (
        draw.choice("BCDFGHJKLMNPRSTVWX")
        + draw.choice("BCDFGHJKLMNP")
        + draw.choice("BCDFGHJKLMNP")
    )
    return f"{letters}{draw.choice([' ', ''])}{draw.randrange(21, 999)}{draw.choice('ABCDEFGHJKLMNPRSTVWXY')}"


SCHOOLS = [
    "Highfield Academy",
    "St Mary's",
    "St. Joseph's Primary",
    "Kingsway High School",
    "Thornbury Secondary School",
    "Larkspur Primary School",
    "Beaumont College",
    "Ashcombe Sixth Form",
    "St Cuthbert's Catholic High School",
    "Bramblewood Nursery",
    "Queen Ethelburga Grammar School",
    "Castlebrook High School",
]
HOMES = [
    "Oakview children's home",
    "Bramblewood House",
    "The Willows",
    "Ashcombe Lodge",
    "Larkspur residential unit",
    "The Beeches",
    "Thornbury children's home",
    "Rowanlea care home",
    "Kingsley hostel",
    "The Laurels",
]


def school(draw: random.Random) -> str:
    lead = draw.choice(
        ["goes to", "attends", "is in year 9 at", "was excluded from", "is a pupil at"]
    )
    return f"{lead} {draw.choice(SCHOOLS)}"


def home(draw: random.Random) -> str:
    lead = draw.choice(
        ["is placed at", "lives at", "has moved to", "is staying at", "went missing from"]
    )
    return f"{lead} {draw.choice(HOMES)}"
