"""The files of each picture by cut and format, where they were a flat list.

Nothing moves in the storage and pages show what they showed. The fingerprints are empty, so the next
``manage.py render_images`` makes crops and AVIF for what is there.
"""

from django.db import migrations

SUFFIXES = {"jpg": "jpeg", "webp": "webp", "avif": "avif"}
ENDS = {format: end for end, format in SUFFIXES.items()}


def by_cut(apps, schema_editor):
    for image in apps.get_model("images", "Image").objects.iterator():
        if isinstance(image.renditions, list):
            whole = {}
            for one in sorted(image.renditions, key=lambda one: one["width"]):
                folder = one["name"].split("/")[1]
                group = {"folder": folder, "recipe": "", "sizes": []}
                sizes = whole.setdefault(one["format"], group)["sizes"]
                sizes.append([one["width"], one["height"], one["bytes"]])
            image.renditions = {"whole": whole} if whole else {}
            image.save(update_fields=["renditions"])


def as_list(apps, schema_editor):
    """Of the whole picture in the two formats that were known; crops and AVIF are made again."""
    for image in apps.get_model("images", "Image").objects.iterator():
        if isinstance(image.renditions, dict):
            whole = image.renditions.get("whole", {})
            image.renditions = [
                {
                    "format": format,
                    "width": width,
                    "height": height,
                    "bytes": size,
                    "name": f"renditions/{whole[format]['folder']}/{width}.{ENDS[format]}",
                }
                for format in ("webp", "jpeg")
                if format in whole
                for width, height, size in whole[format]["sizes"]
            ]
            image.save(update_fields=["renditions"])


class Migration(migrations.Migration):
    dependencies = [("images", "0004_digital_source")]

    operations = [migrations.RunPython(by_cut, as_list)]
