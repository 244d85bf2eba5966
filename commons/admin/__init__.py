"""What operators need: serving, the worker, and checking the whole site."""

from __future__ import annotations

from commons.admin.checks import checks
from commons.admin.commands import serve, site, worker
from commons.room import Room

room = Room(name="admin", commands=(serve, worker, site), checks=checks)
