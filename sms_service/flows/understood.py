"""What a heard text can mean, and what must be known of the person to tell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from sms_service.domain.words import Lang, Level, PersonState


class Judged(Protocol):
    """The part of triage's verdict that matters here."""

    @property
    def level(self) -> Level: ...
    @property
    def family(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def first_person(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class HeardText:
    """One inbound text as Twilio gave it."""

    body: str
    media: int = 0  # how many pictures or voice notes
    opt_out_type: Literal["", "STOP", "START", "HELP"] = ""  # Twilio has answered it already


@dataclass(frozen=True, slots=True)
class MemberTalk:
    """A claimed talk in which this person is the member."""

    case_no: int
    other_name: str
    volunteer_wrote_at: datetime | None = None  # the volunteer's last line: within 10 min the talk is live


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case in which this person is a volunteer: offered to them, or owned by them."""

    case_no: int
    name: str
    stand: Literal["offered", "owned"]
    open: bool = True
    last_line_at: datetime | None = None  # of either side, or the claim; None = just claimed


@dataclass(frozen=True, slots=True)
class Standing:
    """How this person stands with the program when the text arrives."""

    state: PersonState
    is_member: bool = False
    is_volunteer: bool = False
    is_supervisor: bool = False
    lang: Lang = "en"
    talk: MemberTalk | None = None
    cases: tuple[CaseRef, ...] = ()
    open_flow: str = ""  # "" = no question is open
    open_step: str = ""
    open_asked_at: datetime | None = None  # when the prompt was delivered; None = not yet
    open_prompted: bool = False  # it replied to the person's own text, so nothing can have crossed
    parked_flow: str = ""  # the question that the open one pushed aside
    mood_open: bool = False  # the open question asks for a mood
    mood_lapsed_at: datetime | None = None
    last_mood: int | None = None
    last_mood_at: datetime | None = None
    referred_at: datetime | None = None
    siren_at: datetime | None = None  # when the open crisis or concern was opened
    texted_before: bool = False
    new_sent_at: datetime | None = None  # the last answer to a text that was not understood
    talk_closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Danger:
    """Reply at once and open a case. In a live talk the volunteer is told instead (CONVERSATION.md 16)."""

    level: Level
    family: str
    rule: str
    in_talk: bool = False
    about: Literal["self", "volunteer"] = "self"


@dataclass(frozen=True, slots=True)
class Stopped:
    """An opt-out, recorded with its words; when Twilio has replied we add nothing."""

    words: str
    twilio_replied: bool


@dataclass(frozen=True, slots=True)
class NoMasStop:
    """NO MAS: an opt-out answered with 988, and a concern."""

    words: str
    twilio_replied: bool


@dataclass(frozen=True, slots=True)
class BajaAsked:
    """BAJA or BAJO while a mood is asked: low, or no more texts?"""


@dataclass(frozen=True, slots=True)
class Started:
    """The person comes back."""

    twilio_replied: bool


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """HELP; a concern when a mood of 4 or less was given within 7 days."""

    twilio_replied: bool
    concern: bool


@dataclass(frozen=True, slots=True)
class Unheard:
    """Nothing further is heard of a stopped person; of a died one a coordinator reads it."""

    reason: Literal["stopped", "died"]


@dataclass(frozen=True, slots=True)
class Duty:
    """A volunteer's order; `case_no` None when the number is missing or the order needs none."""

    verb: str
    case_no: int | None = None
    arg: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A volunteer's words, kept until a question is answered; `case_no` None: not known for whom."""

    flow: Literal["held_words", "held_which", "held_late", "self"]
    case_no: int | None
    words: str


@dataclass(frozen=True, slots=True)
class RelayOut:
    """From the volunteer to the member of the case."""

    case_no: int
    words: str


@dataclass(frozen=True, slots=True)
class RelayIn:
    """From the member to the owner of the case."""

    case_no: int
    words: str


@dataclass(frozen=True, slots=True)
class LeaveTalk:
    """MENU in a talk: leave or stay?"""


@dataclass(frozen=True, slots=True)
class Keyworded:
    """A keyword of the table with its argument."""

    name: str
    arg: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to the open question, or to the parked one when the open one had not arrived."""

    which: Literal["open", "parked"]


@dataclass(frozen=True, slots=True)
class LateMood:
    """A mood for a prompt that lapsed within 24 hours."""

    n: int


@dataclass(frozen=True, slots=True)
class Stray:
    """A mood nobody asked for."""

    n: int


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A helpline's keyword sent to us: say where it works, and open a concern."""

    word: str


@dataclass(frozen=True, slots=True)
class Lone:
    """An emoji, dots or nothing: "Are you OK?"."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or voice note and no words; a concern within 24 hours of a mood of 3 or less."""

    concern: bool


@dataclass(frozen=True, slots=True)
class WhoAsked:
    """Who is this?"""


@dataclass(frozen=True, slots=True)
class AfterTalk:
    """Thanks, or "you there?", within 24 hours of a talk's end (CONVERSATION.md 28)."""

    thanks: bool


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """Not understood: NEW for a stranger, nothing when that was sent this week, the menu for one of ours."""

    kind: Literal["new", "menu", "quiet"]


OfDanger: TypeAlias = Danger | Stopped | NoMasStop | BajaAsked | Started | HelpAsked | Unheard
OfTalks: TypeAlias = Duty | Held | RelayOut | RelayIn | LeaveTalk | AfterTalk
OfOthers: TypeAlias = (
    Keyworded | Answered | LateMood | Stray | Mistaken | Lone | Media | WhoAsked | FrontDoor
)  # fmt: skip
Meaning: TypeAlias = OfDanger | OfTalks | OfOthers
