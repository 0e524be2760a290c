"""The name a user probably meant, for every message that refuses one."""

from collections.abc import Iterable


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name closest to `name` in spelling, or None when none is close.

    Example:
        >>> nearest("Denze", ["Dense", "Dropout"])
        'Dense'
    """
    from difflib import get_close_matches

    spelled = {_plain(candidate): candidate for candidate in reversed(list(known))}
    wanted = _plain(str(name)[:80])
    if wanted in spelled:
        return spelled[wanted]
    found = get_close_matches(wanted, spelled, n=1, cutoff=0.6)
    return spelled[found[0]] if found else None


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """`". Did you mean 'Dense'?"`, or nothing when no known name is close."""
    found = nearest(name, known)
    return f". Did you mean {found!r}?" if found else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")
