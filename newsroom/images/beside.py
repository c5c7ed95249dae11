"""Two photo editors at one picture: nobody overwrites words that they have not seen.

A form carries a fingerprint of every word as it was when it was opened. What only the other has
changed is kept, without a question; where both have written something, the second is told what the
first wrote, and keeps the text. The caller holds the row.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from newsroom.images.models import Image, last_day

#: The field that carries the fingerprints.
SEEN = "seen"
#: What is one thing to an editor, in two fields; the point is one on the picture that was there.
POINT = ("focal_x", "focal_y")
FILE = "original"

MOVED = (
    "Somebody else has moved the focal point or replaced the file since you opened this. Look at the"
    " picture, and save again to keep the point that is in the fields."
)
REPLACED = (
    "Somebody else has replaced the file since you opened this. Look at the picture, and choose your"
    " file again if it is still the better one."
)


class SeenField(forms.CharField):
    """The fingerprints, hidden in the form."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def seen(image: Image, names: Iterable[str]) -> str:
    """The fingerprints of these fields of the stored picture."""
    return json.dumps({name: _stored(image, name) for name in _with_file(names)})


def reconcile(form: Any) -> list[str]:
    """The form with what only others have changed taken over: the labels of these fields.

    Errors at the fields where both have written. In either case the form shows what is stored now
    as seen, so that saving it once more keeps the editor's own words.
    """
    image, known = form.instance, _known(form.data.get(form.add_prefix(SEEN)))
    current = {name: _stored(image, name) for name in _with_file(form.fields)}
    form.data = form.data.copy()
    taken: list[str] = []
    for names in _things(form.fields):
        if any(name not in known for name in names) or _is_as_seen(names, known, current):
            continue
        if not all(name in form.cleaned_data for name in names):
            # Wrong by itself, and told so: what was seen stays what it was.
            current |= {name: known[name] for name in names}
        elif _is_untouched(form, names, known):
            taken += _take(form, names)
        elif _posted(form, names) != [current[name] for name in names]:
            form.add_error(names[0], _sentence(form, names[0]))
    form.data[form.add_prefix(SEEN)] = json.dumps(current)
    return taken


def _with_file(names: Iterable[str]) -> list[str]:
    """Those of the fields that hold something of the picture's, and always its file."""
    return [FILE, *(name for name in names if name not in {FILE, SEEN})]


def _things(fields: Iterable[str]) -> list[tuple[str, ...]]:
    names = [name for name in fields if name != SEEN and name not in POINT]
    return [*((name,) for name in names), *([POINT] if set(fields) >= set(POINT) else [])]


def _known(text: str | None) -> dict[str, str]:
    """What the form says that it has seen; a broken or forged one knows nothing."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_as_seen(names: tuple[str, ...], known: dict[str, str], current: dict[str, str]) -> bool:
    compared = (*names, FILE) if names == POINT else names
    return all(known.get(name) == current[name] for name in compared)


def _is_untouched(form: Any, names: tuple[str, ...], known: dict[str, str]) -> bool:
    if names == (FILE,):
        return not form.cleaned_data[FILE]
    return _posted(form, names) == [known[name] for name in names]


def _posted(form: Any, names: tuple[str, ...]) -> list[str]:
    return [_fingerprint(form.cleaned_data[name]) for name in names]


def _take(form: Any, names: tuple[str, ...]) -> list[str]:
    """What is stored goes into the form; nothing is to be told of a file, which nobody typed."""
    if names == (FILE,):
        return []
    for name in names:
        value = getattr(form.instance, name)
        form.cleaned_data[name] = value
        shown = form.fields[name].prepare_value(value)
        form.data[form.add_prefix(name)] = "" if shown in (None, False) else str(shown)
    return ["focal point"] if names == POINT else [str(form[names[0]].label).lower()]


def _sentence(form: Any, name: str) -> str:
    if name == FILE:
        return REPLACED
    if name in POINT:
        return MOVED
    image = form.instance
    told = getattr(image, f"get_{name}_display", lambda: getattr(image, name))()
    if isinstance(told, datetime):
        told = f"{last_day(told):%-d %B %Y}"
    wrote = f"wrote “{told}” here" if told else "emptied this"
    return (
        f"Somebody else {wrote} since you opened the picture. Yours is in the field: save again to"
        " keep it, or write theirs."
    )


def _stored(image: Image, name: str) -> str:
    return _fingerprint(image.original.name if name == FILE else getattr(image, name))


def _fingerprint(value: Any) -> str:
    """The same for what is the same to an editor: line ends, blanks around, the hour of a day."""
    if isinstance(value, Image):
        value = value.pk
    elif isinstance(value, datetime):
        value = last_day(value)
    elif isinstance(value, float):
        value = round(value, 4)
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode()).hexdigest()[:16]
