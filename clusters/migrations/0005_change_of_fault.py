from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clusters", "0004_change_of_object"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("resource", "faults")), fields=["cluster", "revision"], name="change_of_fault"
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("op", "DELETED")),
                fields=["cluster", "resource", "namespace", "name", "revision"],
                name="change_removed",
            ),
        ),
    ]
