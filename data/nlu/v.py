import re, sys, yaml, pathlib

sys.path.insert(0, "/work/main")
from pydantic import ValidationError
from bot.guidance import models as m

cat = set(
    re.findall(
        r"\b([a-z][a-z0-9_]+)(?=\(|\s|$)",
        re.sub(r"\(.*?\)", " ", pathlib.Path("/tmp/brief/catalogue.md").read_text()),
    )
)
root = pathlib.Path("/tmp/defwriter/data/guidance")
srcs = {s["id"]: s for s in yaml.safe_load((root / "sources.yml").read_text())}
cons = {c["id"] for c in yaml.safe_load((root / "contacts.yml").read_text())}
lens = {
    "luton-2014": 177,
    "nottinghamshire-2018": 120,
    "wiltshire-2015": 179,
    "derby-derbyshire-2017": 206,
    "hartlepool-2018": 173,
}
text_src = {}
for i, (n) in enumerate(lens):
    text_src[n] = next(pathlib.Path("/work/shared/sources").glob(f"00{i}_*")).read_text()
words = lambda t: re.findall(r"[a-z0-9]+", t.lower())
grams = set()
for t in text_src.values():
    w = words(t)
    grams |= {tuple(w[i : i + 10]) for i in range(len(w) - 10)}
bad = 0


def err(*a):
    global bad
    bad += 1
    print("ERROR", *a)


for f in sys.argv[1:]:
    data = yaml.safe_load(open(f))
    n = 0
    for t in data:
        try:
            T = m.Topic.model_validate(t)
        except ValidationError as e:
            err(f, t.get("id"), e)
            continue
        n += 1
        if T.id not in cat:
            err(T.id, "not in catalogue")
        if len(T.title) > 45:
            err(T.id, "title > 45 chars")
        cov = set(T.silent)
        anyq = False
        for a in T.answers:
            cov |= set(a.areas)
            anyq |= "any" in a.areas
            for p in (*a.points, *a.more, *a.differs):
                for c in p.cite:
                    if c.source not in srcs:
                        err(T.id, "unknown source", c.source)
                    if c.source in lens and (
                        not c.at or max(map(int, re.findall(r"\d+", c.at))) > lens[c.source]
                    ):
                        err(T.id, "bad lines", c)
                plain = re.sub(r"“[^”]*”", " ", p.text)
                w = words(plain)
                for i in range(len(w) - 9):
                    if tuple(w[i : i + 10]) in grams:
                        err(T.id, "copied:", " ".join(w[i : i + 10]))
                        break
            for c in a.contacts:
                if c not in cons:
                    err(T.id, "unknown contact", c)
            for s in [a.short] + [p.text for p in (*a.points, *a.more, *a.differs)]:
                for ph in re.findall(r"\{([^}]*)\}", s):
                    if ph not in cons:
                        err(T.id, "unknown placeholder", ph)
                if re.search(r"\b0\d{3,4}[ \d]{5,}", s):
                    err(T.id, "number in text:", s)
        if not anyq and cov != set(m.AREA_IDS):
            err(T.id, "areas not covered:", set(m.AREA_IDS) - cov)
        for r in (*T.related, *T.changed, *T.law):
            if r not in cat and not re.search(
                rf"\b{re.escape(r)}\b", pathlib.Path("/tmp/brief/catalogue.md").read_text()
            ):
                err(T.id, "unknown ref", r)
    nlu = root.parent / "nlu" / pathlib.Path(f).name
    if nlu.exists():
        d = yaml.safe_load(nlu.read_text())
        c = {x["intent"]: [l for l in x["examples"].splitlines() if l.strip()] for x in d["nlu"]}
        for t in data:
            k = f"ask/{t['id']}"
            if len(c.get(k, [])) < 14:
                err(k, "only", len(c.get(k, [])), "phrases")
        print(nlu.name, sum(map(len, c.values())), "phrases")
    print(f, n, "topics ok" if not bad else f"{bad} problems")
