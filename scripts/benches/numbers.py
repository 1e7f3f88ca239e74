"""Phone numbers of invented members: any amount, each one well formed."""

AREAS = (202, 212, 213, 215, 301, 303, 305, 310, 312, 404, 408, 415, 503, 512, 602, 617, 702, 713, 773, 818)
EXCHANGES = range(320, 900)
PER_AREA = len(EXCHANGES) * 10_000


def number_of(member: int) -> str:
    """The E.164 number of the member with this place in the row; none is a number of the demo programs."""
    area, rest = divmod(member, PER_AREA)
    exchange, last = divmod(rest, 10_000)
    return f"+1{AREAS[area]}{EXCHANGES[exchange]}{last:04d}"
