"""A form that shows what an action found wrong."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm


class FaultsForm(FlaskForm):
    def show_faults(self, fields: Mapping[str, str]) -> None:
        """Beside the field; what has no field here stands on top."""
        for name, sentence in fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]
            else:
                self.form_errors.append(sentence)
