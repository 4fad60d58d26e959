"""What the method handlers work on, and how they find the chat a call is about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.callbacks import Callbacks
from sandbox.commands import Commands
from sandbox.errors import bad_request, forbidden, migrated
from sandbox.state import Chat, Message
from sandbox.wire import Json
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class BotSide:
    """Everything a handler may touch."""

    world: World
    callbacks: Callbacks
    commands: Commands
    closed_topics_refuse_admins: bool


#: Takes checked parameters, gives the `result` of the answer.
Handler = Callable[[BotSide, Json], Any]


def find_chat(world: World, chat_id: int | str) -> Chat:
    """The chat a call names; raises ApiError 400 when there is none or it has migrated."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None or chat.user_id == world.bot.id:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    return chat


def writable_chat(world: World, chat_id: int | str) -> Chat:
    """A chat the bot may write in; raises ApiError 403 when blocked, kicked, gone, or never addressed."""
    chat = find_chat(world, chat_id)
    standing = chat.member(world.bot.id)
    if standing.present:
        return chat
    if chat.is_private:
        blocked = standing.status == "kicked"
        raise forbidden("bot was blocked by the user" if blocked else "bot can't initiate conversation with a user")
    kind = f"{chat.type} chat"
    raise forbidden(
        f"bot was kicked from the {kind}" if standing.status == "kicked" else f"bot is not a member of the {kind}"
    )


def find_message(chat: Chat, message_id: int, what: str) -> Message:
    """A message of the chat; raises ApiError 400 "message to <what> not found"."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {what} not found")
    return message
