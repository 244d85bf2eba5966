"""What an admin may type about news from outside."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from commons.web.forms import FaultsForm


class NewsForm(FaultsForm):
    address = StringField(
        _l("Address"), description=_l("Of a site or of its news feed. Only titles and links are shown here.")
    )
