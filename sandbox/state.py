"""What the sandbox remembers: people, chats, topics and messages."""

from dataclasses import dataclass, field

from sandbox.wire import Json, without_none

#: Rights an administrator may hold (Bot API: ChatAdministratorRights), the ones valid in groups. The last one
#: is newer than Bot API 10.1, but libraries already insist on it.
GROUP_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
    "can_send_welcome_messages",
)
#: What an office gives its bot.
BOT_RIGHTS = frozenset(
    {"can_manage_chat", "can_delete_messages", "can_pin_messages", "can_manage_topics", "can_invite_users"}
)


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def wire(self) -> Json:
        return without_none(
            id=self.id,
            is_bot=self.is_bot,
            first_name=self.first_name,
            last_name=self.last_name,
            username=self.username,
            language_code=self.language_code,
        )


#: Whom Telegram shows instead of an administrator who hides behind the group.
ANONYMOUS_ADMIN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


@dataclass(frozen=True, slots=True)
class Member:
    """One user's standing in a chat; `status` is one of Telegram's ChatMember statuses."""

    status: str
    rights: frozenset[str] = frozenset()

    @property
    def present(self) -> bool:
        return self.status in {"creator", "administrator", "member"}

    @property
    def is_admin(self) -> bool:
        return self.status in {"creator", "administrator"}

    def may(self, right: str) -> bool:
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def wire(self, user: User) -> Json:
        """A ChatMember object."""
        member: Json = {"status": self.status, "user": user.wire()}
        if self.status == "creator":
            member["is_anonymous"] = False
        elif self.status == "administrator":
            member |= {"can_be_edited": False, "is_anonymous": False}
            member |= {right: right in self.rights for right in GROUP_RIGHTS}
        elif self.status == "kicked":
            member["until_date"] = 0
        return member


LEFT = Member("left")


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of its first message."""

    id: int
    name: str
    creator_id: int
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False


@dataclass(slots=True)
class Message:
    """A stored message: `wire` is what the bot sees, the rest is what the sandbox must know besides."""

    wire: Json
    sender_id: int
    topic_id: int | None = None
    explicit_reply_to: int | None = None
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.wire["message_id"])


@dataclass(slots=True)
class Chat:
    """A private chat with the bot (id = the user's id), a basic group, a supergroup or a forum."""

    id: int
    type: str
    instance: str
    title: str | None = None
    user_id: int | None = None
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    deleted_topics: set[int] = field(default_factory=set)
    last_message_id: int = 0
    migrated_to: int | None = None
    pinned: list[int] = field(default_factory=list)
    #: The reply keyboard the bot last showed here, if any.
    keyboard: Json | None = None

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def member(self, user_id: int) -> Member:
        return self.members.get(user_id, LEFT)
