"""Pictures, below /media/; a web server or object store in front may answer instead."""

from django.urls import path

from newsroom.images import views

urlpatterns = [path("<path:name>", views.serve, name="media")]
