"""Every address. Fixed routes first; then one view finds the path."""

from django.contrib import admin
from django.urls import include, path, re_path

from newsroom.fronts import views as fronts
from newsroom.publication import views as publication
from newsroom.redirects.paths import CATCH_ALL

urlpatterns = [
    path("", fronts.home, name="home"),
    path("favicon.ico", publication.favicon, name="favicon"),
    path("livez", publication.livez, name="livez"),
    path("readyz", publication.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("media/", include("newsroom.images.urls")),
    path("authors/", include("authors.urls")),
    path("", include("articles.urls")),
    path("", include("newsroom.deliveries.urls")),
    re_path(r"^(?P<path>.+)$", fronts.find, name=CATCH_ALL),
]

handler404 = "newsroom.fronts.views.not_found"
