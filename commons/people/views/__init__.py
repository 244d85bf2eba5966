"""The pages of people."""

from commons.people.views import affiliations, contacts, finding, inviting, privacy, profiles, welcome
from commons.people.views.addresses import blueprint

__all__ = ["affiliations", "blueprint", "contacts", "finding", "inviting", "privacy", "profiles", "welcome"]
