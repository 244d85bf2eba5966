"""The pages of what a member follows."""

from commons.feed.views import keeping, notices, reacting, reading, settings, tags, watching
from commons.feed.views.addresses import blueprint

__all__ = ["blueprint", "keeping", "notices", "reacting", "reading", "settings", "tags", "watching"]
