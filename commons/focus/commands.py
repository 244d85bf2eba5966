"""`flask focus plant`: the shipped taxonomy into a site that has no areas yet."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from commons.focus.actions import plant
from commons.focus.queries import tree

AREAS = Path(__file__).with_name("areas.jsonl")
group = AppGroup("focus", help="Areas of focus.")


def plant_shipped() -> int:
    if tree().nodes:
        return 0
    with AREAS.open(encoding="utf-8") as lines:
        return plant([json.loads(line) for line in lines])


@group.command("plant")
def plant_command() -> None:
    """Does nothing where there are areas already."""
    click.echo(f"areas {plant_shipped()}")
