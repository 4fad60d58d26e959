"""Methods on the bot itself, chats and their members, files and command menus."""

from sandbox import membership
from sandbox.errors import bad_request
from sandbox.methods.side import BotSide, Handler, find_chat, writable_chat
from sandbox.state import Member
from sandbox.wire import Json, names

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_PERMISSIONS = names(
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes "
    "can_send_voice_notes can_send_polls can_send_other_messages can_add_web_page_previews can_react_to_messages "
    "can_edit_tag can_change_info can_invite_users can_pin_messages can_manage_topics"
)
_MAX_REACTIONS = 11


def get_me(side: BotSide, _: Json) -> Json:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    more = {"can_connect_to_business": False, "has_main_web_app": False, "has_topics_enabled": False}
    return side.world.bot.wire() | abilities | more | {"allows_users_to_create_topics": False, "can_manage_bots": False}


def get_chat(side: BotSide, p: Json) -> Json:
    """A ChatFullInfo."""
    world = side.world
    chat = find_chat(world, p["chat_id"])
    if not chat.is_private:
        writable_chat(world, chat.id)
    full = world.chat_wire(chat) | {
        "accent_color_id": 0,
        "max_reaction_count": _MAX_REACTIONS,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if not chat.is_private:
        full["permissions"] = dict.fromkeys(sorted(_PERMISSIONS), True)
    pinned = [chat.messages[message_id] for message_id in chat.pinned if message_id in chat.messages]
    return full | {"pinned_message": pinned[-1].wire} if pinned else full


def get_chat_member(side: BotSide, p: Json) -> Json:
    """A ChatMember; people who were never in the chat count as having left."""
    chat = writable_chat(side.world, p["chat_id"])
    user = side.world.users.get(p["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    standing = Member("member") if chat.is_private and user.id == chat.id else chat.member(user.id)
    return standing.wire(user)


def get_chat_administrators(side: BotSide, p: Json) -> list[Json]:
    """ChatMember objects of owner and administrators; other bots only with `return_bots`."""
    chat = writable_chat(side.world, p["chat_id"])
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    admins = [(side.world.user(user_id), member) for user_id, member in chat.members.items() if member.is_admin]
    shown = [(user, member) for user, member in admins if not user.is_bot or p.get("return_bots")]
    own = [(user, member) for user, member in admins if user.id == side.world.bot.id and (user, member) not in shown]
    return [member.wire(user) for user, member in [*shown, *own]]


def leave_chat(side: BotSide, p: Json) -> bool:
    chat = writable_chat(side.world, p["chat_id"])
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    membership.remove_from_group(side.world, chat, side.world.bot, side.world.bot)
    return True


def get_file(side: BotSide, p: Json) -> Json:
    return side.world.files.open(p["file_id"]).wire()


def set_commands(side: BotSide, p: Json) -> bool:
    _check_scope(side, p)
    side.commands.set(p["commands"], p.get("scope"), p.get("language_code", ""))
    return True


def get_commands(side: BotSide, p: Json) -> list[Json]:
    _check_scope(side, p)
    return side.commands.get(p.get("scope"), p.get("language_code", ""))


def delete_commands(side: BotSide, p: Json) -> bool:
    _check_scope(side, p)
    side.commands.delete(p.get("scope"), p.get("language_code", ""))
    return True


def _check_scope(side: BotSide, p: Json) -> None:
    """A menu for a chat needs the chat, one for a member the member."""
    scope: Json = p.get("scope", {})
    if "chat_id" not in scope:
        return
    chat = find_chat(side.world, scope["chat_id"])
    if scope["type"] != "chat" and chat.is_private:
        raise bad_request("can't use this bot command scope in private chats")
    if "user_id" in scope and not chat.member(scope["user_id"]).present:
        raise bad_request("PARTICIPANT_ID_INVALID")


HANDLERS: dict[str, Handler] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "getFile": get_file,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
}
