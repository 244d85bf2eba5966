"""How templates look things up: as Jinja does, and quicker where a page does it a thousand times."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from flask.templating import Environment as FlaskEnvironment
from jinja2.runtime import Context as JinjaContext
from jinja2.runtime import Macro

METHODS = frozenset(dir(dict))


class Context(JinjaContext):
    def call(self, called: Any, /, *args: Any, **values: Any) -> Any:
        """Jinja asks three times what sort of thing it calls. Nearly always it is a macro, or a function that wants nothing
        but its arguments."""
        sort = type(called)
        if sort is Macro:
            args = (self.eval_ctx, *args)
        elif sort is not FunctionType or "jinja_pass_arg" in called.__dict__:
            return super().call(called, *args, **values)
        values.pop("_block_vars", None)
        values.pop("_loop_vars", None)
        return called(*args, **values)


class Environment(FlaskEnvironment):
    context_class = Context

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`row.title` of a plain row: Jinja asks it for an attribute first, and the error that answers costs more than all
        else. What is a method of every dictionary stays one."""
        if type(obj) is dict and attribute not in METHODS:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)
