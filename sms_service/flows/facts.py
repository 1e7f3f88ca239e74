"""What a conversation may know: worked out beforehand by the service, frozen, never fetched in a flow."""

from dataclasses import dataclass, field
from datetime import datetime

from sms_service.domain.helplines import Helpline
from sms_service.domain.words import Lang, Safe


@dataclass(frozen=True, slots=True)
class Facts:
    """One person in one program. Times are aware UTC; `zone` says what they mean to the person."""

    short: str  # the program's neutral short name, <= 12 characters
    hours: str  # when volunteers are on, <= 16 characters, computed from the rota
    on_call: bool  # somebody on the rota can be asked right now
    lang: Lang = "en"
    country: str = "US"
    zone: str = "America/New_York"  # IANA
    name: str = ""
    url: str = ""  # the privacy page
    group: str = ""  # the group being joined or the member's first group
    state: str = "stranger"  # domain.words.PersonState
    safe: Safe = "free"
    check_in_minute: int | None = None
    rhythm: str = "daily"
    last_mood: int | None = None
    last_mood_at: datetime | None = None
    mood_lapsed_at: datetime | None = None  # a mood prompt that ran out unanswered
    last_idea: int = -1  # position in `ideas`
    referred_at: datetime | None = None  # the last referral
    talk_name: str = ""  # first name of the other side of a claimed talk
    helplines: tuple[Helpline, ...] = field(default=())  # the whole directory of the member's country
    ideas: tuple["Idea", ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Idea:
    """One coping idea, in both languages, each one SMS part."""

    id: str
    en: str
    es: str
