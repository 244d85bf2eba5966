"""To come."""
from commons.room import Room
room = Room(name="api")
