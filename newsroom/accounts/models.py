"""The user, from the first migration on; everyone refers to ``settings.AUTH_USER_MODEL``."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who works at the desk. Readers have no account."""

    def __str__(self) -> str:
        return self.get_full_name() or self.username
