from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("networking", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="NetworkPolicy",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("clusters.proxied",),
        ),
    ]
