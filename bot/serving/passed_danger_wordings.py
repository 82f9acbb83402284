"""Wordings that take an alarm back, and of what speaks against it: see `passed_danger.py`."""

from __future__ import annotations

import re

#: Words that carry nothing, before and after what counts.
_LEAD = (
    r"(?:(?:no|nope|yes|yeah|yep|ok(?:ay)?|oh|phew|sorry|soz|actually|update|well|right|it['’]?s"
    r" (?:ok(?:ay)?|fine|alright)|thank (?:god|goodness|you)|thanks|thankfully|luckily|good news"
    r"|i think|think|apparently|but|and|so|just|all|my bad|dont worry|don['’]t worry|no worries)"
    r"\b[\s–-]*)*"
)
_SOON = (
    r"(?:(?:just|already|now|also|all|both|finally|definitely|actually|really|completely"
    r"|totally|quite|perfectly|absolutely|back) )*"
)
_CHILD = (
    r"(?:she|he|they|both|all|everyone|everybody|we|i|(?:the |this |that |our |my )?(?:child"
    r"|children|girls?|boys?|lads?|lass|kids?|yps?|young (?:person|people)|daughter|son|pupil"
    r"|student|resident))"
)
_ARE = r"(?:['’]s|['’]re|['’]m|s|re|m| is| are| am|)"
_HAS = r"(?:['’]s|['’]ve|s|ve| has| have| is| are|)"
_KEEPERS = (
    r"(?:me|us|(?:the |her |his |their |our |my )?(?:police|staff|mum|mam|mom|dad|parents?|nan|gran"
    r"|grandma|grandparents|aunt(?:ie)?|family|foster (?:carer|family|mum)s?|carers?|social worker"
    r"|sw|key ?worker|teacher|school|paramedics?|ambulance|nurses?|doctors?|ward|hospital))"
)
_SAFE_PLACE = (
    r"(?:home(?! alone)|here|(?:in|at|to|inside) (?:the |my |our |her |his )?(?:office|school|class"
    r"|lesson|placement|unit|building|house|home|hospital|a ?(?:and|&) ?e|ward|police station"
    r"|station|reception|nan['’]?s|mum['’]?s|foster home|care)|in (?:an?|the) ambulance"
    rf"|(?:with|beside|next to) {_KEEPERS})"
)
_SAFE = (
    r"(?:safe(?:ly)?(?: and (?:well|sound))?|ok(?:ay)?|fine|alright|all right|unharmed|unhurt"
    r"|out of danger)"
)
#: A day that is no longer today.
_DAY = (
    r"(?:yesterday|the other (?:day|week|night)|(?:some|a (?:long|little)) (?:time|while) (?:ago"
    r"|back)"
    r"|a while (?:ago|back)|ages ago|last (?:night|week|weekend|month|year|summer|winter|term"
    r"|spring"
    r"|autumn|christmas|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may"
    r"|june|july|august|september|october|november|december)"
    r"|(?:(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|few|a few|several|couple(?: of)?"
    r"|a couple(?: of)?|some|many|\d+) )?(?:days?|weeks?|months?|years?|yrs?)(?: or so)? (?:ago"
    r"|back)"
    r"|(?:back )?in (?:the past|(?:19|20)\d\d|january|february|march|april|june|july|august"
    r"|september|october|november|december|the (?:summer|holidays))"
    r"|when (?:she|he|they) (?:was|were) (?:little|young(?:er)?|small|a (?:child|baby)|\d+))"
)
_WEEKDAY = r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_TAIL = (
    rf"(?:[\s,]*\b(?:now|again|today|at the moment|atm|{_SAFE_PLACE}|{_SAFE}|thank (?:god|goodness)"
    r"|thanks|any ?more|though|tbh|actually|i think|and (?:well|sound)|sorry|not (?:today|now"
    r"|tonight)"
    r"|in the end|after all|all along|from (?:him|them|there|it)"
    r"|(?:off|on|from) the (?:train|bus|coach|tram|plane|platform))\b)*"
)
_IT = (
    r"(?:(?:it|this|that)(?: all)?(?: just)?(?: (?:has|had|have))?"
    r"|(?:all|everything|the (?:whole )?(?:thing|situation|incident|message))(?: of (?:it|this))?)"
)
#: The danger is over.
_OVER = (
    rf"\b{_CHILD}{_ARE} {_SOON}{_SAFE}\b{_TAIL}",
    rf"\b{_CHILD}{_ARE} {_SOON}(?:back |come |came |got |gone |went |arrived |sat |sitting )?"
    rf"{_SAFE_PLACE}{_TAIL}",
    rf"\b{_CHILD}{_HAS} {_SOON}(?:back|been found|turned up|come (?:back|home|down)|came (?:back"
    rf"|home|down)|got (?:away|out|home|back|free|down)|escaped|returned|run (?:home|to us)|down"
    rf"|awake|breathing(?: again)?|calm(?:ed down|er)?|been (?:rescued|picked up by {_KEEPERS}"
    rf"|collected by {_KEEPERS}|seen by (?:a |the )?(?:doctor|gp|nurse|paramedic)s?))\b"
    r"(?! (?:with|to|at|for|in) (?:him|them|his|their|the (?:man|men|bloke|flat|car|boyfriend))\b)"
    rf"{_TAIL}",
    rf"\b(?:i|we|(?:(?:the )?(?:british )?transport )?police|btp|the police|staff|mum|her mum"
    rf"|his mum"
    rf"|ambulance|paramedics|hospital|school|security|officers)(?:['’]ve|ve| have| has)? {_SOON}"
    rf"(?:found|rescued|recovered|collected|picked up|got|have"
    rf"|has|brought|located|with|arrived with|met(?: up with)?|kept|safeguarded|taken in|spoken"
    rf" to)? ?(?:her|him|them|the (?:child|girl|boy|lad|yp))"
    rf"(?: (?:back|out|safe(?:ly)?|home|down|now|away|with us|in|inside))*{_TAIL}$",
    rf"\b(?:he|they|the (?:man|bloke|boyfriend))(?:['’]s|s| has| have)? {_SOON}let (?:her|him"
    rf"|them|me) (?:go|out|leave)"
    rf"\b{_TAIL}",
    rf"\b(?:he|the (?:man|bloke|guy|boyfriend|dealer)|(?:the )?(?:men|blokes|guys)){_HAS} {_SOON}"
    r"(?:gone(?: away| off| home)?|left|driven off|run off|ran off|drove off|walked off"
    r"|been arrested"
    rf"|(?:been )?(?:nicked|moved on|taken away|removed)|arrested|in custody){_TAIL}$",
    rf"\b(?:they|all of them|everyone|the (?:lads|group|car|van|taxi)){_HAS} {_SOON}"
    rf"(?:left(?! (?:with|her|him))|gone (?:away|home)|moved on|walked (?:off|away)){_TAIL}$",
    # with whoever looks after them, and what they held laid down
    rf"\b{_CHILD}{_ARE} {_SOON}(?:talking|speaking|chatting|sitting|sat) (?:to|with|beside) "
    rf"{_KEEPERS}\b{_TAIL}",
    rf"\b(?:she|we|i|(?:the )?(?:girl|child|yp)){_HAS} {_SOON}(?:put|laid|set) "
    rf"the (?:knife|blade|razor|scissors|glass|pills|tablets) down\b{_TAIL}",
    rf"\b(?:she|he|(?:the )?(?:girl|boy|lad|child|yp)){_HAS} {_SOON}(?:put|laid|set) (?:it|them"
    rf"|the \w+) down(?=.*\b(?:talking|speaking|chatting|sitting|sat|is) (?:to|with) {_KEEPERS}\b)",
    rf"(?:^|\band )(?:is|are) {_SOON}(?:talking|speaking|chatting|sitting|sat) (?:to|with) "
    rf"{_KEEPERS}\b{_TAIL}",
    rf"\b(?:she|he|(?:the )?(?:girl|child|yp))(?:['’]?s| has)? {_SOON}(?:handed|given) (?:it"
    rf"|them|over"
    rf"|the (?:knife|blade|razor|scissors|pills|tablets))(?: it| them)?(?: (?:over|in|up))?"
    rf" to {_KEEPERS}\b{_TAIL}",
    rf"\b{_CHILD}{_HAS} {_SOON}walked (?:back )?(?:in (?:here|the (?:front )?door)|in ?to (?:the )?"
    rf"(?:school|reception|office|class|unit|home|police station|station)|through the (?:front"
    rf" )?door"
    rf"|back in|home)\b{_TAIL}",
    rf"\b(?:police|they|officers|the police)(?:['’]ve|ve| have| has)? {_SOON}(?:arrested|nicked"
    rf"|taken|got|removed"
    rf"|detained) (?:him|the (?:man|bloke|guy|boyfriend))(?: away| in custody)?{_TAIL}$",
    rf"\b(?:it|this|that|everything|all)(?:['’]s|s| is| was)? {_SOON}(?:over|sorted(?: out)?"
    rf"|dealt with|resolved"
    rf"|under control|calm(?:ed down)?|settled(?: down)?)(?: with)?\b{_TAIL}$",
    rf"^{_LEAD}(?:all )?(?:sorted|safe(?: (?:now|again|and (?:well|sound)))?|safe|all (?:safe"
    rf"|clear|good|fine|ok(?:ay)?|over"
    r"|calm)|(?:danger|crisis|threat|emergency)(?:['’]s| is| has)?(?: now)? (?:over|passed|gone)"
    rf"|no(?:t in| longer in|t)? (?:any )?(?:danger|emergency)(?: now| any ?more)?|not any ?more"
    rf"|(?:been )?found (?:safe|well|alive|unharmed|and (?:safe|well))(?: and (?:safe|well|sound))?"
    rf"|(?:it['’]?s|its|we['’]?re) (?:all )?(?:ok(?:ay)?|fine|good|alright|safe)(?: now| again)?"
    rf"|got (?:her|him|them)(?: back| out| safe)?|found (?:her|him|them)){_TAIL}$",
)
#: It was long ago, or is past.
_PAST = (
    rf"\b{_IT}(?:['’]s|s| is| was| were| happened| took place| would have been| was all| be"
    rf"| been)(?: all| back)?"
    rf" {_DAY}\b{_TAIL}",
    rf"\b{_IT}(?: was| were| happened| took place| would have been)(?: all"
    rf"| back)? {_WEEKDAY}\b{_TAIL}",
    rf"^{_LEAD}(?:not|isn['’]?t) (?:happening )?(?:now|today|tonight|right now"
    rf"|current(?:ly)?)\b{_TAIL}$",
    rf"\b(?:it|this|that)(?:['’]s|s| is| was) (?:in the past|(?:an? )?historic(?:al)?(?: (?:case"
    rf"|abuse|concern|thing))?|all in the past|an old case"
    rf"|past|not (?:happening )?(?:now|today|tonight|right now|current(?:ly)?))\b{_TAIL}",
    rf"\b(?:it|this|that) isn['’]?t (?:happening )?(?:now|today|tonight|right now"
    rf"|current(?:ly)?)\b{_TAIL}",
    rf"^{_LEAD}(?:(?:it['’]?s|its|this is|that is) )?(?:past|in the past"
    rf"|historic(?:al)?(?: (?:case|abuse|concern))?|years ago|{_DAY})"
    rf"{_TAIL}$",
)
#: Those who may fetch a child, or be taken for somebody else.
_KIN = (
    r"(?:(?:her|his|their|the|my|a) (?:own |older |big |little |real |actual )*(?:mum|mam|mom|dad"
    r"|step ?(?:dad|mum)|parents?|brothers?|sisters?|uncles?|aunt(?:ie|y)?|cousins?|grand(?:ad"
    r"|dad|ma"
    r"|parents?|father|mother)|nan|gran|family|foster (?:carer|mum|dad)s?|carers?|social worker"
    r"|key ?worker|taxi driver|teacher|neighbour|lift home|friends?|mates?)"
    r"(?:(?:,| and)? (?:and )?(?:(?:her|his|their|the) )?(?:mum|mam|mom|dad|parents?|brothers?"
    r"|sisters?|uncles?|aunt(?:ie|y)?|cousins?|nan|gran|family))*)"
)
_SOMEBODY = (
    r"\b(?:it|that|this|he|she|they|the (?:man|men|bloke|guy|woman|driver|people))"
    r"(?:['’]s|['’]re|s| is| was| were| are)(?: actually)? "
)
_ERRAND = (
    r"(?: (?:picking|collecting|fetching|dropping|coming|messing|mucking|playing|taking)"
    r"(?: (?:her|him|them|about|around|up|off|home|for|to|from|school))*)?"
)
#: Who it was, beside a word that all is well: alone it may name who does the harm.
WAS_KIN = re.compile(
    rf"(?:\W|\b(?:and|so|no|it['’]?s (?:ok(?:ay)?|fine|alright)|sorry|turns out)\b)*{_SOMEBODY}"
    rf"(?:just |only )?{_KIN}(?: after all| all along| in the end)?{_ERRAND}\W*",
    re.IGNORECASE,
)
ALL_WELL = re.compile(
    r"\b(?:false alarm|panic over|no worries|don['’]?t worry|(?:it|that|all)(?:['’]?s| is| was)"
    r" (?:all )?(?:ok(?:ay)?|fine|alright|all right|good|nothing)|my mistake|phew|turned out"
    r" fine)\b",
    re.IGNORECASE,
)
#: Beside the end of danger these say nothing of danger: the child has rung, or slept.
HARMLESS = re.compile(
    r"(?:\W|\b(?:and|so|just|now)\b)*(?:(?:she|he|they)(?:['’]?s|['’]?ve| has| have)? (?:just "
    r"|now )*"
    r"(?:rung|rang|called|phoned|texted|messaged|walked in|come in|came in)(?: (?:me|us|in|back"
    r"|home"
    r"|up|mum|school|just now|now))*|(?:she|he|they)(?:['’]?s| is| was| were| had) (?:just |only )?"
    r"(?:asleep|sleeping|in (?:bed|the (?:shower|bath|toilet|loo|garden|library))|on the bus"
    r"|at (?:a |the )?(?:club|library|gym|dentist)|(?:got )?held up|late|lost track of time"
    r"|on (?:her|his) way home))\W*",
    re.IGNORECASE,
)
#: A child who was looked for and walks in is back; one of whom something else was told may walk
#: in where the danger is.
WALKED_IN = re.compile(
    rf"\W*{_LEAD}{_CHILD}{_HAS} {_SOON}(?:walked|come|came|strolled|wandered) in(?: now|"
    rf" again)?\W*",
    re.IGNORECASE,
)
AWAY = re.compile(
    r"\b(?:missing|mispers?|ran|run|running|absconded|disappeared|vanished|taken|gone(?! (?:in"
    r"|into|up)"
    r"\b)|left|(?:not|\w+n['’]?t|never) (?:come|came|been|turned|arrived|returned|shown|got)"
    r" (?:home|back"
    r"|in|up|seen|here)|(?:not|\w+n['’]?t) (?:home|back|here|in school|been seen)|(?:can['’]?t"
    r"|cannot|cant)"
    r" (?:find|reach|get hold|locate)|(?:out|away) (?:all night|since)|looking for|whereabouts"
    r"|lost (?:her|him|them)|no idea where|don['’]?t know where)\b",
    re.IGNORECASE,
)
#: It never was.
_MISTAKEN = (
    r"\bfalse alarm\b",
    r"\bpanic over\b",
    r"\b(?:that|this|it)(?:['’]s|s| is| was)? (?:only |just |all )?(?:an? )?(?:mistake"
    r"|hypothetical(?: \w+)?|test|"
    r"example|exercise|training(?: \w+)?|joke|misunderstanding|scenario|made up|case study"
    r"|role ?play"
    r"|not real|for (?:training|an essay|a course)|pretend)\b",
    r"\b(?:i(?: was|['’]?m|m)?|we(?: were|['’]?re)?) (?:only |just )?(?:testing(?: (?:you|this"
    r"|it))?|asking hypothetically"
    r"|got (?:it|that) wrong|misread(?: (?:it|that))?|made a mistake|mistaken|trying (?:it|this"
    r"|you) out)\b",
    rf"^{_LEAD}(?:(?:an? )?(?:hypothetical(?:ly)?|test|scenario|example|exercise|drill)|mistake"
    rf"|wrong (?:child|person|chat|message|window"
    r"|girl|boy|one)|my mistake|mistyped|misread (?:it|that)|typo)\b",
    r"\bwrong (?:child|chat|window|person)\b",
    r"\b(?:ignore|scratch|disregard|forget) (?:that|this|me|my (?:last )?(?:message|one)|it"
    r"|the last (?:one|message)|what i said)\b",
    r"\b(?:that|it|this) (?:did ?n['’]?t|never) (?:actually |really )?happen(?:ed)?\b",
    r"\b(?:it |that |this )?(?:all )?turn(?:s|ed) out (?:to be |it was |it['’]s |that it was |as"
    r" )?(?:all )?"
    r"(?:nothing|fine|ok(?:ay)?|alright|a (?:mistake|misunderstanding|mix.?up|joke|prank))\b",
    r"\b(?:it|that|this)(?:['’]s| is| was) (?:all |just )?(?:nothing(?: *$| (?:in the end|after all"
    r"|serious|at all)\b)|a (?:mix.?up|prank))",
    rf"{_SOMEBODY}(?:just|only) {_KIN}\b(?: after all)?{_ERRAND}$",
    r"\bi (?:did ?n['’]?t|didn['’]t) mean (?:it|that|now|right now|literally|(?:it )?like that)\b",
)
PIECES = re.compile(
    r"[.,;!?\n]+|\s[–-]\s|\bbut\b|\band (?=(?:i|we|she|he|they|police|the|it|what|who|how|do|should"
    r"|now)\b)|\b(?:so|then)\b|\b(?=let['’]?s\b|lets\b)",
    re.IGNORECASE,
)
IS_OVER = [re.compile(one, re.IGNORECASE) for one in (*_OVER, *_PAST)]
NEVER_WAS = [re.compile(one, re.IGNORECASE) for one in _MISTAKEN]
#: Nobody said so, or not that it is so.
NOT_SAID = re.compile(
    r"\b(?:not|never|isn['’]?t|aren['’]?t|wasn['’]?t|ain['’]?t|nobody|no ?one|don['’]?t (?:think"
    r"|know|believe)"
    r"|do not (?:think|know|believe)|hop(?:e|ing)|wish|want|if|unless|until|till|when|once"
    r"|whether|how"
    r"|maybe|might|perhaps|possibly|probably|(?:not|un) ?sure|doubt|says?|said|texted|texts"
    r"|reckons?|claims?"
    r"|claimed|insists?|swears?|promised|pretend\w*|told|tells|thinks|thought|will|['’]ll|would"
    r"|could"
    r"|should|needs?|make sure|keep|get|was|were|looks?|seems?|sounds?|supposed)\b",
    re.IGNORECASE,
)
#: Those whose word is taken for it.
TOLD_BY = re.compile(
    r"\b(?:police|officers?|hospital|ambulance|paramedics?|nurse|doctor|school|staff|social worker"
    r"|manager|mash|hub|social care|duty|foster carer|carer|mum|i|should have)(?: (?:just|has"
    r"|have))? "
    r"(?:says?|said|told (?:me|us)|confirmed|think)(?: that)?\b",
    re.IGNORECASE,
)
#: Told beside it, these are new danger, or one that goes on.
GOES_ON = re.compile(
    r"\b(?:still|except|though|however|outside|coming|back for|after (?:her|him|us|me)|taken|took"
    r"|(?:got|has|have|holding|with) (?:her|his|my|another|the other|a) (?:\w+ )?(?:sister"
    r"|brother|friend|mate"
    r"|cousin|girl|boy|lad|child|kid|one|daughter|son|phone)|sister|brother|another"
    r"|other (?:girls?|boys?"
    r"|lads?|child\w*|kids?|ones?|victims?)|others|someone else|somebody else|bleed\w*|unconscious"
    r"|overdos\w*|breath\w*|knife|gun|weapon|missing|hurt\w*|attack\w*|scream\w*|hit|banging"
    r"|kicking"
    r"|threat\w*|follow\w*|pills|tablets|chasing|trapped|locked|kill\w*|dead|dying|grabbed|gone"
    r"|lost"
    r"|not safe|isn['’]?t safe|unsafe|in danger|he['’]?s|hes|they['’]?re|theyre|he is|they are"
    r"|he has)\b",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\?|^\W*(?:and |so |then |now |ok )*(?:do|does|did|should|shall|must|can|could|what|who|whom"
    r"|how|where|which"
    r"|when|is|are|will|would|need i|still need|still refer|still report|still tell)\b",
    re.IGNORECASE,
)
FILLER = re.compile(
    rf"\W*{_LEAD}\W*(?:(?:now|then|again|though|please|ta|cheers|the|its|it|i mean"
    rf"|scrap that)\b\W*)*",
    re.I,
)
#: Only if, or with whom there was danger.
ONLY_IF = re.compile(
    r"^\W*(?:if|unless|until|till|while|as long as|only|hopefully|i hope|or (?:is|not))\b"
    r"|\b(?:with|to|at|for|from|beside|by) (?:him|them|his|their|the (?:man|men|bloke|guy"
    r"|boyfriend)"
    r"|(?:her|his) (?:boyfriend|bf|ex))\b",
    re.IGNORECASE,
)
#: Who is back, or here, may be who is feared.
FEARED = re.compile(
    rf"(?:he|they)(?:['’](?:s|re|ve)|s|re|ve| has| have| is| are|) {_SOON}(?:back|here|home|got"
    rf"|come (?:back|home)|came|escaped|returned|turned up"
    r"|in (?!custody)|at |to |inside )",
    re.IGNORECASE,
)
#: The whole of a message: who is feared is back, or a child is not safe.
NOT_PASSED = re.compile(
    r"\W*(?:(?:no|but|oh no|help|now|and|wait|actually)\b\W*)*(?:"
    r"(?:he|the (?:man|bloke|guy))(?:['’]?s| is| has)? (?:just |now |already )*(?:back|here"
    r"|come back|came back"
    r"|coming back|still (?:here|there|outside|in (?:there|here)|at it))"
    r"|(?:she|he|they|we|i|it|this|that|(?:the )?(?:child|girl|boy|lad|yp))(?:['’]?(?:s|re|m)| is"
    r"| are| am)?"
    r"(?: still| definitely| really)? ?(?:not|n['’]?t|isn['’]?t|aren['’]?t) (?:safe|over"
    r"|ok(?:ay)?|an? false alarm)"
    r"|(?:she|he|they)(?:['’]?(?:s|re)| is| are)? (?:still |gone |back |off "
    r"|gone off )*(?:with (?:him|them)"
    r"|in there|still in there)"
    r"|(?:it['’]?s |its |it is )?(?:still happening|happening now|not over)"
    r")(?:\W*(?:now|again|though|yet|still|at all))*\W*",
    re.IGNORECASE,
)
