"""What residents and officers do: one `Person` per user, acting as Telegram's apps let people act."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox import membership, topics
from sandbox.callbacks import CallbackAnswer, Callbacks, Press, find_button
from sandbox.compose import Attachment, file_content, marked
from sandbox.errors import WorldError
from sandbox.files import Upload
from sandbox.reactions import REACTION_EMOJI, react
from sandbox.state import ANONYMOUS_ADMIN, Chat, Message, Topic, User
from sandbox.wire import Json, utf16_length, without_none
from sandbox.world import World

MAX_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how a message is sent: in which chat and topic, as a reply to what, under whose name."""

    chat: int | None = None
    topic: int | None = None
    reply_to: int | None = None
    anonymous: bool = False


PRIVATE = Place()


class Person:
    """Acts for one user. Chats are named by id; without one it is the private chat with the bot.

    What Telegram's apps would not allow raises WorldError. Methods that send return the message as the bot
    sees it.
    """

    def __init__(self, world: World, callbacks: Callbacks, user: User) -> None:
        self._world = world
        self._callbacks = callbacks
        self.user = user

    @property
    def id(self) -> int:
        return self.user.id

    # -- writing ----------------------------------------------------------------------------------

    def start(self, payload: str = "") -> Json:
        """Presses Start (or follows a link with `payload`)."""
        return self.send_text(f"/start {payload}".strip())

    def send_text(self, text: str, place: Place = PRIVATE) -> Json:
        """Writes a message of 1 to 4096 UTF-16 units."""
        text = text.strip()
        if not text:
            raise WorldError("an empty message cannot be sent")
        if utf16_length(text) > MAX_TEXT:
            raise WorldError(f"a message has at most {MAX_TEXT} units; apps split longer ones: use send_long_text")
        return self._post(place, marked("text", text)).wire

    def send_long_text(self, text: str, place: Place = PRIVATE) -> list[Json]:
        """Writes a text of any length the way apps do: cut into messages of at most 4096 units."""
        pieces, rest = [], text
        while rest:
            end = len(rest)
            while utf16_length(rest[:end]) > MAX_TEXT:
                end = min(end - 1, MAX_TEXT)
            pieces.append(rest[:end])
            rest = rest[end:]
        return [self.send_text(piece, place) for piece in pieces]

    def send_file(
        self,
        kind: str,
        upload: Upload,
        place: Place = PRIVATE,
        *,
        caption: str = "",
        spoiler: bool = False,
        duration: int = 1,
    ) -> Json:
        """Sends a photo, document, voice, audio, video, animation, video_note or sticker; `duration` in seconds."""
        attachment = Attachment(kind, upload, caption, spoiler, duration)
        return self._post(place, file_content(self._world.files, attachment)).wire

    def send_album(self, items: Sequence[Attachment], place: Place = PRIVATE) -> list[Json]:
        """Sends 2 to 10 files as one album: separate messages sharing a media_group_id."""
        if not 2 <= len(items) <= 10:
            raise WorldError("an album has 2 to 10 items")
        group = str(13_700_000_000_000_000 + self._world.next_serial())
        contents = [{"media_group_id": group} | file_content(self._world.files, item) for item in items]
        return [self._post(place, content).wire for content in contents]

    def send_location(self, latitude: float, longitude: float, place: Place = PRIVATE) -> Json:
        """Sends a point on the map, in degrees."""
        return self._post(place, {"location": {"latitude": latitude, "longitude": longitude}}).wire

    def send_contact(
        self, phone_number: str, first_name: str, place: Place = PRIVATE, *, contact_user_id: int | None = None
    ) -> Json:
        """Sends a contact card; `contact_user_id` is set when the card's person is known to Telegram."""
        contact = {"phone_number": phone_number, "first_name": first_name} | without_none(user_id=contact_user_id)
        return self._post(place, {"contact": contact}).wire

    def press_contact_button(self, phone_number: str) -> Json:
        """Shares the own number through the bot's reply keyboard."""
        chat = self._world.chat(self.id)
        rows = (chat.keyboard or {}).get("keyboard", [])
        if not any(isinstance(button, dict) and button.get("request_contact") for row in rows for button in row):
            raise WorldError("the bot shows no button that asks for a contact")
        if chat.keyboard is not None and chat.keyboard.get("one_time_keyboard"):
            chat.keyboard = None
        return self.send_contact(phone_number, self.user.first_name, contact_user_id=self.id)

    def edit_text(self, message_id: int, text: str, *, chat: int | None = None) -> Json:
        """Edits an own message; of a photo or file this is the caption."""
        where = self._chat(chat)
        message = self._message(where, message_id)
        if message.sender_id != self.id:
            raise WorldError(f"message {message_id} was not written by {self.user.first_name}")
        field = "text" if "text" in message.wire else "caption"
        drop = frozenset({field, "entities" if field == "text" else "caption_entities"})
        self._world.edit(where, message, marked(field, text.strip()), drop=drop)
        return message.wire

    def delete(self, message_id: int, *, chat: int | None = None) -> None:
        """Deletes a message for everybody; the bot is not told."""
        self._world.remove(self._chat(chat), message_id)

    # -- reacting ---------------------------------------------------------------------------------

    def begin_press(
        self, message_id: int, label: str | None = None, *, data: str | None = None, chat: int | None = None
    ) -> Press:
        """Presses an inline button without waiting for the bot's answer."""
        where = self._chat(chat)
        message = self._message(where, message_id)
        return self._callbacks.press(where, message, self.user, find_button(message, label=label, data=data))

    async def press(
        self,
        message_id: int,
        label: str | None = None,
        *,
        data: str | None = None,
        chat: int | None = None,
        timeout_s: float = 5.0,
    ) -> CallbackAnswer:
        """Presses the button with this label (or data) and waits for the bot's toast or alert.

        Raises TimeoutError when the bot does not answer within `timeout_s`.
        """
        press = self.begin_press(message_id, label, data=data, chat=chat)
        return await self._world.wait_for(lambda: press.answer, timeout_s)

    def react(self, message_id: int, emoji: str | None, *, chat: int | None = None) -> None:
        """Puts a reaction on a message, or takes it off (None)."""
        if emoji is not None and emoji not in REACTION_EMOJI:
            raise WorldError(f"{emoji!r} is no reaction Telegram offers")
        where = self._chat(chat)
        chosen: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        react(self._world, where, self._message(where, message_id), self.user, chosen)

    # -- the private chat -------------------------------------------------------------------------

    def block_bot(self) -> None:
        membership.block_bot(self._world, self.user)

    def unblock_bot(self) -> None:
        membership.unblock_bot(self._world, self.user)

    # -- topics -----------------------------------------------------------------------------------

    def create_topic(self, chat: int, name: str) -> Topic:
        """Opens a topic in a forum."""
        return topics.create_topic(self._world, self._forum(chat), self.user, name)

    def close_topic(self, chat: int, topic: int) -> None:
        self._set_closed(chat, topic, closed=True)

    def reopen_topic(self, chat: int, topic: int) -> None:
        self._set_closed(chat, topic, closed=False)

    def _set_closed(self, chat: int, topic: int, *, closed: bool) -> None:
        where, found = self._managed_topic(chat, topic, "can_manage_topics")
        topics.set_closed(self._world, where, self.user, found, closed=closed)

    def delete_topic(self, chat: int, topic: int) -> None:
        where, found = self._managed_topic(chat, topic, "can_delete_messages")
        topics.delete_topic(self._world, where, found)

    # -- reading ----------------------------------------------------------------------------------

    def messages(self, *, chat: int | None = None, topic: int | None = None) -> list[Json]:
        """What the person sees, oldest first; `topic` narrows a forum to one topic."""
        where = self._chat(chat)
        if chat is None or where.is_private or where.member(self.id).present:
            shown = where.messages.values()
            return [self._world.seen_wire(m) for m in shown if topic is None or m.topic_id == topic]
        raise WorldError(f"{self.user.first_name} is not in chat {where.id}")

    def texts(self, *, chat: int | None = None, topic: int | None = None) -> list[str]:
        """The texts and captions the person sees, oldest first."""
        return [m.get("text") or m.get("caption") or "" for m in self.messages(chat=chat, topic=topic)]

    # -- checks -----------------------------------------------------------------------------------

    def _chat(self, chat_id: int | None) -> Chat:
        chat = self._world.chat(self.id if chat_id is None else chat_id)
        if chat.is_private and chat.id != self.id:
            raise WorldError(f"chat {chat.id} is another person's private chat")
        return chat

    def _message(self, chat: Chat, message_id: int) -> Message:
        message = chat.messages.get(message_id)
        if message is None:
            raise WorldError(f"chat {chat.id} has no message {message_id}")
        return message

    def _forum(self, chat_id: int) -> Chat:
        chat = self._chat(chat_id)
        if not chat.is_forum or not chat.member(self.id).present:
            raise WorldError(f"chat {chat_id} is no forum {self.user.first_name} belongs to")
        return chat

    def _managed_topic(self, chat_id: int, topic_id: int, right: str) -> tuple[Chat, Topic]:
        chat = self._forum(chat_id)
        topic = chat.topics.get(topic_id)
        if topic is None:
            raise WorldError(f"chat {chat_id} has no topic {topic_id}")
        if topic.creator_id != self.id and not chat.member(self.id).may(right):
            raise WorldError(f"{self.user.first_name} is no administrator with {right} in chat {chat_id}")
        return chat, topic

    def _post(self, place: Place, content: Json) -> Message:
        chat = self._chat(place.chat)
        if chat.is_private:
            membership.start_private_chat(self._world, chat, self.user)
        else:
            self._check_group(chat, place)
        reply_to = self._message(chat, place.reply_to) if place.reply_to is not None else None
        topic = place.topic if place.topic is not None or reply_to is None else reply_to.topic_id
        stand_in = ANONYMOUS_ADMIN if place.anonymous else None
        return self._world.post(chat, self.user, content, topic_id=topic, reply_to=reply_to, as_group=stand_in)

    def _check_group(self, chat: Chat, place: Place) -> None:
        standing = chat.member(self.id)
        if chat.migrated_to is not None:
            raise WorldError(f"chat {chat.id} became {chat.migrated_to}")
        if not standing.present:
            raise WorldError(f"{self.user.first_name} is not in chat {chat.id}")
        if place.anonymous and not standing.is_admin:
            raise WorldError("only administrators can write anonymously")
        if place.topic is None:
            return
        topic = chat.topics.get(place.topic)
        if topic is None:
            raise WorldError(f"chat {chat.id} has no topic {place.topic}")
        if topic.closed and not standing.may("can_manage_topics"):
            raise WorldError(f"topic {topic.id} is closed")
