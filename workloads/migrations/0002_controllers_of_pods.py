from django.db import migrations


def proxy(name: str) -> migrations.CreateModel:
    options = {"proxy": True, "indexes": [], "constraints": []}
    return migrations.CreateModel(name=name, fields=[], options=options, bases=("clusters.proxied",))


class Migration(migrations.Migration):
    dependencies = [
        ("workloads", "0001_initial"),
    ]

    operations = [
        proxy("StatefulSet"),
        proxy("DaemonSet"),
        proxy("ReplicationController"),
        proxy("ControllerRevision"),
    ]
