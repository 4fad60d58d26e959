"""A knowledge base of four documents and a few words, learned in a moment, for tests that change one."""

from __future__ import annotations

import copy
from typing import Any

from knowledge import Knowledge, load_pack
from knowledge.index import Index
from knowledge.learning import learn
from knowledge.lexicon import read_lexicon
from knowledge.pack import Pack, parse_pack, with_index
from knowledge.phrasings import read_phrasings

_LEXICON: dict[str, Any] = {
    "spellings": {"ilang": "hilang", "gimana": "bagaimana"},
    "fillers": ["saya", "yang", "ya", "min"],
    "concepts": {
        "ktp": ["ktp"],
        "kk": ["kk", "kartu keluarga"],
        "kia": ["kia"],
        "hilang": ["hilang"],
        "rusak": ["rusak", "robek"],
        "syarat": ["syarat"],
        "tanya": ["apa", "bagaimana", "di mana"],
        "keluhan": ["kecewa"],
        "bicara": ["petugas"],
    },
    "agencies": {"bpjs": {"name": "BPJS", "hint": "Ke BPJS.", "english": "Please ask BPJS.", "words": ["bpjs"]}},
    "smalltalk": {"greeting": ["halo", "pagi"], "thanks": ["terima kasih"]},
    "adverts": ["slot gacor"],
    "directions": {"dari": "dari"},
    "english": ["i", "my", "lost", "what", "the", "is"],
}
_WAYS = (
    "{} syaratnya apa",
    "syarat {}",
    "{} saya, apa yang dibawa",
    "bagaimana mengurus {}",
    "min {} di mana urusnya",
    "{} ya min, gantinya apa",
    "kalau {} bagaimana",
    "saya mau tanya, {}",
)
_OTHERS: dict[str, list[str]] = {
    "pengaduan": ["saya kecewa dilempar terus", "kecewa dengan pelayanan", "kecewa sekali, mau lapor"],
    "minta-petugas": ["mau bicara petugas", "petugas tolong", "sambungkan ke petugas"],
    "cara-bot": ["ini robot ya", "siapa yang menjawab ini", "ini dijawab mesin ya"],
    "sapaan": ["halo", "pagi min", "terima kasih", "halo min, pagi"],
    "oos": ["kartu bpjs saya mati", "cara masak rendang", "berapa harga sapi", "skor bola tadi malam"],
}
_DOCUMENTS = {
    "ktp-hilang": "ktp hilang",
    "ktp-rusak": "ktp rusak",
    "kk-hilang": "kk hilang",
    "kia-hilang": "kia hilang",
}
BELIEF = "kk-bayar"


def lexicon() -> dict[str, Any]:
    return copy.deepcopy(_LEXICON)


def phrasings() -> dict[str, list[Any]]:
    """Eight ways to ask about each document, and a few for the rest.

    Half of those about a torn KTP would be content with the article on a lost one; some about the KK believe it costs
    money, and one only sounds so.
    """
    found: dict[str, list[Any]] = {topic: [way.format(words) for way in _WAYS] for topic, words in _DOCUMENTS.items()}
    found.update(copy.deepcopy(_OTHERS))
    torn = found["ktp-rusak"]
    found["ktp-rusak"] = [{"text": text, "also": ["ktp-hilang"]} for text in torn[::2]] + torn[1::2]
    stated = ("kk hilang bayar seratus ribu kan", "katanya kk hilang bayar ya", "kk hilang bayar berapa ribu, mahal")
    found["kk-hilang"] += [{"text": text, "states": BELIEF} for text in stated]
    found["kk-hilang"].append({"text": "kk hilang gratis kan", "denies": BELIEF})
    return found


def learned(words: dict[str, Any] | None = None, entries: dict[str, list[Any]] | None = None) -> Index:
    """The index of the small office, or of a change of it."""
    return learn(read_lexicon(words or lexicon()), read_phrasings(entries or phrasings()))


def pack(**changed: Any) -> Pack:
    """The small office as a pack without its index, with parts changed."""
    documents = {
        topic: {"title": words, "document": words.split()[0], "event": words.split()[1], "unit": "seksi"}
        for topic, words in _DOCUMENTS.items()
    }
    bot = {"cara-bot": {"title": "Tentang bot", "unit": "seksi"}}
    routes = {topic: {"title": topic} for topic in ("pengaduan", "minta-petugas")}
    others = {"sapaan": {"title": "Sapaan"}, "oos": {"title": "Lain"}}
    correction = {"topics": ["kk-hilang"], "correction": "KK gratis.", "english": "It is free."}
    return {
        "topics": {"faq": {**documents, **bot}, "route": routes, "oos": others},
        "regulations": {
            "regulations": [
                {"id": "uu", "short": "UU 1/1", "title": "UU", "year": 2006, "status": "berlaku", "verified": "ya"}
            ]
        },
        "lexicon": lexicon(),
        "misconceptions": {BELIEF: {**correction, "citations": [{"regulation": "uu"}]}},
        "articles": {topic: _entry(topic, is_route=topic in routes) for topic in (*documents, *bot, *routes)},
        "phrasings": phrasings(),
        **changed,
    }


def whole(**changed: Any) -> Pack:
    """The small office with its index, with parts changed and learned anew."""
    return parse_pack(with_index(pack(**changed)))


def opened(**changed: Any) -> Knowledge:
    """The small office in service, with parts changed and learned anew."""
    return load_pack(with_index(pack(**changed)))


def _entry(topic: str, *, is_route: bool) -> dict[str, Any]:
    kept = {"topic": topic, "owner": "seksi", "version": 1, "reviewed": "2026-11-22", "review_by": "2027-11-22"}
    english: dict[str, Any] = {"tell": ["Passed on."], "ask": ["What happened"]}
    words: dict[str, Any] = {"sop_step": "2", "desk": "fo", "tell": ["Diteruskan."], "ask": ["Apa yang terjadi"]}
    if not is_route:
        english, words = {"syarat": ["Photocopy of the KK"]}, {"syarat": ["Fotokopi KK"]}
    return {**kept, **words, "english": english, "citations": [{"regulation": "uu"}]}
