"""Chats that change under us: a resident blocks or unblocks the bot, the staff group migrates."""

from __future__ import annotations

from dataclasses import replace

from conversation.markup import bold, escape
from conversation.masking import shown_name
from conversation.outbound import CaseTopic, SendText
from handlers.replying import post
from handlers.turn import Turn


def handle_blocking(turn: Turn) -> None:
    """A resident blocked the bot or took that back; officers who wait for them learn it in the topic."""
    lane = turn.store.conversations.lane(turn.inbound.channel, turn.inbound.chat)
    before = turn.store.conversations.by_lane(lane)
    blocked = turn.inbound.detail == "kicked"
    if before is None or before.account.blocked == blocked:
        return
    turn.store.conversations.save(before, replace(before, account=replace(before.account, blocked=blocked)))
    if before.case and (case := turn.store.cases.get(before.case)):
        what = (
            "memblokir bot; pesan tidak sampai kepadanya" if blocked else "membuka blokir; pesan sampai lagi kepadanya"
        )
        note = SendText(to=CaseTopic(case.id), text=f"{bold(shown_name(before.resident.name))} {escape(what)}.")
        post(turn, case, note)


def handle_migration(turn: Turn) -> None:
    """The staff group became a supergroup: from now on everything goes to its new id."""
    if turn.inbound.chat == turn.staff.chat and turn.inbound.detail:
        turn.store.move_staff(turn.inbound.detail)
