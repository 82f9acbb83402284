"""The role of who writes, where a message tells it beside an area or a case.

“Foster carer luton, medium risk” and “luton health visitor with a …” tell it as much as “I'm a
teacher” does. Pure: a text in, a role out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

#: Words that stand around a role where somebody lists facts: “social worker here”.
_AROUND_ROLE = re.compile(r"^(?:im |i'm |i am |as )?(?:an? |the |her |his |their |my role )?")
#: Role words that, alone between commas, may be of somebody or something else.
_NOT_ALONE = frozenset(
    ["police", "school", "officer", "carer", "residential", "outreach", "doctor", "ta", "dc", "pc"]
)
#: Nor may these open a message: “manager in Luton says …”.
_NOT_OPENING = _NOT_ALONE | {"manager"}
_CLAUSE_END = re.compile(r"[,.;:+()&/\n!?]| - | – ")
_OPENING_FILLER = re.compile(
    r"^(?:route please|route pls|hi|hello|ok|so|please|need route|whats the route)\b *"
)
_AREAS = (
    r"(?:(?:in|at|from|for|of) )?(?:luton|nottinghamshire|nottingham|notts|wiltshire|wilts"
    r"|derbyshire"
    r"|derby|hartlepool)(?: (?:city|county|council|area|borough))?"
)
_AREA = re.compile(rf"\b{_AREAS}\b")
#: What may follow a role that opens a message: “health visitor with a 14 year old”.
_GOES_ON = re.compile(
    r" *(?:$|(?:here|with|and i|wanting|asking|needs?|working|worried|concerned|about|in|at|low"
    r"|medium"
    r"|high|has|have|who is|whose|my|we|i|what|who|how|please)\b)"
)
#: Somebody else than who writes does so after a role: “teacher has told me”.
_DOES = re.compile(
    r" *(?:has|have|had|who|my) (?:\w+ )?(?:told|said|reported|rung|rang|called|asked|left|seen"
    r"|told"
    r"|raised|refused|referred|disclosed|says)\b"
)
_QUALIFIER = re.compile(
    r"^(?:(?:senior|qualified|new|newly qualified|student|lead|deputy|duty|agency|trainee|primary"
    r"|secondary|specialist|assistant|community|hospital|ward|local authority|children's|childrens)"
    r" )+"
)
_HOME = r"(?:a |an |the |our |my )?(?:children'?s|residential|care|kids) home"
#: Who works in a children's home, whatever the post is called there.
_IN_A_HOME = re.compile(
    rf"\b(?:supervisor|senior|deputy|manager|worker|staff|member of staff|carer|care worker"
    rf"|shift lead"
    rf"|team leader|registered manager|support worker|i work|we work|working) (?:in|at|of|for)"
    rf" {_HOME}\b|\b(?:children'?s|residential|care) home (?:worker|staff|manager|supervisor"
    rf"|deputy|senior)\b|\bresidential (?:child ?care|care) (?:worker|officer|staff)\b"
    rf"|\bresidential (?:child ?care )?(?:officer|worker)\b"
)
#: Before it somebody else is named: “the manager of the children's home told me”.
_OF_ANOTHER = re.compile(r"\b(?:her|his|their|the|child's|told by|from|by|with|asked) (?:\w+ )?$")
#: “I manage a social work team”.
_MANAGES = re.compile(
    r"\b(?:i|we) (?:manage|lead|run|supervise|am in charge of|head) (?:an? |the |our )?"
    r"(?:\w+ )?(?:social work(?:ers?)?|social care|safeguarding|assessment|duty|childrens? services"
    r"|children's services|cin|child protection|looked after)(?: \w+)?(?: (?:team|service|unit))?\b"
    r"|\b(?:manager|deputy manager) of (?:an? |the |our )?(?:social work|social care|assessment"
    r"|safeguarding|duty) team\b"
)
#: How people name a role beside the vocabulary's own words.
_OTHER_WORDS: Mapping[str, str] = {
    "residential child care worker": "residential_worker",
    "residential care officer": "residential_worker",
    "health worker": "health",
    "fostercarer": "foster_carer",
    "social work team manager": "team_manager",
}


class RoleTold:
    """Reads the role of who writes. `roles` are the vocabulary's, by their words."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._roles = {**roles, **_OTHER_WORDS}
        longest = sorted(self._roles, key=len, reverse=True)
        every = "|".join(re.escape(one) for one in longest if one not in _NOT_OPENING)
        self._opening = re.compile(rf"(?:an? )?({every})\b")

    def read(self, plain: str, own: Sequence[str]) -> str | None:
        """The role that `plain` tells; None where it tells none, or `own` was found in it."""
        if _MANAGES.search(plain):
            return "team_manager"
        home = _IN_A_HOME.search(plain)
        if home and not _OF_ANOTHER.search(plain[: home.start()]):
            return "residential_worker"
        if own:
            return None
        clauses = [clause.strip() for clause in _CLAUSE_END.split(plain)]
        for clause in clauses:
            alone = _AROUND_ROLE.sub("", _OPENING_FILLER.sub("", clause)).strip()
            alone = alone.removesuffix(" here").removesuffix(" asking")
            for words in (alone, " ".join(_AREA.sub(" ", alone).split())):
                if words in self._roles and words not in _NOT_ALONE:
                    return self._roles[words]
        return self._opens(clauses[0])

    def _opens(self, clause: str) -> str | None:
        """The role that opens a message, with the area before it or after it."""
        rest = _AREA.sub(" ", _OPENING_FILLER.sub("", clause), count=1)
        rest = _QUALIFIER.sub("", " ".join(rest.split()))
        named = _AREA.search(clause) is not None
        found = self._opening.match(rest)
        if found is None or not named or _DOES.match(rest, found.end()):
            return None
        return self._roles[found[1]] if _GOES_ON.match(rest, found.end()) else None
