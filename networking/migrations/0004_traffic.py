from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("networking", "0003_ingress"),
    ]

    operations = [
        migrations.CreateModel(
            name="Traffic",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("clusters.proxied",),
        ),
    ]
