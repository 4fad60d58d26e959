"""Out and back in: the channel against the local Telegram, whose people answer through its Bot API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from channels.budget import TELEGRAM_LIMITS, MemoryBudget
from channels.telegram.client import TelegramSession, build_bot, fetch_updates
from channels.telegram.inbound import read_update
from channels.telegram.outbound import TelegramSender
from channels.telegram.setup import inspect_staff_chat, publish_commands
from conversation.errors import Cause, ChatMoved, TryLater, Undeliverable
from conversation.inbound import FileKind, Inbound, InboundKind, Press, ReplyTo
from conversation.outbound import (
    Address,
    AnswerPress,
    Button,
    Call,
    CaseTopic,
    EditText,
    OpenTopic,
    Posted,
    Private,
    SendFiles,
    SendText,
    StaffGroup,
)
from sandbox.compose import Attachment
from sandbox.files import Upload
from sandbox.person import Place
from sandbox.server import Sandbox
from sandbox.settings import DEFAULT_STAFF_GROUP_ID, RateLimits, SandboxSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiogram import Bot

GROUP = Address(str(DEFAULT_STAFF_GROUP_ID))
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def moment() -> list[float]:
    """The time by the local Telegram's monotonic clock, for tests to move."""
    return [1000.0]


@pytest_asyncio.fixture
async def telegram(request: pytest.FixtureRequest, moment: list[float]) -> AsyncIterator[Sandbox]:
    """A local Telegram; with the parameter "strict" one that enforces its limits."""
    limits = RateLimits() if getattr(request, "param", "") == "strict" else None
    sandbox = Sandbox(SandboxSettings(rate_limits=limits), monotonic=lambda: moment[0])
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest_asyncio.fixture
async def loket(telegram: Sandbox) -> AsyncIterator[Bot]:
    bot = build_bot(telegram.settings.token, telegram.api_url)
    yield bot
    assert isinstance(bot.session, TelegramSession)
    await (await bot.session.create_session()).close()


async def arrived(bot: Bot) -> list[Inbound]:
    """Everything that came in since, acknowledged."""
    updates = await fetch_updates(bot, None, wait_seconds=0)
    if updates:
        await fetch_updates(bot, updates[-1]["update_id"] + 1, wait_seconds=0)
    return [read_update(update, bot.id) for update in updates]


async def test_a_case_with_topic_relay_and_button(telegram: Sandbox, loket: Bot) -> None:
    sender, rina = TelegramSender(loket), telegram.add_user("Rina")
    telegram.join(DEFAULT_STAFF_GROUP_ID, rina.id, admin=True)
    opened = await sender.send(Call(outbound=OpenTopic(case=1, name="PKU-2026-000123"), address=GROUP))
    topic = Address(GROUP.chat, opened.topic)
    card = SendText(to=CaseTopic(1), text="<b>Menunggu</b>", buttons=((Button("Ambil", "take:1"),),))
    (posted,) = (await sender.send(Call(outbound=card, address=topic))).message_ids
    await arrived(loket)
    pressing = telegram.person(rina.id).begin_press(posted, "Ambil", chat=DEFAULT_STAFF_GROUP_ID)
    (press,) = await arrived(loket)
    assert (press.kind, press.thread, press.message_id) == (InboundKind.PRESS, opened.topic, posted)
    assert isinstance(press.press, Press)
    assert press.press.data == "take:1"
    await sender.send(Call(outbound=AnswerPress(press=press.press.id, text="Diambil"), address=GROUP))
    assert pressing.answer is not None
    assert pressing.answer.text == "Diambil"
    edit = EditText(to=CaseTopic(1), target=Posted(posted), text="<b>Ditangani</b>")
    await sender.send(Call(outbound=edit, address=topic, target=posted))
    with pytest.raises(Undeliverable) as caught:
        await sender.send(Call(outbound=edit, address=topic, target=posted))
    assert caught.value.cause is Cause.NOT_MODIFIED
    rina.send_text("catatan", Place(DEFAULT_STAFF_GROUP_ID, opened.topic))
    rina.send_text("jawaban", Place(DEFAULT_STAFF_GROUP_ID, opened.topic, reply_to=posted))
    note, answer = await arrived(loket)
    assert (note.thread, note.reply_to) == (opened.topic, None)
    assert (answer.thread, answer.reply_to) == (opened.topic, ReplyTo(posted, by_this_bot=True))


async def test_a_resident_writes_is_answered_and_blocks_the_bot(telegram: Sandbox, loket: Bot) -> None:
    sender, budi = TelegramSender(loket), telegram.add_user("Budi", last_name="Santoso")
    here, to = Address(str(budi.id)), Private(str(budi.id))
    budi.start("loket")
    sent = budi.send_album([Attachment("photo", Upload(PNG, "kk.png"), caption) for caption in ("KK saya", "")])
    start, first, second = await arrived(loket)
    assert (start.command, start.argument) == ("start", "loket")
    assert first.file is not None
    assert second.file is not None
    assert (first.file.kind, first.text, first.album) == (FileKind.PHOTO, "KK saya", second.album)
    text = SendText(to=to, text="Bagikan nomor Anda &amp; <i>tunggu</i>", ask_contact="Bagikan nomor", reply_to=None)
    await sender.send(Call(outbound=text, address=here, reply_to=sent[0]["message_id"]))
    assert budi.texts()[-1] == "Bagikan nomor Anda & tunggu"
    budi.press_contact_button("+6281234567890")
    (contact,) = await arrived(loket)
    assert contact.contact is not None
    assert contact.contact.own
    album = SendFiles(to=StaffGroup(), files=(first.file, second.file), caption="<b>KK</b>", spoiler=True)
    assert len((await sender.send(Call(outbound=album, address=GROUP))).message_ids) == 2
    budi.block_bot()
    assert [(change.kind, change.detail) for change in await arrived(loket)] == [(InboundKind.MEMBERSHIP, "kicked")]
    with pytest.raises(Undeliverable) as caught:
        await sender.send(Call(outbound=text, address=here))
    assert caught.value.cause is Cause.BLOCKED


async def test_topics_closed_gone_or_never_there(telegram: Sandbox, loket: Bot) -> None:
    sender = TelegramSender(loket)
    owner = telegram.add_user("Tono")
    telegram.join(DEFAULT_STAFF_GROUP_ID, owner.id, admin=True)
    topic = (await sender.send(Call(outbound=OpenTopic(case=1, name="x"), address=GROUP))).topic
    assert topic is not None
    text = Call(outbound=SendText(to=CaseTopic(1), text="halo"), address=Address(GROUP.chat, topic))
    owner.close_topic(DEFAULT_STAFF_GROUP_ID, topic)
    with pytest.raises(Undeliverable) as closed:
        await sender.send(text)
    owner.delete_topic(DEFAULT_STAFF_GROUP_ID, topic)
    with pytest.raises(Undeliverable) as gone:
        await sender.send(text)
    assert (closed.value.cause, gone.value.cause) == (Cause.TOPIC_CLOSED, Cause.TOPIC_GONE)
    plain = telegram.add_group("Tanpa topik", kind="supergroup")
    with pytest.raises(Undeliverable) as no_forum:
        await sender.send(Call(outbound=OpenTopic(case=1, name="x"), address=Address(str(plain.id))))
    assert no_forum.value.cause is Cause.NOT_A_FORUM


async def test_a_group_that_moves_and_one_the_bot_is_thrown_out_of(telegram: Sandbox, loket: Bot) -> None:
    sender, group = TelegramSender(loket), telegram.add_group("FO", kind="group")
    text = Call(outbound=SendText(to=StaffGroup(), text="halo"), address=Address(str(group.id)))
    await arrived(loket)
    moved = telegram.migrate_group(group.id)
    assert any((event.kind, event.detail) == (InboundKind.MIGRATED, str(moved.id)) for event in await arrived(loket))
    with pytest.raises(ChatMoved) as caught:
        await sender.send(text)
    assert caught.value.chat == str(moved.id)
    telegram.kick_bot(moved.id)
    with pytest.raises(Undeliverable) as removed:
        await sender.send(Call(outbound=SendText(to=StaffGroup(), text="halo"), address=Address(str(moved.id))))
    assert removed.value.cause is Cause.REMOVED


@pytest.mark.parametrize("telegram", ["strict"], indirect=True)
@pytest.mark.parametrize("group", [False, True])
async def test_within_the_budget_telegram_never_objects(
    telegram: Sandbox, loket: Bot, moment: list[float], group: bool
) -> None:
    budi, sender, budget = telegram.add_user("Budi"), TelegramSender(loket), MemoryBudget(TELEGRAM_LIMITS)
    budi.start()
    chat = GROUP.chat if group else str(budi.id)
    for _ in range(45):
        while wait := await budget.reserve(chat, group, moment[0]):
            moment[0] += wait
        await sender.send(Call(outbound=SendText(to=StaffGroup(), text="halo"), address=Address(chat)))
    assert moment[0] >= (1120.0 if group else 1042.0)


@pytest.mark.parametrize("telegram", ["strict"], indirect=True)
async def test_beyond_it_telegram_objects_in_the_channels_words(telegram: Sandbox, loket: Bot) -> None:
    budi = telegram.add_user("Budi")
    budi.start()
    call = Call(outbound=SendText(to=Private(str(budi.id)), text="halo"), address=Address(str(budi.id)))
    for _ in range(3):
        await TelegramSender(loket).send(call)
    with pytest.raises(TryLater) as caught:
        await TelegramSender(loket).send(call)
    assert caught.value.throttled
    assert caught.value.seconds >= 1


async def test_start_up(telegram: Sandbox, loket: Bot) -> None:
    found = await inspect_staff_chat(loket, GROUP.chat)
    assert (found.title, found.is_forum, found.problems) == (telegram.settings.staff_group_title, True, ())
    assert await publish_commands(loket, GROUP.chat) == ()
