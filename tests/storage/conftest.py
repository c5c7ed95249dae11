"""Pictures stored where a test says."""

from tests.images.conftest import picture, stored

__all__ = ["picture", "stored"]
