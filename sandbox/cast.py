"""A few residents and officers, so that somebody trying the sandbox has whom to be."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.server import Sandbox

RESIDENTS = ((5001, "Budi", "Santoso"), (5002, "Siti", "Rahma"), (5003, "Yohanes", None))
OFFICERS = ((6001, "Rina", "Front Office"), (6002, "Andi", "Kepala Seksi"), (6003, "Dewi", "Operator Editor"))


def invite_cast(sandbox: "Sandbox", officers: Sequence[tuple[int, str, str | None]] = OFFICERS) -> None:
    """Adds the people to a sandbox that has none yet; officers join the staff group, the first as an administrator."""
    if any(not user.is_bot for user in sandbox.world.users.values()):
        return
    for user_id, first_name, last_name in RESIDENTS:
        sandbox.add_user(first_name, user_id=user_id, last_name=last_name)
    for user_id, first_name, last_name in officers:
        sandbox.add_user(first_name, user_id=user_id, last_name=last_name)
        if sandbox.settings.staff_group_id is not None:
            sandbox.join(sandbox.settings.staff_group_id, user_id, admin=user_id == officers[0][0])
