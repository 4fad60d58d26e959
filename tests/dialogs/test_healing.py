"""What breaks under us heals: a deleted topic, a migrated group, a resident who blocks the bot, an unreadable
update."""

from __future__ import annotations

import pytest

from escalation.roles import Role
from tests.dialogs.stage import GROUP, Stage, shown


async def test_a_deleted_topic_is_opened_again_with_the_card_and_the_message(stage: Stage) -> None:
    rina = stage.officer("Rina", Role.FO)
    stage.sandbox.join(GROUP, rina.id, admin=True)
    budi = stage.resident("Budi")
    number, topic = await stage.case_of(budi)
    await stage.presses(rina, topic, "Ambil")
    await stage.reads(budi, "sekarang ditangani petugas")
    await stage.settled()
    rina.delete_topic(GROUP, topic)
    budi.send_text("pesan pertama sesudah topik hilang")
    budi.send_text("pesan kedua sesudah topik hilang")

    def fresh() -> int | None:
        topics = stage.sandbox.world.chat(GROUP).topics.values()
        return next((item.id for item in topics if number in item.name and item.id != topic), None)

    new = await stage.sandbox.wait_for(fresh, 10.0)
    await stage.topic_shows(new, "Perihal")
    first = await stage.topic_shows(new, "pesan pertama")
    second = await stage.topic_shows(new, "pesan kedua")
    assert first["message_id"] < second["message_id"]
    stage.writes(rina, new, "/balas Kami di sini.")
    await stage.reads(budi, "Kami di sini.")


async def test_a_migrated_group_goes_on_under_its_new_id(stage: Stage) -> None:
    stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    await stage.case_of(budi)
    await stage.settled()
    new = stage.sandbox.migrate_group(GROUP)
    siti = stage.resident("Siti")
    siti.send_text("/petugas")
    told = await stage.reads(siti, "PKU-")
    number = shown(told)[shown(told).index("PKU-") :][:15]
    await stage.sandbox.wait_for(
        lambda: any(number in topic.name for topic in stage.sandbox.world.chat(new.id).topics.values()), 10.0
    )


async def test_officers_learn_that_a_resident_blocked_the_bot(stage: Stage) -> None:
    rina = stage.officer("Rina", Role.FO)
    budi = stage.resident("Budi")
    _, topic = await stage.case_of(budi)
    await stage.presses(rina, topic, "Ambil")
    await stage.settled()
    budi.block_bot()
    await stage.topic_shows(topic, "memblokir bot")
    stage.writes(rina, topic, "/balas Halo?")
    await stage.topic_shows(topic, "Pesan tidak sampai")
    budi.unblock_bot()
    await stage.topic_shows(topic, "membuka blokir")


async def test_an_unreadable_update_is_set_aside_and_the_next_is_handled(stage: Stage) -> None:
    stage.sandbox.inject_update({"message": {"message_id": "seven", "chat": []}})
    stage.sandbox.inject_update({"message": 3})
    budi = stage.resident("Budi")
    budi.send_text("syarat ktp hilang")
    await stage.reads(budi, "Dasar:")


async def test_cards_wait_for_a_bot_that_was_put_out_of_the_group(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.BACKOFF", (0.2,))
    stage.officer("Rina", Role.FO)
    admin = stage.officer("Gita", Role.ADMIN)
    admin.start()
    stage.sandbox.kick_bot(GROUP)
    budi = stage.resident("Budi")
    budi.send_text("/petugas")
    told = await stage.reads(budi, "PKU-")
    number = shown(told)[shown(told).index("PKU-") :][:15]
    await stage.reads(admin, "Bot dikeluarkan dari grup petugas")
    stage.sandbox.add_bot(GROUP)
    topic = await stage.topic_of(number)
    assert "Perihal" in shown(await stage.card(topic))
