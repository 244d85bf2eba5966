"""A form that shows what an action found wrong, and one that can be sent only to ask."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask_wtf import FlaskForm

ASKS = "suggest"  # the name of the button that asks for suggestions


class FaultsForm(FlaskForm):
    def show_faults(self, fields: Mapping[str, str]) -> None:
        """Beside the field; what has no field here stands on top."""
        for name, sentence in fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]
            else:
                self.form_errors.append(sentence)


class AskingForm(FlaskForm):
    """Has a button that asks for suggestions: then everything that was typed comes back, and nothing is saved."""

    @property
    def asks(self) -> bool:
        return super().is_submitted() and ASKS in request.form

    def is_submitted(self) -> bool:
        return super().is_submitted() and not self.asks
