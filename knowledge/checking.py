"""What keeps the knowledge base honest: problems an editor must mend before it is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from knowledge.articles import Article, LocalFact, Route
from knowledge.normalise import plain
from knowledge.regulations import Regulation, RegulationStatus, Verification
from knowledge.rendering import UNCONFIRMED
from knowledge.topics import TopicKind

if TYPE_CHECKING:
    from knowledge.catalogue import Knowledge
    from knowledge.phrasings import Phrasing

#: Words with which editors steer the bot; a resident must never read them.
EDITORS_WORDS = ("tidak terverifikasi", "KONFLIK", "jangan dikutip", "jangan menjanjikan", "jangan mengarang")
#: Clock times, telephone numbers and addresses of the web or mail: facts of one office, to be kept as local facts.
_OFFICE_DETAIL = re.compile(r"\b\d{1,2}[.:]\d{2}\b|\(0\d{2,3}\)|\b0\d{3}[- ]?\d{3}|\bJl\.|@|\b\w+\.(?:go\.id|com)\b")
_FIGURE = re.compile(r"\d+")
_FORM_CODE = re.compile(r"\bF-\d\.\d\d[A-F]?\b")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: `place` is the file or entry, `what` one plain sentence.

    `closes`: the article is out of service until somebody mends it, so that the rest may go into force.
    """

    place: str
    what: str
    closes: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def check(knowledge: Knowledge, today: date) -> list[Problem]:
    """Every problem of the knowledge base on that day (of the office's calendar), in a stable order."""
    found = [*_unknown_desks(knowledge), *_unreachable(knowledge), *_contradictions(knowledge)]
    found += [*_unknown_concepts(knowledge), *_misconception_problems(knowledge)]
    entries: dict[str, Article | Route] = {**knowledge.articles, **knowledge.routes}
    for name, entry in sorted(entries.items()):
        place = f"articles/{name}.yaml"
        found += [Problem(place, what) for what in _entry_problems(knowledge, entry, today)]
        found += [Problem(place, what, closes=True) for what in _repeals(knowledge, entry)]
    return found


def _entry_problems(knowledge: Knowledge, entry: Article | Route, today: date) -> Iterator[str]:
    if not entry.owner:
        yield "no unit keeps it (owner is missing)"
    if entry.review_by < today:
        yield f"review was due on {entry.review_by.isoformat()}"
    if entry.review_by < entry.reviewed:
        yield f"review date {entry.review_by.isoformat()} lies before the last review {entry.reviewed.isoformat()}"
    yield from _citation_problems(knowledge, entry)
    yield from _wording_problems(entry)
    yield from _english_problems(entry)
    if isinstance(entry, Route):
        yield from (() if entry.ask else ("route asks the resident for nothing (ask is empty)",))
        yield from (() if entry.tell else ("route tells the resident nothing (tell is empty)",))
    else:
        yield from _local_fact_problems(entry)


def _citation_problems(knowledge: Knowledge, entry: Article | Route) -> Iterator[str]:
    seen: list[Regulation] = []
    for citation in entry.citations:
        regulation = knowledge.regulations.get(citation.regulation)
        if regulation is None:
            yield f"cites unknown regulation {citation.regulation}"
            continue
        seen.append(regulation)
        if regulation.status is RegulationStatus.UNVERIFIED:
            yield f"cites {regulation.id}, of which nobody has verified that it is in force"
        if citation.ayat and not citation.pasal:
            yield f"cites ayat {citation.ayat} of {regulation.id} without its pasal"
    exempt = isinstance(entry, Article) and entry.service_information
    if not exempt and not any(one.verified is not Verification.NO for one in seen):
        yield "rests on no verified regulation"


def _repeals(knowledge: Knowledge, entry: Article | Route) -> Iterator[str]:
    for citation in entry.citations:
        regulation = knowledge.regulations.get(citation.regulation)
        if regulation is not None and regulation.status is RegulationStatus.REPEALED:
            yield f"cites repealed regulation {regulation.id} (replaced by {', '.join(regulation.changed_by)})"


def _wording_problems(entry: Article | Route) -> Iterator[str]:
    for sentence in entry.sentences():
        for words in EDITORS_WORDS:
            if words.lower() in sentence.lower():
                yield f"tells residents an editor's note ({words!r}): {sentence}"


def _english_problems(entry: Article | Route) -> Iterator[str]:
    """The English words must say item for item what the Indonesian ones do, with the same figures."""
    if entry.english is None:
        yield "has no English text (english is missing)"
        return
    ours, theirs = entry.sentences(), entry.english.sentences()
    if len(ours) != len(theirs):
        yield f"English text has {len(theirs)} items, the Indonesian {len(ours)}"
        return
    for ours_one, theirs_one in zip(ours, theirs, strict=True):
        if sorted(_FIGURE.findall(ours_one)) != sorted(_FIGURE.findall(theirs_one)):
            yield f"figures differ: {ours_one!r} and {theirs_one!r}"
    if isinstance(entry, Article) and len(entry.english.local_facts) != len(entry.local_facts):
        yield "English text must tell each local fact once"


def _local_fact_problems(article: Article) -> Iterator[str]:
    for sentence in article.sentences():
        if UNCONFIRMED in sentence:
            continue
        detail = _OFFICE_DETAIL.search(_FORM_CODE.sub("", sentence))
        if detail is not None:
            yield f"tells {detail.group()!r} as fact; keep it under local_facts: {sentence}"
        for fact in article.local_facts:
            if _stated(fact, sentence):
                yield f"tells the unconfirmed local fact {fact.label!r} as fact: {sentence}"


def _stated(fact: LocalFact, sentence: str) -> bool:
    return not fact.confirmed and fact.value.lower() in sentence.lower()


def _unknown_desks(knowledge: Knowledge) -> Iterator[Problem]:
    for topic in knowledge.topics.values():
        if topic.kind is TopicKind.FAQ and not topic.unit:
            yield Problem("topics.yaml", f"{topic.id} has no unit")
        if topic.kind is TopicKind.FAQ and topic.id not in knowledge.articles:
            yield Problem("topics.yaml", f"topic {topic.id} has no article in articles/")
        if topic.kind is TopicKind.ROUTE and topic.id not in knowledge.routes:
            yield Problem("topics.yaml", f"route {topic.id} has no text in articles/")


def _unreachable(knowledge: Knowledge) -> Iterator[Problem]:
    for topic in knowledge.topics.values():
        if not knowledge.phrasings.get(topic.id):
            yield Problem(f"phrasings/{topic.id}.yaml", f"{topic.id} has no sample phrasing, so nobody can reach it")


def _contradictions(knowledge: Knowledge) -> Iterator[Problem]:
    """The same words under two topics, neither of which accepts the other: whoever writes them gets a toss-up."""
    seen: dict[str, list[tuple[str, Phrasing]]] = {}
    for topic, entries in knowledge.phrasings.items():
        for entry in entries:
            seen.setdefault(plain(entry.text), []).append((topic, entry))
    for alike in seen.values():
        for (topic, one), (other, two) in combinations(alike, 2):
            if topic != other and other not in one.also and topic not in two.also:
                yield Problem(f"phrasings/{topic}.yaml", f"{one.text!r} contradicts phrasings/{other}.yaml")


def _misconception_problems(knowledge: Knowledge) -> Iterator[Problem]:
    stated = {entry.states for entries in knowledge.phrasings.values() for entry in entries} - {""}
    named = stated | {entry.denies for entries in knowledge.phrasings.values() for entry in entries} - {""}
    for identity in sorted(named - set(knowledge.misconceptions)):
        yield Problem("misconceptions.yaml", f"phrasings name unknown misconception {identity}")
    for one in knowledge.misconceptions.values():
        if one.id not in stated:
            yield Problem("misconceptions.yaml", f"no phrasing states {one.id}, so nobody is corrected")
        for topic in one.topics:
            if topic not in knowledge.topics:
                yield Problem("misconceptions.yaml", f"{one.id} names unknown topic {topic}")
        for citation in one.citations:
            regulation = knowledge.regulations.get(citation.regulation)
            if regulation is None or not regulation.citable:
                what = f"{one.id} rests on {citation.regulation}, which is unknown or not in force"
                yield Problem("misconceptions.yaml", what, closes=regulation is not None)


def _unknown_concepts(knowledge: Knowledge) -> Iterator[Problem]:
    known = knowledge.understanding.concepts
    for named in knowledge.topics.values():
        for concept in filter(None, (named.document, named.event)):
            if concept not in known:
                yield Problem("topics.yaml", f"{named.id} names unknown concept {concept}")
