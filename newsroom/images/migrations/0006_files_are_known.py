"""By their bytes, so that a file which is uploaded again is found.

Empty for what is there: the worker, or ``manage.py render_images``, notes it when it reads an
original.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('images', '0005_renditions_by_cut'),
    ]

    operations = [
        migrations.AddField(
            model_name='image',
            name='original_sha256',
            field=models.CharField(blank=True, db_index=True, editable=False, help_text='By which a file that is here already is known; empty until it was read.', max_length=64),
        ),
    ]
