"""A column of PostgreSQL's type json: it keeps the text as it was written, and hands out the same bytes."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models


class JsonText(models.Field):  # type: ignore[type-arg]  # Django's own class takes no parameters at run time
    """Plain JSON data in Python. Views read it parsed; the store itself binds and reads the text."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return orjson.loads(value) if isinstance(value, str | bytes) else value

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else orjson.dumps(value).decode()

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"{sql}::text", params
