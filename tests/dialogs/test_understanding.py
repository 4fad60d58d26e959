"""Whole conversations about understanding: in the resident's language, not twice the same, never without a way on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.session import session
from escalation.roles import Role
from knowledge import Context, DecisionKind, Knowledge, load_builtin
from sandbox.files import Upload
from sandbox.person import Person
from storage.decisions import Understood
from tests.dialogs.stage import Stage, labels, shown
from tests.sandbox.pictures import png

QUESTION = "syarat ktp hilang apa saja"
#: What nobody could settle without asking back.
VAGUE = (
    "surat hilang",
    "saya mau urus surat",
    "mau urus dokumen",
    "mau ganti alamat",
    "kartu saya hilang",
    "mau ganti kartu",
    "mau urus kk",
    "urus akta",
)
VAGUE_IN_ENGLISH = (
    "my wife and I want to change the data on our documents, where do we start and what is needed",
    "I need to change my data",
    "I want to change my address, which one of my documents is to be changed and what do I need",
    "my document is lost",
    "I need a new document for my family, what do I need and where do I get it",
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_builtin()


def _asked_back(knowledge: Knowledge, texts: tuple[str, ...], context: Context | None = None) -> list[str]:
    """Those of the texts that are answered with choices; which ones changes whenever the index is learned."""
    decided = {text: knowledge.decide(text, context) for text in texts}
    found = [text for text, made in decided.items() if made.kind is DecisionKind.ASK and len(made.topics) > 1]
    assert found
    return found


def _kept(stage: Stage) -> list[Understood]:
    """How each message was understood, as it is kept."""
    with session(stage.settings) as opened:
        return list(opened.uow.decisions.since(datetime.now(UTC) - timedelta(days=1)))


def _from_bot(person: Person) -> list[str]:
    return [shown(message) for message in person.messages() if message.get("from", {}).get("is_bot")]


async def test_english_is_answered_in_english_and_asked_back_in_english(stage: Stage, knowledge: Knowledge) -> None:
    jane = stage.resident("Jane")
    jane.send_text("I lost my ID card, what do I need?")
    answer = await stage.reads(jane, "Dasar:")
    assert "What to bring" in shown(answer)
    assert "Yang perlu dibawa" not in shown(answer)
    vague = _asked_back(knowledge, VAGUE_IN_ENGLISH, Context(previous_topic="ktp-hilang"))[0]
    jane.send_text(vague)
    question = await stage.reads(jane, "Which of these do you mean?")
    offered = [label.partition(". ")[2] for label in labels(question)[:-1]]
    assert set(offered) <= {topic.english for topic in knowledge.topics.values()}
    await jane.press(question["message_id"], labels(question)[0])
    again = await stage.reads(jane, offered[0], after=question["message_id"])
    assert "Yang perlu dibawa" not in shown(again)


async def test_back_in_indonesian_the_bot_follows(stage: Stage) -> None:
    jane = stage.resident("Jane")
    jane.send_text("I lost my ID card, what do I need?")
    await stage.reads(jane, "What to bring")
    jane.send_text("kalau syarat akta kematian apa saja ya pak?")
    await stage.reads(jane, "Yang perlu dibawa")


async def test_the_same_question_twice_leads_to_a_person(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_text(QUESTION)
    answer = await stage.reads(budi, "Dasar:")
    budi.send_text("apa saja syarat KTP hilang??")
    told = await stage.reads(budi, "PKU-", after=answer["message_id"])
    await stage.settled()
    assert sum("Dasar:" in text and "Yang perlu dibawa" in text for text in _from_bot(budi)) == 1
    assert shown(answer) != shown(told)
    assert [item.kind for item in _kept(stage)] == ["answer", "gave_up"]


async def test_another_question_about_the_same_topic_is_answered(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_text("ktp saya hilang di angkot, gantinya gimana?")
    answer = await stage.reads(budi, "Dasar:")
    budi.send_text("berkas untuk mengganti KTP yang hilang dibawa ke mana?")
    await stage.reads(budi, "Dasar:", after=answer["message_id"])


async def test_a_photo_alone_is_asked_about_once(stage: Stage) -> None:
    budi = stage.resident("Budi")
    budi.send_file("photo", Upload(png()))
    asked = await stage.reads(budi, "tidak dapat membaca isi gambar")
    budi.send_file("photo", Upload(png()))
    await stage.settled()
    assert budi.messages()[-1]["message_id"] > asked["message_id"]
    assert sum("tidak dapat membaca isi gambar" in text for text in _from_bot(budi)) == 1


async def test_another_photo_later_leads_to_a_person(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.answering.SAME_MOMENT", timedelta(0))
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_file("photo", Upload(png()))
    await stage.reads(budi, "tidak dapat membaca isi gambar")
    budi.send_file("photo", Upload(png()))
    await stage.reads(budi, "PKU-")


@pytest.mark.parametrize("way", ["number", "press"])
async def test_a_choice_is_answered_and_kept(stage: Stage, knowledge: Knowledge, way: str) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_text(_asked_back(knowledge, VAGUE)[0])
    question = await stage.reads(budi, "Maksud Anda yang mana?")
    second = labels(question)[1]
    if way == "number":
        budi.send_text("2.")
    else:
        await budi.press(question["message_id"], second)
    await stage.reads(budi, second.partition(". ")[2], after=question["message_id"])
    await stage.settled()
    (kept,) = _kept(stage)
    assert kept.kind == "ask"
    assert kept.chosen == kept.topics[1]
    assert knowledge.title(kept.chosen) == second.partition(". ")[2]


async def test_a_number_that_was_not_offered_chooses_nothing(stage: Stage, knowledge: Knowledge) -> None:
    budi = stage.resident("Budi")
    budi.send_text(_asked_back(knowledge, VAGUE)[0])
    await stage.reads(budi, "Maksud Anda yang mana?")
    budi.send_text("9")
    await stage.settled()
    assert not any("Dasar:" in text for text in _from_bot(budi))
    assert {item.chosen for item in _kept(stage)} == {""}


async def test_none_of_these_leads_to_a_person_and_is_kept(stage: Stage, knowledge: Knowledge) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    budi.send_text(_asked_back(knowledge, VAGUE)[0])
    question = await stage.reads(budi, "Maksud Anda yang mana?")
    await budi.press(question["message_id"], "Bukan itu")
    await stage.reads(budi, "PKU-")
    await stage.settled()
    assert [item.chosen for item in _kept(stage)] == ["-"]


async def test_after_two_misses_a_person_takes_over(stage: Stage, knowledge: Knowledge) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    texts = _asked_back(knowledge, VAGUE)
    seen = 0
    for text in texts[:2]:
        budi.send_text(text)
        seen = (await stage.reads(budi, "Maksud Anda yang mana?", after=seen))["message_id"]
    budi.send_text(next(text for text in reversed(texts) if "akta" not in text))  # that would be one of the choices
    await stage.reads(budi, "PKU-", after=seen)
    await stage.settled()
    assert [item.kind for item in _kept(stage)] == ["ask", "ask", "gave_up"]


async def test_anger_after_a_miss_leads_to_a_person_and_before_it_is_met_kindly(
    stage: Stage, knowledge: Knowledge
) -> None:
    stage.officer("Rina", Role.FO)
    budi, siti = stage.resident("Budi"), stage.resident("Siti")
    siti.send_text("payah kali, dilempar-lempar terus")
    await stage.reads(siti, "Maksud Anda yang mana?")
    budi.send_text(_asked_back(knowledge, VAGUE)[0])
    question = await stage.reads(budi, "Maksud Anda yang mana?")
    budi.send_text("payah kali, dilempar-lempar terus")
    await stage.reads(budi, "PKU-", after=question["message_id"])
    await stage.settled()
    assert not any("PKU-" in text for text in _from_bot(siti))


async def test_pieces_in_a_row_get_one_reply(stage: Stage) -> None:
    budi = stage.resident("Budi")
    for piece in ("assalamualaikum kak", "mau tanya", "ktp saya", "hilang kemarin di pasar, syaratnya apa"):
        budi.send_text(piece)
    await stage.reads(budi, "KTP-el hilang")
    await stage.settled()
    assert len(_from_bot(budi)) == 2  # the greeting and one answer
    (kept,) = _kept(stage)
    assert kept.text.startswith("assalamualaikum kak\n")
    assert kept.text.endswith("syaratnya apa")


async def test_two_questions_get_two_articles_in_one_reply(stage: Stage, knowledge: Knowledge) -> None:
    budi = stage.resident("Budi")
    budi.send_text("KTP saya hilang syaratnya apa? syarat akta kematian apa?")
    reply = await stage.reads(budi, "Dasar:")
    await stage.settled()
    first, second = (shown(reply).find(knowledge.title(topic)) for topic in ("ktp-hilang", "akta-kematian"))
    assert 0 <= first < second
    assert shown(reply).count("Dasar:") == 2
    assert len(_from_bot(budi)) == 2  # the greeting and one answer


async def test_a_misconception_is_put_right_before_the_answer(stage: Stage, knowledge: Knowledge) -> None:
    told = knowledge.correct("ktp-kedaluwarsa")
    assert told
    budi = stage.resident("Budi")
    budi.send_text("ktp saya sudah habis masa berlakunya, cara perpanjangnya gimana")
    answer = await stage.reads(budi, "Dasar:")
    assert shown(answer).startswith("Perlu diketahui:")
    assert knowledge.misconceptions["ktp-kedaluwarsa"].correction in shown(answer)
    budi.send_text("syarat akta kematian apa saja?")
    clear = await stage.reads(budi, "Dasar:", after=answer["message_id"])
    assert "Perlu diketahui:" not in shown(clear)
