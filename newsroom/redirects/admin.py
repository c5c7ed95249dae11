"""Old addresses that the desk keeps by hand, for example of pages from before."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from newsroom.paging import BoundedPaginator
from newsroom.redirects import paths
from newsroom.redirects.models import Redirect


class RedirectForm(forms.ModelForm):
    class Meta:
        model = Redirect
        fields = ["old_path", "new_path"]

    def clean_old_path(self) -> str:
        old: str = self.cleaned_data["old_path"].strip()
        if not old.startswith("/"):
            message = "Begin the old address with a slash, such as /2019/old-story/."
            raise ValidationError(message)
        if old != self.initial.get("old_path") and (sentence := paths.taken(old)):
            raise ValidationError(sentence)
        return old

    def clean_new_path(self) -> str:
        new: str = self.cleaned_data["new_path"].strip()
        if new and (not new.startswith("/") or new.startswith("//")):
            message = "Lead to an address of this site, beginning with one slash."
            raise ValidationError(message)
        further = paths.find(new) if new else None
        return further.new_path if further else new


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    form = RedirectForm
    list_display = ["old_path", "leads_to", "created_at"]
    search_fields = ["old_path", "new_path"]
    paginator = BoundedPaginator
    show_full_result_count = False

    @admin.display(description="leads to", ordering="new_path")
    def leads_to(self, redirect: Redirect) -> str:
        return redirect.new_path or "gone for good (410)"

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        paths.flatten(obj)
