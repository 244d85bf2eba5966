"""The pages of forums, topics and posts."""

from commons.forums.views import acting, editing, organising, reading, similar, writing
from commons.forums.views.addresses import blueprint

__all__ = ["acting", "blueprint", "editing", "organising", "reading", "similar", "writing"]
