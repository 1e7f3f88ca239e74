"""What each handset is owed and what it got: the difference is the verdict."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

Fits = Callable[[str], bool]


@dataclass(eq=False)
class Owed:
    """One text that must reach one handset once. `urgent`: may come twice, by licence (DESIGN.md §5)."""

    handset: str
    fits: Fits
    urgent: bool
    what: str
    since: float
    arrived_at: float | None = None
    body: str = ""


@dataclass
class Ledger:
    """Debts by handset. A text nobody was known to be owed waits for its debt until the end: it may be early."""

    debts: dict[str, list[Owed]] = field(default_factory=lambda: defaultdict(list))
    early: dict[str, list[tuple[str, float]]] = field(default_factory=lambda: defaultdict(list))
    paid: dict[str, list[Owed]] = field(default_factory=lambda: defaultdict(list))

    def owe(self, handset: str, body: str | Fits, at: float, *, urgent: bool = False, what: str = "") -> Owed:
        """A new debt; paid at once by a text that came before it was known."""
        fits = body if callable(body) else body.__eq__
        debt = Owed(handset, fits, urgent, what or (body if isinstance(body, str) else "?"), at)
        for known in self.early[handset]:
            if fits(known[0]):
                self.early[handset].remove(known)
                self._pay(debt, *known)
                return debt
        self.debts[handset].append(debt)
        return debt

    def got(self, handset: str, body: str, at: float) -> Owed | None:
        """A text has reached this handset; the debt it pays, or None."""
        for debt in self.debts[handset]:
            if debt.fits(body):
                self.debts[handset].remove(debt)
                self._pay(debt, body, at)
                return debt
        self.early[handset].append((body, at))
        return None

    def _pay(self, debt: Owed, body: str, at: float) -> None:
        debt.body, debt.arrived_at = body, at
        self.paid[debt.handset].append(debt)

    @property
    def lost(self) -> list[Owed]:
        """Owed and never on the handset."""
        return [debt for debts in self.debts.values() for debt in debts]

    @property
    def owed(self) -> int:
        """All debts there ever were."""
        return len(self.lost) + sum(map(len, self.paid.values()))

    def surplus(self) -> "tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]":
        """(handset, body) of what came once too often, of what may (a crisis reply), and of what nobody owed."""
        twice: list[tuple[str, str]] = []
        licensed: list[tuple[str, str]] = []
        wrong: list[tuple[str, str]] = []
        for handset, texts in self.early.items():
            for body, _ in texts:
                alike = [debt for debt in self.paid[handset] if debt.body == body]
                pile = wrong if not alike else licensed if any(debt.urgent for debt in alike) else twice
                pile.append((handset, body))
        return twice, licensed, wrong
