"""Which Bot API methods a Call takes: one for most, several where a text or caption is too long for one message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiogram.methods import (
    AnswerCallbackQuery,
    CreateForumTopic,
    EditMessageCaption,
    EditMessageText,
    SendAnimation,
    SendAudio,
    SendDocument,
    SendLocation,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SendSticker,
    SendVideo,
    SendVideoNote,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    LinkPreviewOptions,
    ReplyParameters,
)

from channels.telegram.keyboards import inline_keyboard, keyboard_for
from channels.telegram.splitting import cut, split, to_plain
from conversation import outbound
from conversation.errors import Cause, Undeliverable
from conversation.inbound import FileKind
from conversation.markup import CAPTION_LIMIT, TEXT_LIMIT, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

HTML: Final = "HTML"
#: Limits of the Bot API: answerCallbackQuery.text, createForumTopic.name, sendMediaGroup.media.
_NOTE_LIMIT: Final = 200
_TOPIC_NAME_LIMIT: Final = 128
_ALBUM_LIMIT: Final = 10

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_SINGLE: Final[Mapping[FileKind, tuple[type[TelegramMethod[Any]], str]]] = {
    FileKind.PHOTO: (SendPhoto, "photo"),
    FileKind.DOCUMENT: (SendDocument, "document"),
    FileKind.VOICE: (SendVoice, "voice"),
    FileKind.AUDIO: (SendAudio, "audio"),
    FileKind.VIDEO: (SendVideo, "video"),
    FileKind.ANIMATION: (SendAnimation, "animation"),
    FileKind.VIDEO_NOTE: (SendVideoNote, "video_note"),
    FileKind.STICKER: (SendSticker, "sticker"),
}
_WITHOUT_CAPTION: Final = frozenset({FileKind.VIDEO_NOTE, FileKind.STICKER})
_WITH_SPOILER: Final = frozenset({FileKind.PHOTO, FileKind.VIDEO, FileKind.ANIMATION})
#: What may share an album (Bot API: sendMediaGroup).
_FAMILIES: Final = (
    frozenset({FileKind.PHOTO, FileKind.VIDEO}),
    frozenset({FileKind.DOCUMENT}),
    frozenset({FileKind.AUDIO}),
)
_MEDIA: Final = {
    FileKind.PHOTO: InputMediaPhoto,
    FileKind.VIDEO: InputMediaVideo,
    FileKind.DOCUMENT: InputMediaDocument,
    FileKind.AUDIO: InputMediaAudio,
}


def methods_for(call: outbound.Call) -> tuple[TelegramMethod[Any], ...]:
    """The methods, in the order they are to be called; raises Undeliverable(REJECTED) for a call no method can do."""
    match call.outbound:
        case outbound.SendText():
            return _send_text(call, call.outbound)
        case outbound.SendFiles():
            return _send_files(call, call.outbound)
        case outbound.SendLocation(latitude=latitude, longitude=longitude):
            return (SendLocation(**_target(call), latitude=latitude, longitude=longitude),)
        case outbound.EditText():
            return (_edit(call, call.outbound),)
        case outbound.OpenTopic(name=name):
            return (CreateForumTopic(chat_id=_chat(call), name=shorten(name, _TOPIC_NAME_LIMIT)),)
        case outbound.AnswerPress(press=press, text=text, alert=alert):
            note = shorten(to_plain(text), _NOTE_LIMIT) or None
            return (AnswerCallbackQuery(callback_query_id=press, text=note, show_alert=alert),)


def messages_in(call: outbound.Call) -> int:
    """How many messages the call makes in its chat, for the budget; each file of an album counts."""
    if isinstance(call.outbound, outbound.AnswerPress):
        return 0
    return sum(len(method.media) if isinstance(method, SendMediaGroup) else 1 for method in methods_for(call))


def _send_text(call: outbound.Call, message: outbound.SendText) -> tuple[TelegramMethod[Any], ...]:
    pieces = split(message.text, TEXT_LIMIT)
    sends = [_message(call, piece, first=index == 0) for index, piece in enumerate(pieces)]
    sends[-1] = sends[-1].model_copy(update={"reply_markup": keyboard_for(message)})
    return tuple(sends)


def _send_files(call: outbound.Call, message: outbound.SendFiles) -> tuple[TelegramMethod[Any], ...]:
    kinds = frozenset(file.kind for file in message.files)
    caption = "" if kinds <= _WITHOUT_CAPTION else cut(message.caption, CAPTION_LIMIT)
    if len(message.files) == 1:
        first = _send_one(call, message, caption)
    elif 1 < len(message.files) <= _ALBUM_LIMIT and any(kinds <= family for family in _FAMILIES):
        first = _send_album(call, message, caption)
    else:
        named = ", ".join(sorted(kinds)) or "nothing"
        raise Undeliverable(Cause.REJECTED, f"no album can be made of {len(message.files)} files ({named})")
    rest = split(message.caption, TEXT_LIMIT) if caption != message.caption else ()
    return (first, *(_message(call, piece, first=False) for piece in rest))


def _send_one(call: outbound.Call, message: outbound.SendFiles, caption: str) -> TelegramMethod[Any]:
    file = message.files[0]
    method, field = _SINGLE[file.kind]
    fields: dict[str, Any] = {**_target(call), field: file.ref}
    if caption:
        fields |= {"caption": caption, "parse_mode": HTML}
    if message.spoiler and file.kind in _WITH_SPOILER:
        fields["has_spoiler"] = True
    return method(**fields)


def _send_album(call: outbound.Call, message: outbound.SendFiles, caption: str) -> TelegramMethod[Any]:
    media = []
    for index, file in enumerate(message.files):
        fields: dict[str, Any] = {"media": file.ref}
        if caption and index == 0:  # Telegram shows the caption of an album only if exactly one file has one
            fields |= {"caption": caption, "parse_mode": HTML}
        if message.spoiler and file.kind in _WITH_SPOILER:
            fields["has_spoiler"] = True
        media.append(_MEDIA[file.kind](**fields))
    return SendMediaGroup(**_target(call), media=media)


def _edit(call: outbound.Call, message: outbound.EditText) -> TelegramMethod[Any]:
    if call.target is None:
        raise Undeliverable(Cause.REJECTED, "an edit names no message")
    fields: dict[str, Any] = {
        "chat_id": _chat(call),
        "message_id": call.target,
        "parse_mode": HTML,
        "reply_markup": inline_keyboard(message.buttons),
    }
    if message.caption:
        return EditMessageCaption(**fields, caption=cut(message.text, CAPTION_LIMIT))
    return EditMessageText(**fields, text=cut(message.text, TEXT_LIMIT), link_preview_options=_NO_PREVIEW)


def _message(call: outbound.Call, text: str, *, first: bool) -> SendMessage:
    return SendMessage(**_target(call, reply=first), text=text, parse_mode=HTML, link_preview_options=_NO_PREVIEW)


def _target(call: outbound.Call, *, reply: bool = True) -> dict[str, Any]:
    fields: dict[str, Any] = {"chat_id": _chat(call)}
    if call.address.thread is not None:
        fields["message_thread_id"] = call.address.thread
    if reply and call.reply_to is not None:
        fields["reply_parameters"] = ReplyParameters(message_id=call.reply_to, allow_sending_without_reply=True)
    return fields


def _chat(call: outbound.Call) -> int:
    if not call.address.chat.lstrip("-").isdecimal():
        raise Undeliverable(Cause.REJECTED, "the address is no Telegram chat id")
    return int(call.address.chat)
