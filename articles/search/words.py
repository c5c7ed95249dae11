"""Words as the index knows them, and what a reader's query means."""

import re
import unicodedata
from dataclasses import dataclass

#: Longer queries are cut: a search is a few words (speed.md).
MAX_QUERY_CHARS = 200
#: Words of one query; the others are left out.
MAX_WORDS = 16
#: A shorter beginning stands for hundreds of words, each to be looked up.
MIN_PREFIX_CHARS = 4

#: Around what is to be marked, in text that is not escaped yet. Of the private use area, and taken
#: out of everything that is indexed, so no text can bring its own.
MARK, END_MARK = "\ue000", "\ue001"

_PIECE = re.compile(r"""(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<bare>[^\s"]+))""")
_MARKS = str.maketrans("", "", f"{MARK}{END_MARK}\x00")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class _Fold(dict[int, str]):
    """Letter by letter: small, without diacritics; a space for what is no letter or digit."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_letter(chr(code))
        return folded


def _fold_letter(letter: str) -> str:
    if unicodedata.category(letter)[0] not in "LN":
        return " "
    parts = unicodedata.normalize("NFD", letter)
    bare = all(unicodedata.category(mark) == "Mn" for mark in parts[1:])
    return (parts if bare else letter).lower()[0]


_FOLD = _Fold()


def plain(text: str) -> str:
    """Text as it is indexed and shown in results: composed, without our own markers."""
    return unicodedata.normalize("NFC", text.translate(_MARKS))


def fold(text: str) -> str:
    """Plain text as it is compared, of the same length: "Café’s" is "cafe s"."""
    return text.translate(_FOLD)


@dataclass(frozen=True)
class Term:
    """Words that must stand side by side; one word most of the time. All are folded."""

    words: tuple[str, ...]
    is_negated: bool = False
    is_prefix: bool = False


@dataclass(frozen=True)
class Query:
    """What a reader asked for, and the same in words to show."""

    terms: tuple[Term, ...]
    text: str

    @property
    def wanted(self) -> list[Term]:
        return [term for term in self.terms if not term.is_negated]

    @property
    def unwanted(self) -> list[Term]:
        return [term for term in self.terms if term.is_negated]


def understand(words: str) -> Query:
    """Any string as a query: all words, "a phrase", -without, begin* - and nothing else.

    Every other sign parts words, so that no query is an error. ``text`` says what was understood.
    """
    terms: dict[Term, str] = {}
    room = MAX_WORDS
    asked = _NOT_SHOWN.sub(" ", words[:MAX_QUERY_CHARS]).translate(_QUOTES)
    for piece in _PIECE.finditer(plain(asked)):
        term = _term(piece, room)
        if term.words and term not in terms:
            terms[term] = _shown(piece, term)
            room -= len(term.words)
    return Query(tuple(terms), " ".join(terms.values()))


def _term(piece: re.Match[str], room: int) -> Term:
    said = piece["phrase"] if piece["bare"] is None else piece["bare"]
    words = tuple(fold(said).split())[:room]
    return Term(
        words,
        is_negated=bool(piece["minus"]),
        is_prefix=bool(
            piece["bare"]
            and piece["bare"].endswith("*")
            and words
            and len(words[-1]) >= MIN_PREFIX_CHARS
        ),
    )


def _shown(piece: re.Match[str], term: Term) -> str:
    """The piece as it was typed, without the signs that mean nothing."""
    if piece["bare"] is None:
        return f'{piece["minus"]}"{piece["phrase"].strip()}"'
    star = "*" if term.is_prefix else ""
    return piece["minus"] + piece["bare"].strip("*()^:{}+-") + star
