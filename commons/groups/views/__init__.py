"""The pages of groups."""

from commons.groups.views import founding, holding, inviting, joining, news, people, reading
from commons.groups.views.addresses import blueprint

__all__ = ["blueprint", "founding", "holding", "inviting", "joining", "news", "people", "reading"]
