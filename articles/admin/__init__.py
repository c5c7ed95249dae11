"""The desk of the stories: what is imported here is registered with Django's admin."""

import taggit.admin
from django.contrib import admin
from taggit.models import Tag as StockTag

from articles.admin import article, correction, demands, step, tag

__all__ = ["article", "correction", "demands", "step", "tag"]

# taggit's own table is empty: our topics are articles.Tag. Its admin would only mislead.
if admin.site.is_registered(StockTag):
    admin.site.unregister(StockTag)
assert taggit.admin  # noqa: S101 - imported for what it registers, before it is taken away
