"""Who is in a chat with which rights, and the updates and notices when that changes."""

from typing import TYPE_CHECKING

from sandbox.errors import WorldError
from sandbox.state import LEFT, Chat, Member, User
from sandbox.world import World

if TYPE_CHECKING:
    from sandbox.wire import Json


def set_member(world: World, chat: Chat, user: User, new: Member, by: User) -> None:
    """Changes one standing and tells the bot: my_chat_member for itself, chat_member for others where it is admin."""
    old = chat.member(user.id)
    chat.members[user.id] = new
    change: Json = {
        "chat": world.chat_wire(chat),
        "from": by.wire(),
        "date": world.date(),
        "old_chat_member": old.wire(user),
        "new_chat_member": new.wire(user),
    }
    if user.id == world.bot.id:
        world.updates.add("my_chat_member", change, chat.id)
    elif chat.member(world.bot.id).is_admin:
        world.updates.add("chat_member", change, chat.id)
    world.changes.publish({"event": "chats"})


def start_private_chat(world: World, chat: Chat, user: User) -> None:
    """The person writes for the first time: from now on the bot may write too."""
    standing = chat.member(world.bot.id)
    if standing.status == "kicked":
        raise WorldError(f"{user.first_name} has blocked the bot: unblock it before writing")
    if not standing.present:
        chat.members[world.bot.id] = Member("member")
        chat.members[user.id] = Member("member")


def block_bot(world: World, user: User) -> None:
    """The person blocks the bot in their private chat."""
    set_member(world, world.chat(user.id), world.bot, Member("kicked"), user)


def unblock_bot(world: World, user: User) -> None:
    """The person lets the bot write again."""
    chat = world.chat(user.id)
    chat.members[user.id] = Member("member")
    set_member(world, chat, world.bot, Member("member"), user)


def add_to_group(world: World, chat: Chat, user: User, by: User, standing: Member | None = None) -> None:
    """Adds somebody (or the bot) to a group, with the notice Telegram writes."""
    set_member(world, chat, user, standing or Member("member"), by)
    world.post(chat, by, {"new_chat_members": [user.wire()]})


def remove_from_group(world: World, chat: Chat, user: User, by: User) -> None:
    """Removes somebody: "kicked" when another did it, "left" when they went; a removed bot sees no notice."""
    set_member(world, chat, user, LEFT if by.id == user.id else Member("kicked"), by)
    world.post(chat, by, {"left_chat_member": user.wire()})


def migrate_group(world: World, chat: Chat, new_id: int | None = None) -> Chat:
    """Turns a basic group into a supergroup with a new id; the old chat only refuses from then on.

    A supergroup may be migrated too, so that a test can change the id of a forum under a running bot.
    """
    if chat.is_private or chat.migrated_to is not None:
        raise WorldError(f"chat {chat.id} is no group that can be upgraded")
    new = world.add_group(
        new_id or -(1_003_000_000_000 + world.next_serial()),
        "forum" if chat.is_forum else "supergroup",
        chat.title or "",
        dict(chat.members),
    )
    owner = group_owner(world, chat)
    world.post(chat, owner, {"migrate_to_chat_id": new.id})
    world.post(new, owner, {"migrate_from_chat_id": chat.id})
    chat.migrated_to = new.id
    world.changes.publish({"event": "chats"})
    return new


def group_owner(world: World, chat: Chat) -> User:
    """Whose name stands on the group's own notices: the owner, else any administrator or member but the bot."""
    people = [(member.status != "creator", user_id) for user_id, member in chat.members.items() if member.present]
    for _, user_id in sorted(people):
        if user_id != world.bot.id:
            return world.user(user_id)
    return User(777000, "Telegram")
