"""The sandbox's switches, all with defaults that suit tests."""

from dataclasses import dataclass

from sandbox.state import User

DEFAULT_TOKEN = "700000001:SANDBOX-token-for-trying-Loket-only"  # noqa: S105 - opens nothing but the sandbox
DEFAULT_STAFF_GROUP_ID = -1002000000001


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What Telegram lets a bot send: per second overall, per second and chat, per minute and group."""

    overall_per_s: float = 30.0
    chat_per_s: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """`rate_limits=None` enforces none; `staff_group_id=None` starts with no group at all."""

    token: str = DEFAULT_TOKEN
    bot_first_name: str = "Loket Disdukcapil"
    bot_username: str = "loket_uji_bot"
    first_update_id: int = 582_341_907
    staff_group_id: int | None = DEFAULT_STAFF_GROUP_ID
    staff_group_title: str = "Petugas Loket"
    rate_limits: RateLimits | None = None
    #: How long a pressed button may be answered, seconds.
    callback_lifetime_s: float = 15.0
    webhook_timeout_s: float = 60.0
    webhook_retry_base_s: float = 0.05
    webhook_retry_max_s: float = 2.0
    #: Whether a closed topic refuses also a bot that may manage topics. Telegram's apps let such
    #: administrators write on; refusing them is what a careful bot must survive.
    closed_topics_refuse_admins: bool = True
    state_file: str | None = None
    save_every_s: float = 2.0
    transcript_limit: int = 200_000

    @property
    def bot(self) -> User:
        return User(int(self.token.partition(":")[0]), self.bot_first_name, username=self.bot_username, is_bot=True)
