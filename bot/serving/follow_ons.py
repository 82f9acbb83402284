"""A short question that goes on from an answer, and asks of its subject without naming it.

“Who organises that?” after an answer is about what was spoken of, though its words alone are like
another subject's. Only whole messages count; whatever says more is left to what understands
questions. `WITHIN` says what each kind of question is about, by the topic that was answered last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bot.guidance.load import Guidance
from bot.guidance.models import AreaId
from bot.nlu.asked import question_about
from bot.nlu.leaning import leans, own_words, points_back
from bot.serving.parses import likeliest_topic, sure_intent
from bot.serving.yes_no_facts import plainly

#: What is asked of the subject.
Kind = Literal[
    "organiser", "sent_where", "joining", "attending", "staying_away", "telling", "deciding",
    "hearing", "how_often", "open_to_social_care", "level",
]  # fmt: skip

_SOMEONE = (
    r"(?:(?:the |her |his |their |a )?(?:mum|mam|mom|dad|mother|father|parents?|carers?|nan|gran"
    r"|family|step ?dad|step ?mum)(?: (?:and|or) (?:mum|dad|carers?))?|they|he|she)"
)
_MEETING = r"(?:a |the |any |an )?(?:cse |strategy )?(?:meeting|discussion|one)"
_WORDINGS: Mapping[Kind, str] = {
    "organiser": (
        r"who(?:s| is| ?will be)? (?:organi[sz]es?|organi[sz]ing|arranges?|arranging|sorts?"
        r"|sorting|sets?|setting|provides?|does|do|doing|makes?|making|runs?|sees to|deals with"
        r"|handles|is responsible for|responsible for|has to do|needs to do|has to make|puts)"
        r" (?:it|that|this|those|them|all that|all this|the referral|that referral"
        r"|the support)(?: out| up| in place| all)?"
        r"|whose job is (?:it|that|this)"
        r"|who(?:s| is) (?:responsible|in charge)(?: of (?:it|that))?"
    ),
    "sent_where": (
        r"where (?:does|do|should|will) (?:it|that|this|they|the form|the report)"
        r" (?:go|get sent|have to go|need to go)(?: to)?"
        r"|where (?:do|should|must) (?:i|we) (?:send|submit|return|forward|email|post)"
        r" (?:it|that|this|them|the form|the report)(?: to| in)?"
        r"|where(?:s| is) (?:it|that|the form) (?:sent|submitted|going)(?: to)?"
        r"|who (?:do|should) (?:i|we) (?:send|submit|forward|email)"
        r" (?:it|that|this|them|the form) to|who does (?:it|that|the form) go to"
        r"|who(?:s| is) (?:it|that) sent to|who gets (?:it|that|the form)"
    ),
    "joining": (
        rf"(?:can|could|may|do|does|will|would|are|is) {_SOMEONE}"
        r" (?:be )?(?:allowed to |able to )?"
        r"(?:join(?: in)?|come|come along|come with (?:her|him|them)|go|go along"
        r"|go with (?:her|him|them)|take part|sit in|attend|get involved|involved|included"
        r"|be involved|part of it|there|be there|be part of it)"
        r"(?: in it| to it| on it)?(?: too| as well)?"
    ),
    "attending": (
        r"who(?:s|se)?(?: else)?(?: is| are| will be| should be| has to be| needs to be)?"
        r" (?:goes|go|going|attends?|attending|comes?|coming|there|at it|in it|on it|invited"
        r"|turns up|takes part|sits on it|sits in|present|gets invited|has to go|should go"
        r"|needs to go|has to be there)(?: to (?:it|that|this)| along| there)?"
        r"|(?:which|what) agencies (?:are |will be |should be )?"
        r"(?:there|go|attend|come|involved|invited|take part|present|at it|in it|on it"
        r"|sit on it)(?: there| to it| in it| it)?"
    ),
    "staying_away": (
        rf"(?:what (?:happens )?|what about )?(?:if|when) {_SOMEONE}"
        r" (?:dont|doesnt|do not|does not|wont|will not|cant|cannot|refuse|refuses|refused"
        r"|say no|says no|arent|isnt|didnt|never)(?: want)?(?: to)?"
        r"(?: (?:turn up|come|show|show up|attend|go|agree|engage|be there|bother|take part))?"
    ),
    "telling": (
        r"who (?:do|should|must|shall) (?:i|we) (?:have to |need to |got to )?"
        r"(?:tell|contact|inform|notify|let know)(?: about (?:it|that|this))?"
        r"|who (?:has to|needs to|must) be (?:told|contacted|informed|notified)"
    ),
    "deciding": (
        r"who (?:decides|says|confirms|agrees|judges)"
        rf"(?: (?:(?:if|whether|that) )?(?:theres|there is|there has to be"
        rf"|there should be|we need|we have|it needs|to have|to hold|on|about)?"
        rf" ?{_MEETING}(?: is needed| happens)?"
        r"| that| this| it| on that)?"
    ),
    "hearing": (
        r"who (?:tells|will tell|lets|informs|notifies|updates|gets back to|comes back to)"
        r" (?:me|us)(?: know)?(?: about (?:it|that))?|(?:will|do) (?:i|we) (?:be|get) told"
        r"|how (?:will|do) (?:i|we) (?:know|find out|hear)(?: about (?:it|that))?"
        r"|does (?:any|some)(?:one|body) (?:tell|let) (?:me|us)(?: know)?"
    ),
    "how_often": (
        r"how often (?:is it |is that |do they meet |does it meet )?"
        r"(?:after that|after|then|afterwards|from then on)"
    ),
    "level": (
        r"(?:what |what about |does (?:it|that|anything) change )?if"
        r" (?:its|it is|shes|hes|theyre|she is|he is|they are|the level is|the risk is"
        r"|it comes out|it came out|it scores)"
        r"(?: a| at| as)? (?:very )?(?:high|medium)(?: risk| level)?(?: now| instead)?"
    ),
}
#: Where each kind of question leads, by the topic that was answered last.
WITHIN: Mapping[Kind, Mapping[str, str]] = {
    "organiser": {"court_support": "court_support", "trafficking_nrm": "trafficking_nrm"},
    "sent_where": dict.fromkeys(("police_intelligence_form",), "police_intelligence_form"),
    "joining": dict.fromkeys(
        ("protect_and_respect", "protect_and_respect_aims", "protect_and_respect_referral"),
        "protect_and_respect",
    ),
    "attending": dict.fromkeys(
        ("meeting_purpose", "child_parents_attend", "cse_meeting_deadline", "confidential_section"),
        "child_parents_attend",
    )
    | dict.fromkeys(("csep", "csep_meets", "csep_attends", "sarac"), "csep_attends")
    | {name: name for name in ("strategy_meeting_chair", "professionals_meeting")},
    "staying_away": dict.fromkeys(
        ("child_parents_attend", "meeting_purpose", "confidential_section"), "child_parents_attend"
    ),
    "telling": dict.fromkeys(
        ("level_medium", "medium_contact", "medium_mat", "medium_open_social_care"),
        "medium_contact",
    )
    | {"derbyshire_medium": "medium_contact"},
    "deciding": dict.fromkeys(
        ("level_medium", "medium_contact", "medium_mat", "medium_open_social_care"),
        "medium_contact",
    )
    | {"derbyshire_medium": "medium_contact"},
    "hearing": {"not_in_need": "not_in_need"},
    "how_often": {"minutes": "network_meetings"},
    "open_to_social_care": dict.fromkeys(
        ("level_medium", "medium_contact", "medium_mat", "medium_open_social_care"),
        "medium_open_social_care",
    )
    | {"derbyshire_medium": "medium_open_social_care"}
    | {"level_low": "low_already_open", "low_already_open": "low_already_open"}
    | {"level_high": "level_high", "high_section_47": "level_high"},
    "level": {"on_child_protection_plan": "on_child_protection_plan"},
}
_SENT_TO_POLICE = re.compile(
    r"what (?:do|should|must) (?:i|we) (?:have to |need to )?(?:send|submit)(?: in| off)?(?: to)?"
    r" the police|what (?:gets|is|needs to be|has to be) sent to the police"
)
#: Areas whose source names a form for the police.
_WITH_A_FORM: tuple[AreaId, ...] = ("derby", "derbyshire")
#: The topic that tells who comes to Derby's meeting.
_WHO_COMES = "child_parents_attend"
#: How the facts of a child are written that is open to social care; a route reads them so.
OPEN_TO_SOCIAL_CARE = "already open to social care"

_LEAD = re.compile(r"(?:(?:ok(?:ay)?|and|so|but|right|also|oh|sorry|yes|no|then|thanks|cool) )+")
_TAIL = re.compile(r"(?: (?:then|please|pls|though|tho|thanks|exactly|anyway|again))+$")
#: Who already works with a child; a Child in Need plan is theirs.
_SOCIAL_CARE = re.compile(
    r"\b(?:social care|social workers?|social services|childrens services|sw|csc"
    r"|cin|child in need)\b"
)
_NOT_THE_TEAM = re.compile(r"\b(?:not|rather than|instead of) (?:the |a )?mat\b|\bmat\b")
#: What tells that they do so already.
_ALREADY = re.compile(
    r"\b(?:if|already|open|known|know|knows|allocated|involved|got|theres|on a)\b"
)
_ALSO_OPEN = re.compile(r"\balready open\b|\bopen already\b")
#: Words beside them that say no more: a message with another word says something else.
_BESIDE_OPEN = frozenset(
    """
    a an the and if what about how does do is are be anything it its it's that this change changes
    make makes any difference different would happens when
    she shes he hes they theyre her him them his their has have had got already still currently now
    open opened known know knows allocated named assigned own involved working work works with on in
    to for of by from there theres case child girl boy kid lad yp family file books plan plans team
    though even as well been being long time social care worker workers services childrens sw csc
    cin need one ages while years months weeks since some
    """.split()  # noqa: SIM905
)
#: A question on social care itself, with no condition: “is there a social worker on call”.
_ASKS = re.compile(r"(?:is|are|do|does|how|when|what|can|should|who|where|which|why)\b")
_CONDITION = re.compile(r"\b(?:if|about|when)\b")


def kind_of(text: str) -> Kind | None:
    """What a whole message asks of the subject before it, or None where it says more, or less."""
    words = bare(text)
    for kind, wording in _WORDINGS.items():
        if re.fullmatch(wording, words):
            return kind
    return "open_to_social_care" if _tells_open(words) else None


def _tells_open(words: str) -> bool:
    """Whether words say that social care works with a child already, and nothing else."""
    named = _SOCIAL_CARE.search(words) or _ALSO_OPEN.search(words)
    if not named or (_ASKS.match(words) and not _CONDITION.search(words)):
        return False
    rest = _NOT_THE_TEAM.sub(" ", words)
    condition = _ALREADY.search(rest)
    return bool(condition) and _BESIDE_OPEN.issuperset(rest.split())


def bare(text: str) -> str:
    """A message without marks, and without the words that only lead on to what it asks."""
    words = " ".join(re.sub(r"[^\w\s]", " ", plainly(text).replace("'", "")).split())
    return _TAIL.sub("", _LEAD.sub("", words, count=1) if _LEAD.match(words) else words)


def asked_within(text: str, about: str, area: AreaId | None) -> str | None:
    """The topic that a short question is about after an answer on `about`, or None."""
    kind = kind_of(text)
    topic = WITHIN[kind].get(about) if kind is not None else None
    asks_who = (kind, topic, area) == ("attending", _WHO_COMES, "derbyshire")
    # whether parents come to Derbyshire's is not said, and who takes part is told with its purpose
    return "meeting_purpose" if asks_who else topic


def asked_alone(text: str, area: AreaId | None) -> str | None:
    """The topic of “what do I send the police”, which names no form, in an area; else None."""
    if not _SENT_TO_POLICE.fullmatch(bare(text)):
        return None
    return "police_information" if area not in (None, *_WITH_A_FORM) else "police_intelligence_form"


def parse_about(topic: str, parse: Mapping[str, Any]) -> dict[str, Any]:
    """A parse that surely asks about a topic, for the areas that are named in `parse`."""
    areas = [str(one["value"]) for one in parse["entities"] if one["entity"] == "area"]
    sure = {**sure_intent("ask", {}), "entities": parse["entities"]}
    return {**parse, **sure, "questions": [question_about(topic, areas)]}


#: Below it, a question without a subject is not surely about another one.
_UNSURE = 0.6


def stays_with(
    text: str, parse: Mapping[str, Any], about: str, area: AreaId | None, guidance: Guidance
) -> str | None:
    """The topic that a question without a subject stays with, where another area alone has more.

    Its likeliest topic may have nothing for `area`, while what was spoken of does: then the
    likeliest topic that does is meant, else the one spoken of. None where all is well.
    """
    found = parse.get("questions") or []
    named = {one["entity"] for one in parse["entities"]} & {"area", "other_area", "term", "contact"}
    if area is None or len(found) != 1 or named or not leans(text):
        return None
    if own_words(text) and not points_back(text):
        return None
    likeliest = likeliest_topic(parse)
    if parse["intent"]["confidence"] >= _UNSURE or likeliest in (None, about):
        return None
    if speaks_for(guidance, str(likeliest), area) or not speaks_for(guidance, about, area):
        return None
    spoken = guidance.topics[about]
    near: Sequence[str] = [one["topic"] for one in found[0]["topics"]]
    beside = (one for one in near if one == about or one in spoken.related)
    return next((one for one in beside if speaks_for(guidance, one, area)), about)


def speaks_for(guidance: Guidance, topic_id: str, area: AreaId) -> bool:
    """Whether a topic has something for an area: it is neither silent there nor another's own."""
    topic = guidance.topics[topic_id]
    of_areas = guidance.areas.keys() & set(topic.tags)
    return area not in topic.silent and (not of_areas or area in of_areas)
