"""What happens on an outlet, each in a process of its own: ``python -m tests.scenes NAME ARGS``.

What a scene gives back is printed as JSON.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django.setup()

from django.core.files.storage import default_storage  # noqa: E402 - the models are there only now
from django.utils import timezone  # noqa: E402

from articles import workflow  # noqa: E402
from articles.models import Article  # noqa: E402
from newsroom.deliveries import outbox  # noqa: E402
from newsroom.deliveries.models import Delivery, Worker  # noqa: E402
from newsroom.deliveries.standing import standing  # noqa: E402
from newsroom.images import library  # noqa: E402
from newsroom.images.models import Image  # noqa: E402
from tests import factories  # noqa: E402
from tests.images import pictures  # noqa: E402


def schedule(number: int, seconds: float) -> dict[str, str]:
    """That many stories which go public that many seconds after the last is written; their times by
    guid."""
    chief = factories.user("chief")
    drafts = [
        factories.draft(by=chief, headline=f"Story number {count}") for count in range(number)
    ]
    at = timezone.now() + timedelta(seconds=seconds)
    stories = [workflow.publish(story, by=chief, at=at) for story in drafts]
    return {str(story.guid): str(story.published_at) for story in stories}


def count_public() -> int:
    return Article.objects.published(now=timezone.now()).count()


def publish_one_by_one(number: int) -> dict[str, str]:
    """Stories with a rest between them; the moments when each was public, by guid."""
    chief, moments = factories.user("chief"), {}
    for count in range(number):
        story = factories.published(by=chief, headline=f"Story number {count}")
        moments[str(story.guid)] = str(timezone.now())
        time.sleep(0.5)
    return moments


def ask_purges(number: int) -> None:
    """Deliveries that only a worker can do: due, and nobody has hurried them."""
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(
            key=f"asked:{count}",
            kind="purge",
            payload={"tags": ["site"]},
            created_at=now,
            due_at=now,
        )
        for count in range(number)
    )


def enqueue() -> int:
    """What the tick does."""
    return outbox.enqueue_due()


def pass_the_time_of_tasks() -> None:
    """As if every task had been on its queue for so long that it is taken for lost."""
    Delivery.objects.update(queued_until=timezone.now())


def wait_for_workers(number: int) -> int:
    """How many are at work, as the desk counts them, once there are that many."""
    return int(_waited(lambda: standing().workers >= number and standing().workers))


def wait_for_the_end() -> list[int]:
    """How often each delivery has been tried, once none is open any more."""
    _waited(lambda: not Delivery.objects.open().exists())
    return list(Delivery.objects.order_by("pk").values_list("attempts", flat=True))


def stopped() -> list[bool]:
    """Of each worker whether it has said that it has stopped."""
    return [worker.stopped_at is not None for worker in Worker.objects.all()]


def add_pictures(number: int) -> None:
    for _ in range(number):
        library.add(pictures.upload(), by=None)


def pictures_lacking() -> list[str]:
    """The files that a row names and the storage has not, or has with another size."""
    return [
        file.name
        for image in Image.objects.all()
        for cut, formats in image.renditions.items()
        for format in formats
        for file in image.files(format, cut)
        if not default_storage.exists(file.name) or default_storage.size(file.name) != file.bytes
    ]


def pictures_outdated() -> int:
    return sum(bool(image.outdated()) for image in Image.objects.all())


def _waited(holds: Callable[[], Any]) -> Any:
    for _ in range(1200):
        if found := holds():
            return found
        time.sleep(0.1)
    message = f"It never happened. {standing()}"
    raise TimeoutError(message)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


if __name__ == "__main__":
    given = globals()[sys.argv[1]](*json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps(given, default=_plain))
