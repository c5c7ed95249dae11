"""The audit at the desk: to be read."""

from django.contrib import admin
from django.http import HttpRequest

from newsroom.audit.models import Entry
from newsroom.paging import BoundedPaginator


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ["at", "actor_name", "verb", "subject_name", "note"]
    list_filter = ["verb", ("at", admin.DateFieldListFilter)]
    search_fields = ["actor_name", "subject", "subject_name", "note"]
    search_help_text = "Who, what it was about (such as article:12), or a word of the note."
    paginator = BoundedPaginator
    show_full_result_count = False
    fields = ["at", "actor_name", "verb", "subject", "subject_name", "note", "before", "after"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False
