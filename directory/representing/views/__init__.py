"""Pages of who speaks for an organisation; each subject in a file of its own."""

from directory.representing.views import claims, freshness, people, versions
from directory.representing.views.addresses import blueprint

__all__ = ["blueprint", "claims", "freshness", "people", "versions"]
