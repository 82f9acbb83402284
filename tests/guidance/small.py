"""A small guidance folder: complete and sound, for changing one thing at a time.

Numbers are from the ranges kept for drama. Its board documents have forty lines.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

#: The day on which its contacts were checked.
CHECKED = dt.date.today().isoformat()
_FILES = {
    "sources.yml": """\
- id: town-document
  title: The town's procedures
  short: Town procedures
  publisher: The town's board
  date: 2015-06
  kind: board_document
  areas: [luton]
  licence: Public professional guidance
  sections:
    - {title: "section 1, Definitions", first: 1, last: 20}
    - {title: "section 2, Referring", first: 21, last: 40}
- id: county-document
  title: The county's procedures
  short: County procedures
  publisher: The county's board
  date: 2024
  kind: board_document
  areas: [derby, derbyshire]
  licence: Public professional guidance
  sections:
    - {title: Everything, first: 1, last: 40}
- id: council-page
  title: Who to ring
  short: Council page
  publisher: The town council
  kind: public_page
  url: https://example.org/ring
  licence: Open Government Licence
- id: the-act
  title: The Act 2003
  short: The Act 2003
  publisher: Parliament
  date: 2003
  kind: statute
  licence: Open Government Licence
""",
    "areas.yml": """\
- {id: luton, name: Luton, aliases: [luton borough], source: town-document, contacts: [luton-desk], out_of_hours: [luton-night]}
- {id: nottinghamshire, name: Nottinghamshire, aliases: [notts], source: town-document, contacts: []}
- {id: wiltshire, name: Wiltshire, aliases: [wilts], source: town-document, contacts: []}
- {id: derby, name: Derby, aliases: [derby city], source: county-document, contacts: [derby-desk]}
- {id: derbyshire, name: Derbyshire, aliases: [derbys], source: county-document, contacts: []}
- {id: hartlepool, name: Hartlepool, source: town-document, contacts: []}
""",
    "contacts.yml": """\
- id: emergency
  name: Emergency services
  number: "999"
  purpose: A child is in immediate danger
  cite: town-document:30
  status: in_source
  last_checked: THE-DAY
- id: police-101
  name: Police, non-emergency
  number: "101"
  purpose: To tell the police
  cite: town-document:31
  status: in_source
  last_checked: THE-DAY
- id: nspcc-helpline
  name: NSPCC Helpline
  number: "0808 800 5000"
  purpose: Adults who are worried about a child
  cite: council-page
  status: public_page
  last_checked: THE-DAY
- id: luton-desk
  name: Luton duty desk
  number: "01632 960111"
  areas: [luton]
  purpose: Any concern about a child
  cite: town-document:21-23
  status: in_source
  last_checked: THE-DAY
  caution: The number is from 2015.
- id: luton-night
  name: Luton at night
  number: "01632 960112"
  areas: [luton]
  purpose: Emergencies outside office hours
  hours: after 5pm
  cite: council-page
  status: public_page
  last_checked: THE-DAY
- id: derby-desk
  name: Derby duty desk
  email: desk@derby.example.org
  areas: [derby]
  purpose: Any concern about a child
  cite: county-document:12
  status: in_source
  last_checked: THE-DAY
""",
    "law.yml": """\
- id: act-s9
  act: The Act 2003
  section: section 9
  summary: An offence by an adult against a child under 16.
  cite: the-act
""",
    "changes.yml": """\
- id: boards_gone
  since: 2018-07
  text: Partnerships have replaced the boards.
  cite: council-page
  certainty: seen
- id: county_tool
  since: unknown
  text: The county has a newer tool; check.
  areas: [derby, derbyshire]
  cite: council-page
  certainty: unverified
""",
    "glossary.yml": """\
- id: mash
  term: MASH
  aliases: [multi-agency safeguarding hub]
  meaning: People of several agencies who look at concerns together.
  cite: town-document:17,19
""",
    "topics/calling.yml": """\
- id: who_to_ring
  title: Who to ring
  tags: [contact]
  answers:
    - areas: [luton]
      short: "Ring the duty desk: {luton-desk}."
      points:
        - text: The duty desk takes any concern.
          cite: town-document:21-23
      more:
        - text: At night there is another number.
          cite: town-document:24
      contacts: [luton-desk, emergency]
    - areas: [derby]
      short: Write to the duty desk.
      points:
        - text: The duty desk answers within a day.
          cite: county-document:12
      contacts: [derby-desk]
    - areas: [derbyshire]
      short: Tell your manager, who refers.
      points:
        - text: The manager refers.
          cite: county-document:14
  silent: {nottinghamshire: , wiltshire: The presentation has no number., hartlepool: }
  ask: [nspcc-helpline, luton-desk]
  changed: [boards_gone, county_tool]
  related: [signs, tools]
- id: tools
  title: Which tool to use
  tags: [tool]
  answers:
    - areas: [derby, derbyshire]
      short: Use the county's toolkit.
      points:
        - text: The toolkit is filled in with the family.
          cite: county-document:20
      differs:
        - text: Line 22 says that the manager fills it in.
          cite: county-document:22
    - areas: [luton]
      short: Use the town's form.
      points:
        - text: The form has two pages.
          cite: town-document:33
  silent: {nottinghamshire: , wiltshire: , hartlepool: }
  changed: [county_tool]
""",
    "topics/knowing.yml": """\
- id: signs
  title: Signs to look for
  tags: [signs]
  instead: {luton: signs_luton}
  answers:
    - areas: [any]
      short: The documents list signs, and no single one proves anything.
      points:
        - text: The town's list has gifts and missing from home.
          cite: town-document:5-9
        - text: The county's list has new and older friends.
          cite: county-document:5
  law: [act-s9]
  related: [who_to_ring]
- id: signs_luton
  title: Signs that the town lists
  tags: [signs]
  answers:
    - areas: [luton]
      short: Luton lists nine signs.
      points:
        - text: Among them are gifts.
          cite: town-document:5
  silent: {nottinghamshire: , wiltshire: , derby: , derbyshire: , hartlepool: }
- id: police
  title: When the police are told
  tags: [police]
  answers:
    - areas: [any]
      short: When a crime is suspected, the police are told.
      points:
        - text: Both documents say so.
          cite: [town-document:35, county-document:35]
    - areas: [derby]
      short: In Derby a form goes to the police as well.
      points:
        - text: The form goes to the referral unit.
          cite: county-document:36
  changed: [county_tool]
""",
}
FILES = {name: text.replace("THE-DAY", CHECKED) for name, text in _FILES.items()}


def write_small(folder: Path) -> Path:
    """Write the files into `folder` and give it back."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def put(path: Path, old: str, new: str) -> None:
    """Replace the one place where `old` stands in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"“{old}” stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(path: Path, words: str) -> int:
    """The line (from 1) of the first place where `words` stand."""
    text = path.read_text(encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1
