"""Residents who ask, some who want a person, and officers who take their cases: load that can be counted afterwards."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from random import Random

from bot.session import session
from bot.settings import read_settings
from escalation.roles import Desk, Role
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.dialogs.stage import GROUP, labels, shown

#: Each is answered by an article of its own, whatever was asked before.
QUESTIONS = (
    "KTP saya hilang, apa syaratnya?",
    "Apa syarat membuat akta kelahiran?",
    "Bagaimana cara membuat kartu identitas anak (KIA)?",
    "Apa syarat akta kematian?",
    "Apa syarat akta perkawinan?",
    "KK hilang, apa syaratnya?",
)
_WANTS_A_PERSON = "/petugas"
_OFFICERS = ("Rina", "Dedi", "Yuni")


@dataclass(slots=True)
class Crowd:
    """Who writes what is settled by `chance`; nobody writes before being asked to by `speak`."""

    sandbox: Sandbox
    chance: Random
    residents: list[Person] = field(default_factory=list)
    with_case: set[int] = field(default_factory=set)
    last_words: dict[int, tuple[int, str]] = field(default_factory=dict)
    spoken: int = 0
    presses: int = 0
    _officers: list[Person] = field(default_factory=list)
    _turns: deque[tuple[Person, str]] = field(default_factory=deque)
    _pressed: set[int] = field(default_factory=set)

    @property
    def to_say(self) -> int:
        """How many messages are still to be written."""
        return len(self._turns)

    def speak(self) -> None:
        """Whoever is next writes; now and then an officer presses **Ambil** under a card that has appeared."""
        person, text = self._turns.popleft()
        message = person.send_text(text)
        self.last_words[person.id] = (message["message_id"], text)
        self.spoken += 1
        if self.chance.random() < 0.2:
            self.take_a_case()

    def take_a_case(self) -> None:
        """An officer presses **Ambil** under the first card nobody has pressed yet."""
        officer = self.chance.choice(self._officers)
        for message in officer.messages(chat=GROUP):
            if "Ambil" in labels(message) and message["message_id"] not in self._pressed:
                self._pressed.add(message["message_id"])
                officer.begin_press(message["message_id"], "Ambil", chat=GROUP)
                self.presses += 1
                return

    def answers_to(self, person: Person) -> list[str]:
        """What the bot answered to a resident from its articles."""
        return [text for text in person.texts() if "Dasar:" in text]

    def heard_last(self, person: Person) -> bool:
        """Whether a resident's last question was answered, or for those with a case: shown to the staff."""
        number, text = self.last_words[person.id]
        if person.id in self.with_case:
            relayed = f"{person.user.first_name}:\n{text}"
            return any(relayed in shown(message) for message in self._officers[0].messages(chat=GROUP))
        return any(message["message_id"] > number and "Dasar:" in shown(message) for message in person.messages())


def gather(sandbox: Sandbox, settings: dict[str, str], chance: Random, *, residents: int, every: int = 4) -> Crowd:
    """A crowd in which every resident asks all questions, and each `every`-th first asks for a person first."""
    crowd = Crowd(sandbox, chance)
    for index in range(residents):
        person = sandbox.add_user(f"Warga{index:02}")
        crowd.residents.append(person)
        if index % every == 0:
            crowd.with_case.add(person.id)
    _take_on(crowd, settings)
    scripts = {person.id: _script(person.id in crowd.with_case, chance) for person in crowd.residents}
    while any(scripts.values()):
        for person in chance.sample(crowd.residents, len(crowd.residents)):
            if scripts[person.id]:
                crowd._turns.append((person, scripts[person.id].popleft()))
    return crowd


def _script(wants_a_person: bool, chance: Random) -> deque[str]:
    questions = chance.sample(QUESTIONS, len(QUESTIONS))
    if wants_a_person:
        questions[0] = _WANTS_A_PERSON
    return deque(questions)


def _take_on(crowd: Crowd, settings: dict[str, str]) -> None:
    with session(read_settings(**settings)) as opened:
        for name in _OFFICERS:
            person = crowd.sandbox.add_user(name)
            crowd.sandbox.join(GROUP, person.id)
            opened.uow.officers.add(str(person.id), name, name[:2].upper(), Desk(Role.FO, ""))
            crowd._officers.append(person)
