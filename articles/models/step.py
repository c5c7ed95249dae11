"""The steps that an outlet lets a story pass before it may be published."""

from typing import Self

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

#: The permission without which nobody passes a step, whatever role the step names.
PASSES = "approve_article"


class StepQuerySet(models.QuerySet["Step"]):
    def in_order(self) -> Self:
        return self.order_by("order", "pk")

    def after(self, step: "Step | None") -> Self:
        """Those that are still ahead of a story which waits at this step, in order; all of them
        for one that waits at none."""
        if step is None:
            return self.in_order()
        later = Q(order=step.order, pk__gt=step.pk) | Q(order__gt=step.order)
        return self.filter(later).in_order()


class Step(models.Model):
    """One look at a story between submitting and publishing: "Section edit", "Copy desk".

    Without any row there is the one review that whoever may publish can leave out. With rows a
    story passes them all, in order, and then is approved.
    """

    name = models.CharField(
        max_length=40,
        unique=True,
        help_text="As the buttons say it: “Pass to Copy desk”.",
        error_messages={"unique": "There is a step of that name already."},
    )
    order = models.PositiveSmallIntegerField(
        default=0, help_text="The lowest comes first. Numbers may have gaps: 10, 20, 30."
    )
    role = models.ForeignKey(
        Group,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="who passes it",
        help_text="Whoever has this role, everywhere or in the story’s section. Empty: whoever may"
        " approve stories there.",
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = "step before publishing"
        verbose_name_plural = "steps before publishing"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.role and not self.role.permissions.filter(codename=PASSES).exists():
            message = (
                f"The role {self.role} may not approve stories, so nobody could pass this step."
                " Give the role that permission first, or choose another."
            )
            raise ValidationError({"role": message})

    @property
    def subject(self) -> str:
        return f"step:{self.pk}"

    @property
    def place(self) -> tuple[int, int]:
        """By which steps are ordered; of a whole set: ``StepQuerySet.after``."""
        return self.order, self.pk
