"""The one address: the key of IndexNow, at the root, where the protocol wants it."""

from django.conf import settings
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from newsroom.deliveries import views


class IndexNowKey(StringConverter):
    """The key in the settings and no other text, so that no other ``.txt`` is taken away."""

    def to_python(self, value: str) -> str:
        if value != settings.INDEXNOW_KEY:
            raise ValueError
        return value


register_converter(IndexNowKey, "indexnow_key")

app_name = "deliveries"
urlpatterns = [path("<indexnow_key:key>.txt", views.indexnow_key, name="indexnow_key")]
