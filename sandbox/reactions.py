"""Emoji reactions of people and of the bot (Bot API: setMessageReaction, MessageReactionUpdated)."""

from sandbox.state import Chat, Message, User
from sandbox.wire import Json, names
from sandbox.world import World

#: The emoji Telegram accepts as reactions (Bot API: ReactionTypeEmoji).
REACTION_EMOJI = names(
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 "
    "🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)


def react(world: World, chat: Chat, message: Message, user: User, reactions: list[Json]) -> None:
    """Sets a user's reactions; bots hear of people's reactions in private chats and where they are administrators."""
    old = message.reactions.get(user.id, [])
    if old == reactions:
        return
    message.reactions[user.id] = reactions
    standing = chat.member(world.bot.id)
    if user.id != world.bot.id and (standing.is_admin or (chat.is_private and standing.present)):
        change: Json = {
            "chat": world.chat_wire(chat),
            "message_id": message.id,
            "user": user.wire(),
            "date": world.date(),
            "old_reaction": old,
            "new_reaction": reactions,
        }
        world.updates.add("message_reaction", change, chat.id)
    world.publish_message(chat, message)
