"""The API's own faults, in the shape that the whole site gives to JSON: {error, message, fields?}."""

from __future__ import annotations

import time

from flask import Blueprint, Response
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, TooManyRequests, Unauthorized

from commons.api.writing import Clash
from commons.web.faults import answer
from commons.web.limits import limiter


def unauthorized(fault: Unauthorized) -> Response:
    response = answer(401, fault.description)
    for challenge in fault.www_authenticate or ():
        response.headers.add("WWW-Authenticate", challenge.to_header())
    return response


def too_many(_fault: TooManyRequests) -> Response:
    limit = limiter.current_limit
    seconds = max(1, round(limit.reset_at - time.time())) if limit else 60
    response = answer(429, _("Too many calls. Wait %(seconds)s seconds, then go on.", seconds=seconds))
    response.headers["Retry-After"] = str(seconds)
    return response


def clash(fault: Clash) -> Response:
    sentence = _(
        "Somebody else changed the same fields meanwhile. Both are shown: send what should stand, with this version."
    )
    return answer(409, sentence, fields=fault.fields, version=fault.version)


def unfit(_fault: HTTPException) -> Response:
    return answer(400, _("This cannot be read: JSON that is broken or nested too deep, or signs that are not text."))


def wrong_type(_fault: HTTPException) -> Response:
    return answer(415, _("Send JSON, with Content-Type: application/json."))


def register(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(400, unfit)
    blueprint.register_error_handler(401, unauthorized)
    blueprint.register_error_handler(415, wrong_type)
    blueprint.register_error_handler(429, too_many)
    blueprint.register_error_handler(Clash, clash)
