"""The pages of talks."""

from commons.talks.views import blocks, talks
from commons.talks.views.addresses import blueprint

__all__ = ["blocks", "blueprint", "talks"]
