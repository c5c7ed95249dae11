"""Topics: named, described, and made one of two."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles import permissions, unmerging, workflow
from articles.models import Tag, TaggedArticle, TagMerge
from newsroom.paging import BoundedPaginator
from newsroom.redirects import paths


class Merged(admin.SimpleListFilter):
    title = "was it merged into another?"
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "No"), ("yes", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> QuerySet[Tag]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(merged_into__isnull=self.value() == "no")
        return queryset


class TagForm(forms.ModelForm):
    class Meta:
        model = Tag
        fields = ["name", "slug", "description"]
        help_texts = {"slug": "The address: /topics/…/. Empty: made from the name."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """Free, also of addresses that still lead elsewhere."""
        slug: str = self.cleaned_data["slug"]
        sentence = slug and paths.taken(f"/topics/{slug}/", owner=self.instance.subject)
        if sentence and "leads to another page" in sentence:
            raise forms.ValidationError(sentence)
        return slug


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label="Which of them stays",
        queryset=Tag.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the topic that stays."},
    )

    def __init__(self, tags: QuerySet[Tag], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["into"].queryset = tags  # type: ignore[attr-defined]


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    form = TagForm
    change_form_template = "admin/articles/tag/change_form.html"
    list_display = ["name", "slug", "stories", "leads_to"]
    list_filter = [Merged]
    list_select_related = ["merged_into"]
    search_fields = ["name", "folded"]
    search_help_text = "Name of the topic."
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ["name"]
    actions = ["merge"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        used = TaggedArticle.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
        count = used.annotate(number=Count("pk")).values("number")
        return super().get_queryset(request).annotate(used=Coalesce(Subquery(count), 0))

    @admin.display(description="stories", ordering="used")
    def stories(self, tag: Tag) -> int:
        return int(tag.used)

    @admin.display(description="leads to")
    def leads_to(self, tag: Tag) -> str:
        return str(tag.merged_into or "")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Tag], search_term: str
    ) -> tuple[QuerySet[Tag], bool]:
        """For the admin's autocomplete only what can be chosen."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(merged_into=None)
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        """Only a topic that no story carries and no other was merged into: addresses live on."""
        if obj is not None and (
            obj.tagged.exists() or obj.merged_from.exists() or obj.merged_into_id
        ):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, "merge_tags")

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        workflow.change_tag(obj, by=request.user)  # type: ignore[arg-type]

    @admin.action(description="Make one topic of these", permissions=["merge"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        """Asks which one stays, then merges the others into it."""
        form = MergeForm(queryset, request.POST if "into" in request.POST else None)
        if queryset.count() < 2:
            self.message_user(request, "Choose two topics or more.", messages.WARNING)
            return None
        if form.is_valid():
            return self._merged(request, queryset, form.cleaned_data["into"])
        context = {
            **self.admin_site.each_context(request),
            "title": "Make one topic of these",
            "opts": self.opts,
            "form": form,
            "tags": queryset,
            "checkbox": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/articles/tag/merge.html", context)

    def _merged(self, request: HttpRequest, tags: QuerySet[Tag], into: Tag) -> HttpResponse:
        try:
            for tag in tags.exclude(pk=into.pk):
                workflow.merge_tag(tag, into=into, by=request.user)  # type: ignore[arg-type]
        except workflow.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            sentence = (
                f"“{into}” has taken the others in; their addresses lead to it. To undo it, open the"
                " topic that was taken in."
            )
            self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_tag_changelist"))

    # --- Taking a merge back ------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        undo = self.admin_site.admin_view(self.undo_merge_view)
        return [
            path("<path:object_id>/undo-merge/", undo, name="articles_tag_undo_merge"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A merged topic says so, with the way back for who may go it."""
        context["may_undo_merge"] = self.has_merge_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def undo_merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks, then brings a merged topic back with its stories."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        tag = self.get_object(request, unquote(object_id))
        if tag is None:
            self.message_user(request, "There is no such topic.", messages.WARNING)
            return HttpResponseRedirect(reverse("admin:articles_tag_changelist"))
        if request.method == "POST":
            return self._unmerged(request, tag)
        merge = TagMerge.objects.select_related("tag", "into__merged_into").filter(tag=tag).first()
        context = {
            **self.admin_site.each_context(request),
            "title": f"Undo the merge of “{tag}”",
            "opts": self.opts,
            "tag": tag,
            "merge": merge,
            "against": unmerging.against(merge) if merge else unmerging.no_merge(tag),
            "stories": sum(part.count() for part in merge.stories()) if merge else 0,
            "saved_since": sum(part.count() for part in merge.saved_since()) if merge else 0,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/articles/tag/undo_merge.html", context)

    def _unmerged(self, request: HttpRequest, tag: Tag) -> HttpResponse:
        try:
            unmerging.undo_merge(tag, by=request.user)  # type: ignore[arg-type]
        except workflow.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            sentence = f"“{tag}” is a topic of its own again, at its own address."
            self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_tag_change", args=[tag.pk]))
