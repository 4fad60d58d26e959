"""Whatever is wrong with an update, it is MalformedUpdate, and its contents stay out of the message."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.telegram.inbound import peek_key, read_update
from conversation.errors import MalformedUpdate
from conversation.inbound import Inbound
from tests.channels.updates import (
    BOT_ID,
    SAMPLES,
    Raw,
    membership,
    press,
    private_message,
    reaction,
    topic_message,
    update,
)

SECRET = "1471990101010001"

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**62, max_value=2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2020-01-01", "2020-01-01T10:00:00", "\ud800", "nan"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a JSON object."""
    if isinstance(value, dict):
        inner = [place for key in value for place in places(value[key], (*path, key))]
    elif isinstance(value, list):
        inner = [place for index, item in enumerate(value) for place in places(item, (*path, index))]
    else:
        inner = []
    return [path, *inner] if path else inner


def mangled(raw: Raw, path: tuple[Any, ...], junk: object, *, remove: bool) -> Raw:
    result = copy.deepcopy(raw)
    inner: Any = result
    for step in path[:-1]:
        inner = inner[step]
    if remove:
        del inner[path[-1]]
    else:
        inner[path[-1]] = junk
    return result


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_mangled_updates_are_read_or_malformed(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(SAMPLES))
    for _ in range(data.draw(st.integers(1, 3))):
        if ways := places(raw):
            raw = mangled(raw, data.draw(st.sampled_from(ways)), data.draw(JUNK), remove=data.draw(st.booleans()))
    try:
        inbound = read_update(raw, BOT_ID)
    except MalformedUpdate:
        return
    assert inbound.sent_at.utcoffset() == timedelta(0)
    assert inbound.key == peek_key(raw, BOT_ID)


@pytest.mark.parametrize(
    "raw", [{}, {"update_id": None}, {"update_id": "5"}, {"update_id": True}, {"update_id": -1}, [], None]
)
def test_without_a_number_there_is_no_key(raw: Any) -> None:
    assert peek_key(raw, BOT_ID) is None
    with pytest.raises(MalformedUpdate, match="update_id"):
        read_update(raw, BOT_ID)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (update(7, message=private_message(text=[SECRET])), "update 7: message.text: string_type"),
        (update(7, message={"text": SECRET}), "update 7: message.message_id: missing"),
        (update(7, message=SECRET), "update 7: message: "),
        (update(7, message=None), "update 7: the message is missing"),
        (update(7, message=topic_message(reply_to_message=SECRET)), "update 7: message.reply_to_message: "),
        (update(7, message=private_message(location={"latitude": 91, "longitude": 0})), "impossible location"),
        (update(7, message=private_message(message_id=2**60)), "impossible message_id"),
        (update(7, message=private_message(date="2020-01-01T10:00:00")), "without a time zone"),
        (update(7, edited_message=private_message(edit_date=10**15)), "impossible edit_date"),
        (press({"chat": SECRET}), "update 100: callback_query.message"),
        ({**membership({}, "a", "b"), "update_id": 7}, "update 7: chat.id: missing"),
        (reaction(message_id=SECRET * 300), "update 100: message_id: "),
    ],
)
def test_the_fault_names_the_field_and_never_quotes(raw: Raw, fault: str) -> None:
    with pytest.raises(MalformedUpdate) as caught:
        read_update(raw, BOT_ID)
    assert fault in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None, "the validator's own error quotes what it read"


def test_every_sample_is_readable() -> None:
    assert all(isinstance(read_update(raw, BOT_ID), Inbound) for raw in SAMPLES)
