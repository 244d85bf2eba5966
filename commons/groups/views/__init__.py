"""The pages of groups."""

from commons.groups.views import founding, inviting, joining, people, reading
from commons.groups.views.addresses import blueprint

__all__ = ["blueprint", "founding", "inviting", "joining", "people", "reading"]
