"""Databases that speak SQL."""

from workloads.images.behaviours.sql.mysql import MYSQL
from workloads.images.behaviours.sql.postgres import POSTGRES

__all__ = ["MYSQL", "POSTGRES"]
