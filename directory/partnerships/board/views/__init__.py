"""The pages of needs and offers."""

from directory.partnerships.board.views import closing, reading, writing
from directory.partnerships.board.views.addresses import blueprint

__all__ = ["blueprint", "closing", "reading", "writing"]
