"""Who made a story, in order."""

from django.db import models

from authors.models import Author


class Role(models.TextChoices):
    WRITER = "writer", "Writer"
    CONTRIBUTOR = "contributor", "Additional reporting"
    PHOTOGRAPHER = "photographer", "Photographs"
    ILLUSTRATOR = "illustrator", "Illustration"
    GRAPHICS = "graphics", "Graphics"
    TRANSLATOR = "translator", "Translation"
    EDITOR = "editor", "Editing"


class Byline(models.Model):
    """One author of one article. Writers make the line "By A, B and C"."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="bylines"
    )
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.WRITER)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="author_once_per_article"),
            models.UniqueConstraint(fields=["article", "order"], name="byline_order_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="byline_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} ({self.role})"


def join_names(names: list[str]) -> str:
    """Names as a sentence has them: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
