"""What a Telegram message carries: text, file, place, contact, or the service event it announces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conversation.errors import MalformedUpdate
from conversation.inbound import Contact, File, FileKind, Location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiogram.types import Message, PhotoSize

#: Messages that nobody wrote (Bot API: Message, "Service message" fields).
SERVICE_EVENTS: Final = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "chat_owner_left",
        "chat_owner_changed",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "pinned_message",
        "successful_payment",
        "refunded_payment",
        "gift",
        "unique_gift",
        "gift_upgrade_sent",
        "connected_website",
        "write_access_allowed",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "checklist_tasks_done",
        "checklist_tasks_added",
        "direct_message_price_changed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "giveaway_created",
        "giveaway_completed",
        "managed_bot_created",
        "paid_message_price_changed",
        "poll_option_added",
        "poll_option_deleted",
        "suggested_post_approved",
        "suggested_post_approval_failed",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_participants_invited",
        "community_chat_added",
        "community_chat_removed",
        "community_chat_joined",
        "users_shared",
        "chat_shared",
        "user_shared",
    }
)

#: What stands in for content that cannot be carried on, so that neither FAQ nor officer sees an empty message.
DESCRIPTIONS: Final[Mapping[str, str]] = {
    "poll": "[jajak pendapat]",
    "dice": "[dadu]",
    "game": "[permainan]",
    "story": "[cerita]",
    "paid_media": "[media berbayar]",
    "checklist": "[daftar tugas]",
    "giveaway": "[undian]",
    "giveaway_winners": "[undian]",
    "invoice": "[tagihan]",
    "passport_data": "[data Telegram Passport]",
    "web_app_data": "[data aplikasi]",
    "rich_message": "[pesan berformat khusus]",
}
OTHER_CONTENT: Final = "[pesan jenis lain]"


def service_event(raw: Mapping[str, Any]) -> str:
    """The name of the service event a raw message announces; "" for a message somebody wrote."""
    return next((name for name in raw if name in SERVICE_EVENTS), "")


def read_file(message: Message) -> File | None:
    """The file the message carries, a photo in its largest size; None without one."""
    # An animation also comes as a document (Bot API: Message.animation), so it is looked for first.
    if animation := message.animation:
        return File(FileKind.ANIMATION, animation.file_id, animation.file_name or "")
    if message.photo:
        return File(FileKind.PHOTO, max(message.photo, key=_area).file_id)
    if document := message.document:
        return File(FileKind.DOCUMENT, document.file_id, document.file_name or "")
    if video := message.video:
        return File(FileKind.VIDEO, video.file_id, video.file_name or "")
    if audio := message.audio:
        return File(FileKind.AUDIO, audio.file_id, audio.file_name or audio.title or "")
    return _read_nameless_file(message)


def read_text(message: Message, raw: Mapping[str, Any]) -> str:
    """The message's text or caption; else words that stand for what it carries ("" when that is carried itself)."""
    if message.text or message.caption:
        return message.text or message.caption or ""
    if message.sticker:
        return message.sticker.emoji or ""
    if venue := message.venue:
        return ", ".join(part for part in (venue.title, venue.address) if part)
    if message.contact:
        return _describe_contact(message)
    if message.location or read_file(message):
        return ""
    return next((DESCRIPTIONS[name] for name in raw if name in DESCRIPTIONS), OTHER_CONTENT)


def read_location(message: Message) -> Location | None:
    """The place of a location or venue; raises MalformedUpdate for a point that is not on the globe."""
    place = message.location or (message.venue.location if message.venue else None)
    if place is None:
        return None
    if not (abs(place.latitude) <= 90 and abs(place.longitude) <= 180):
        raise MalformedUpdate("a Telegram update has an impossible location")
    return Location(place.latitude, place.longitude)


def read_contact(message: Message) -> Contact | None:
    """The shared contact, `own` only when it belongs to the account that sent it."""
    if message.contact is None:
        return None
    return Contact(message.contact.phone_number, own=_is_own(message))


def _is_own(message: Message) -> bool:
    sender, contact = message.from_user, message.contact
    return sender is not None and contact is not None and contact.user_id == sender.id


def _describe_contact(message: Message) -> str:
    if message.contact is None or _is_own(message):
        return ""
    name = " ".join(part for part in (message.contact.first_name, message.contact.last_name) if part)
    return f"[kontak: {name}]"


def _area(size: PhotoSize) -> int:
    return size.width * size.height


def _read_nameless_file(message: Message) -> File | None:
    if message.voice:
        return File(FileKind.VOICE, message.voice.file_id)
    if message.video_note:
        return File(FileKind.VIDEO_NOTE, message.video_note.file_id)
    if message.sticker:
        return File(FileKind.STICKER, message.sticker.file_id)
    return None
