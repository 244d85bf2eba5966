"""A small board: Ana's rain harvesters need, Ben's menders offer, Chi's gardeners do something else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from commons.db import db
from commons.entries.followers import catch_up
from directory.models import Organisation
from directory.partnerships.board.models import Posting
from tests.cast import Cast
from tests.directory.partnerships.board import makers

NEED = "We look for water level loggers for the tanks of schools, and for somebody who teaches us to mend them."
OFFER = "We build water level loggers from open parts, and teach schools to mend loggers themselves."


@dataclass
class Board:
    """Read anew with each question: the worker ends its sessions."""

    ids: dict[str, int]

    @property
    def rain(self) -> Organisation:
        return db.session.get_one(Organisation, self.ids["rain"])

    @property
    def menders(self) -> Organisation:
        return db.session.get_one(Organisation, self.ids["menders"])

    @property
    def need(self) -> Posting:
        return db.session.get_one(Posting, self.ids["need"])

    @property
    def offer(self) -> Posting:
        return db.session.get_one(Posting, self.ids["offer"])


@pytest.fixture
def board(app: Flask, cast: Cast) -> Board:
    rain = makers.represented("Rain harvesters", cast.ana, country="KE", city="Kisumu", languages=["en", "sw"])
    menders = makers.represented("Menders", cast.ben, country="KE", city="Nakuru", languages=["en"])
    gardeners = makers.represented("Gardeners", cast.chi, country="SN", city="Saint-Louis", languages=["fr"])
    need = makers.need("Find loggers", of=rain, actor=cast.ana, text=NEED, languages=["en"])
    offer = makers.offer("Build loggers", of=menders, actor=cast.ben, text=OFFER, languages=["en"])
    makers.offer("Teach pruning", of=gardeners, actor=cast.chi, text="How to prune fruit trees.", languages=["fr"])
    made = {"rain": rain.id, "menders": menders.id, "need": need.id, "offer": offer.id}
    catch_up()
    return Board(made)
