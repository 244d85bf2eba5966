"""What every kind of entry shares on the web: history, comparison, recent changes, drafts and permanent addresses."""

from commons.entries.views import drafts, history, tags
from commons.entries.views.addresses import CollectionConverter, blueprint, kind_of
from commons.entries.views.log import atom

__all__ = ["CollectionConverter", "atom", "blueprint", "drafts", "history", "kind_of", "tags"]
