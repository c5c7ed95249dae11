"""The notes of the desk beside a story: what is shown, and what their buttons do.

They stand on the story's form, so that no button of theirs loses what is typed there: without a
script the whole form is posted and comes back as it was, with one it stays and only the note goes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from articles import permissions, workflow
from articles.admin.form import ArticleForm
from articles.admin.standing import minute
from articles.models import Article, Note

#: Notes shown that are done with.
MOST_DONE = 50
#: The fields of the form that hold a note which is being written.
FIELDS = ("remark", "remark_on")
ADDED = "The note is added."
LIST = "admin/articles/article/notes_list.html"


@dataclass(frozen=True)
class Line:
    """A note as its reader has it: ``part`` is a field of the form, ``on`` its name."""

    pk: int
    text: str
    who: str
    when: str
    part: str
    on: str
    done: str
    may_delete: bool


@dataclass(frozen=True)
class Notes:
    """``more`` says that there are older ones which are done with and not shown."""

    open: list[Line]
    done: list[Line]
    more: bool
    may_write: bool

    @property
    def count(self) -> str:
        return open_notes(len(self.open))


def open_notes(number: int) -> str:
    """So many in words; empty for none."""
    return "" if not number else "1 open note" if number == 1 else f"{number} open notes"


def notes(article: Article, user: Any) -> Notes:
    """Those of the story, for a user who may see it. Two queries."""
    rows = Note.objects.of(article)
    done = list(rows.done()[: MOST_DONE + 1])
    deletes = permissions.may(user, "delete_note", article)
    may_write = permissions.may(user, "note", article)

    def line(note: Note) -> Line:
        return Line(
            pk=note.pk,
            text=note.text,
            who=note.by_name,
            when=minute(note.at),
            part=note.part,
            on=note.get_part_display(),
            done=f"Done: {note.done_by_name}, {minute(note.done_at)}" if note.done_at else "",
            may_delete=deletes or (may_write and note.is_by(user)),
        )

    return Notes(
        open=[line(note) for note in rows.open()],
        done=[line(note) for note in done[:MOST_DONE]],
        more=len(done) > MOST_DONE,
        may_write=may_write,
    )


# --- What the buttons do ----------------------------------------------------------------------


def add_typed(form: ArticleForm, article: Article, *, by: Any) -> bool:
    """Whether there was a note on the form, which is written down then: who saves has said it."""
    text = form.cleaned_data.get("remark", "")
    if text:
        workflow.add_note(article, text, by=by, part=form.cleaned_data.get("remark_on", ""))
    return bool(text)


def post(request: HttpRequest, form: ArticleForm, article: Article) -> str:
    """Do what the pressed button asks and say what happened. Refused says why not."""
    by: Any = request.user
    for name, (verb, sentence) in DEEDS.items():
        if name in request.POST:
            verb(_note(article, request.POST[name]), by=by)
            return sentence
    form.is_valid()  # what else is wrong on the form is for its own buttons
    if sentences := form.errors.get("remark") or form.errors.get("remark_on"):
        raise workflow.Refused(" ".join(str(sentence) for sentence in sentences))
    if not add_typed(form, article, by=by):
        message = "Write the note first."
        raise workflow.Refused(message)
    return ADDED


DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "_note_done": (workflow.finish_note, "The note is marked as done."),
    "_note_open": (workflow.reopen_note, "The note is open again."),
    "_note_delete": (workflow.delete_note, "The note is deleted."),
}


def _note(article: Article, key: str) -> Note:
    is_key = key.isascii() and key.isdecimal() and len(key) < 19
    note = Note.objects.of(article).filter(pk=int(key)).first() if is_key else None
    if note is None:
        message = "There is no such note any more."
        raise workflow.Refused(message)
    return note


# --- What is answered to a script --------------------------------------------------------------


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def token(request: HttpRequest) -> JsonResponse:
    """A fresh CSRF token, for a form that was open while its user logged in again."""
    return JsonResponse({"csrf": get_token(request)})


def told(
    request: HttpRequest, article: Article, *, said: str = "", error: str = ""
) -> JsonResponse:
    """The notes as they are now, as HTML for their place, and what happened."""
    shown = notes(article, request.user)
    html = render_to_string(LIST, {"notes": shown, "notes_url": request.path})
    return JsonResponse({"html": html, "count": shown.count, "said": said, "error": error})
