from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("networking", "0002_networkpolicy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ingress",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("clusters.proxied",),
        ),
        migrations.CreateModel(
            name="IngressClass",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("clusters.proxied",),
        ),
    ]
