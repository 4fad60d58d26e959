"""Faults on purpose: rules that make chosen API calls fail, stall, or succeed unseen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.changes import Changes
from sandbox.errors import STATUS_NAMES, ApiError

if TYPE_CHECKING:
    from sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the next `count` matching calls (None: to all of them).

    `method` is a name or `*`; `chat_id` narrows it to calls naming that chat. With `status` the call gets that
    error; with `drop` the connection is cut without an answer; with `after` the call is carried out first, so
    that the bot cannot know. `delay_s` waits before the call. `migrate` upgrades the named group first, so the
    call itself meets the old id. A fault with only a delay lets the call go through.
    """

    method: str = "*"
    chat_id: int | None = None
    count: int | None = 1
    status: int | None = None
    description: str | None = None
    retry_after: int | None = None
    after: bool = False
    drop: bool = False
    delay_s: float = 0.0
    migrate: bool = False

    def __post_init__(self) -> None:
        if self.after and not self.drop and self.status is None:
            raise ValueError("a fault after the call needs a status or drop")
        if self.migrate and self.chat_id is None:
            raise ValueError("a fault that migrates a group needs its chat_id")
        if self.retry_after is not None and self.status is None:
            raise ValueError("retry_after belongs to a status, such as 429")

    def error(self) -> ApiError:
        """The refusal this fault answers with."""
        status = self.status or 500
        parameters: Json | None = {"retry_after": self.retry_after} if self.retry_after is not None else None
        reason = STATUS_NAMES.get(status, "Error")
        if self.description:
            text = f"{reason}: {self.description}"
        elif self.retry_after is not None:
            text = f"{reason}: retry after {self.retry_after}"
        else:
            text = reason
        return ApiError(status, text, parameters)


@dataclass(slots=True)
class _Rule:
    fault: Fault
    left: int | None


class Faults:
    """Rules in the order given; the first that matches a call is used up by one."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._rules: list[_Rule] = []
        #: Faults that have struck, oldest first.
        self.struck: list[Fault] = []

    def add(self, fault: Fault) -> Callable[[], None]:
        """Adds a rule; the returned function takes it away again."""
        rule = _Rule(fault, fault.count)
        self._rules.append(rule)

        def remove() -> None:
            if rule in self._rules:
                self._rules.remove(rule)

        return remove

    def clear(self) -> None:
        self._rules.clear()

    @property
    def waiting(self) -> int:
        """How many rules can still strike."""
        return len(self._rules)

    def strike(self, method: str, chat_id: object) -> Fault | None:
        """The fault for this call, if any."""
        for rule in self._rules:
            fault = rule.fault
            if fault.method != "*" and fault.method.lower() != method.lower():
                continue
            if fault.chat_id is not None and str(fault.chat_id) != str(chat_id):
                continue
            if rule.left is not None:
                rule.left -= 1
                if rule.left <= 0:
                    self._rules.remove(rule)
            self.struck.append(fault)
            self._changes.notify()
            return fault
        return None
