"""The pages of moderation."""

from commons.moderation.views import desk, reports
from commons.moderation.views.addresses import blueprint

__all__ = ["blueprint", "desk", "reports"]
