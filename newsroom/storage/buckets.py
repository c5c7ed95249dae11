"""Files in buckets: Amazon S3, or a server that speaks its protocol. Needs django-storages[s3]."""

from collections.abc import Iterator
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from newsroom.caching import IMMUTABLE
from newsroom.storage import CONTENT_TYPES, Found, Unaddressed

#: Seconds. botocore's own are 60 each and five tries: an editor would wait for minutes.
CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 10, 2
#: What S3 takes in one PUT (bytes). An upload in parts that breaks off leaves its parts behind,
#: unseen and paid for; one in a single PUT is there whole or not at all.
ONE_PUT_BYTES = 5 * 1024**3
BYTES = "application/octet-stream"


class Bucket(S3Storage):
    """What both buckets have in common. Without keys of ours, botocore looks for those of AWS."""

    def get_default_settings(self) -> dict[str, Any]:
        own = {
            "endpoint_url": settings.S3_ENDPOINT or None,
            "region_name": settings.S3_REGION or None,
            # All names are random: looking whether one is free costs a request for each file.
            "file_overwrite": True,
            # Who may read is said by the bucket's policy, in one place.
            "default_acl": None,
            "querystring_auth": False,
            "client_config": Config(
                s3={"addressing_style": settings.S3_ADDRESSING},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": TRIES},
            ),
            "transfer_config": TransferConfig(multipart_threshold=ONE_PUT_BYTES, use_threads=False),
        }
        return super().get_default_settings() | own | _keys()

    def files(self, prefix: str) -> Iterator[Found]:
        """All files whose names begin so, by name. A request for each thousand."""
        for one in self.bucket.objects.filter(Prefix=prefix):
            yield Found(one.key, one.size, one.last_modified)


class PublicBucket(Bucket):
    """``MEDIA_BUCKET``: readers fetch its files from ``MEDIA_URL``, through a CDN or not."""

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {"bucket_name": settings.MEDIA_BUCKET}

    def get_object_parameters(self, name: str) -> dict[str, str]:
        content_type = CONTENT_TYPES.get(name.rpartition(".")[2], BYTES)
        return {"ContentType": content_type, "CacheControl": IMMUTABLE}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Asks nobody: a front shows some 300 addresses."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"


class PrivateBucket(Unaddressed, Bucket):
    """``ORIGINALS_BUCKET``: closed to everybody but the site."""

    def get_default_settings(self) -> dict[str, Any]:
        return super().get_default_settings() | {"bucket_name": settings.ORIGINALS_BUCKET}

    def get_object_parameters(self, name: str) -> dict[str, str]:
        # Should the bucket ever stand open, a browser still runs nothing of it.
        return {"ContentType": BYTES, "ContentDisposition": "attachment"}


def _keys() -> dict[str, str | None]:
    if not settings.S3_ACCESS_KEY:
        return {}
    return {
        "access_key": settings.S3_ACCESS_KEY,
        "secret_key": settings.S3_SECRET_KEY,
        # A token of AWS_SESSION_TOKEN belongs to other keys.
        "security_token": None,
    }
