"""The knowledge base in service: topics, articles, regulations and the understanding built from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from conversation.language import Language
from knowledge.articles import Article, Citation, Route, read_article
from knowledge.deciding import Decider
from knowledge.decision import Context, Decision
from knowledge.errors import KnowledgeError
from knowledge.index import load_index
from knowledge.lexicon import Lexicon, read_lexicon
from knowledge.misconceptions import Misconception, read_misconceptions
from knowledge.pack import pack_builtin, pack_directory, pack_version, parse_pack
from knowledge.phrasings import Phrasings, read_phrasings
from knowledge.regulations import Regulation, read_regulations
from knowledge.rendering import Rendered, render, render_correction
from knowledge.topics import Topic, TopicKind, read_topics
from knowledge.understanding import Understanding

#: Officers are shown no topic that is less probable than this.
SUGGESTED = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """One immutable version of the knowledge base; `version` is the hash of its content."""

    version: str
    topics: Mapping[str, Topic]
    regulations: Mapping[str, Regulation]
    articles: Mapping[str, Article]
    routes: Mapping[str, Route]
    lexicon: Lexicon
    phrasings: Phrasings
    understanding: Understanding
    in_service: frozenset[str]
    misconceptions: Mapping[str, Misconception]

    def decide(self, text: str, context: Context | None = None) -> Decision:
        """The first reaction to one message; the same function serves live messages and evaluation."""
        return Decider(self.understanding, self.topics, self.in_service).decide(text, context or Context())

    def suggest(self, text: str, n: int = 3) -> list[str]:
        """The most likely topics of a text, best first, for officers."""
        found = [topic for topic, share in self.understanding.understand(text).candidates if share >= SUGGESTED]
        return [topic for topic in found if self.topics[topic].kind is not TopicKind.OOS][:n]

    def article(self, topic: str) -> Article | None:
        """The article of a topic that is in service, else None."""
        return self.articles.get(topic) if topic in self.in_service else None

    def route(self, topic: str) -> Route | None:
        """The route text of a topic, or None for topics that are no routes."""
        return self.routes.get(topic)

    def title(self, topic: str, language: Language = Language.INDONESIAN) -> str:
        """The short title; its id for a topic that this version no longer has."""
        known = self.topics.get(topic)
        if known is None:
            return topic
        return known.english if language is Language.ENGLISH else known.title

    def unit(self, topic: str) -> str | None:
        """The section that handles cases about the topic, or None where it depends on the matter."""
        return self.topics[topic].unit or None

    def render(self, topic: str, language: Language = Language.INDONESIAN) -> Rendered:
        """What a resident reads about a topic. Raises KnowledgeError where neither article nor route is in service."""
        entry = self.article(topic) or self.route(topic)
        if entry is None:
            raise KnowledgeError(f"topic {topic} has no article in service")
        return render(entry, self.title(topic, language), self.regulations, language)

    def correct(self, belief: str, language: Language = Language.INDONESIAN) -> Rendered | None:
        """What puts a misconception right; None for one that is unknown or rests on law no longer in force."""
        known = self.misconceptions.get(belief)
        if known is None or not _in_force(known.citations, self.regulations):
            return None
        return render_correction(known, self.regulations, language)


@lru_cache(maxsize=2)  # immutable, and a quarter of a second's work
def load_pack(text: str) -> Knowledge:
    """The knowledge base of a canonical JSON text (see `pack_builtin`). Raises KnowledgeError on malformed data."""
    pack = parse_pack(text)
    topics = read_topics(pack["topics"])
    entries = {name: read_article(entry, name) for name, entry in pack["articles"].items()}
    for name, entry in entries.items():
        if entry.topic != name or name not in topics:
            raise KnowledgeError(f"articles/{name}: its topic {entry.topic} must be a known topic and the file's name")
    lexicon = read_lexicon(pack["lexicon"])
    phrasings = read_phrasings(pack["phrasings"])
    for name in phrasings:
        if name not in topics:
            raise KnowledgeError(f"phrasings name unknown topic {name}")
    regulations = read_regulations(pack["regulations"])
    articles = {name: entry for name, entry in entries.items() if isinstance(entry, Article)}
    index = load_index(pack["index"])
    unknown = set(index.topics) - set(topics)
    if unknown or not any(topics[name].kind is TopicKind.ROUTE for name in index.topics):
        raise KnowledgeError(f"index knows no route, or topics that are not there: {', '.join(sorted(unknown))}")
    return Knowledge(
        version=pack_version(pack),
        topics=topics,
        regulations=regulations,
        articles=articles,
        routes={name: entry for name, entry in entries.items() if isinstance(entry, Route)},
        lexicon=lexicon,
        phrasings=phrasings,
        understanding=Understanding(lexicon, index),
        in_service=frozenset(name for name, entry in articles.items() if _in_force(entry.citations, regulations)),
        misconceptions=read_misconceptions(pack["misconceptions"]),
    )


def load_directory(folder: Path) -> Knowledge:
    """The knowledge base of a folder of YAML files. Raises KnowledgeError on malformed data."""
    return load_pack(pack_directory(folder))


def load_builtin() -> Knowledge:
    """The knowledge base that ships with the program."""
    return load_pack(pack_builtin())


def _in_force(citations: Iterable[Citation], regulations: Mapping[str, Regulation]) -> bool:
    cited = [regulations.get(citation.regulation) for citation in citations]
    return all(regulation is not None and regulation.citable for regulation in cited)
