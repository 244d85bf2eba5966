"""The pages of walls."""

from commons.walls.views import walls
from commons.walls.views.addresses import blueprint

__all__ = ["blueprint", "walls"]
