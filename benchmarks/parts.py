"""Where the time of one message goes inside Loket, part by part, in microseconds."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.seeds import seed
from bot.versions import Versions, configure_staff
from channels.telegram.inbound import read_update
from conversation.clock import RealClock
from handlers.routing import dispatch, locate
from handlers.turn import Turn
from knowledge import load_builtin
from storage import schema
from storage.encryption import KeyRing, new_key
from storage.engine import open_engine
from storage.ids import Ids
from storage.inbox import Arrival
from storage.unit_of_work import UnitOfWork

_QUESTION = "syarat ktp hilang apa saja ya min"
_GROUP = 32
#: The part that contains the others.
WHOLE = "transaction, all of the above included"


def parts() -> dict[str, float]:
    """Microseconds per message of each part, on SQLite with synchronous=FULL and groups of 32."""
    knowledge = load_builtin()
    numbers = iter(range(1, 10**9))
    figures = {
        "read the update (aiogram types)": _per(1000, lambda: read_update(_update(next(numbers), 1), 1)),
        "decide": _per(1000, lambda: knowledge.decide(_QUESTION)),
        "render the article": _per(1000, lambda: knowledge.render("ktp-hilang")),
    }
    with tempfile.TemporaryDirectory() as folder:
        figures |= _transaction(Path(folder))
    return figures


def _transaction(folder: Path) -> dict[str, float]:
    engine, keys, ids = open_engine(f"sqlite:///{folder / 'loket.db'}"), KeyRing.from_setting(new_key()), Ids()
    schema.upgrade(engine)
    with engine.connect() as connection, connection.begin():
        seed(connection, ids, None, RealClock().now())
        configure_staff(connection, "-1002000000001", forum=True)
    versions, numbers = Versions(), iter(range(10**6, 10**9))

    def group() -> None:
        with engine.connect() as connection:
            uow = UnitOfWork(connection, keys, ids, RealClock().now())
            version = versions.of(connection)
            inbounds = [read_update(_update(next(numbers), resident), 1) for resident in range(_GROUP)]
            arrivals = [
                Arrival(
                    key=item.key,
                    lane=locate(uow, version.staff, item),
                    source="x",
                    raw=b"x" * 400,
                    received_at=uow.now,
                )
                for item in inbounds
            ]
            uow.inbox.store(arrivals, time.time())
            letters = uow.inbox.waiting([arrival.lane for arrival in arrivals])
            for inbound in inbounds:
                with uow.savepoint():
                    dispatch(
                        Turn(
                            burst=(inbound,),
                            final=False,
                            store=uow,
                            now=uow.now,
                            office=version.office,
                            knowledge=version.knowledge,
                            staff=version.staff,
                        )
                    )
            uow.inbox.done(letters)
            uow.finish()
            connection.commit()

    group()
    return {WHOLE: _per(20, group) / _GROUP}


def _per(times: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times * 1e6


def _update(number: int, resident: int) -> dict[str, Any]:
    person = {"id": 1_000_000 + resident, "is_bot": False, "first_name": f"Warga {resident}"}
    chat = {"id": 1_000_000 + resident, "type": "private", "first_name": f"Warga {resident}"}
    message = {"message_id": number, "date": 1_795_000_000, "from": person, "chat": chat, "text": _QUESTION}
    return {"update_id": number, "message": message}
