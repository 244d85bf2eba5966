"""Partnerships: what organisations need and offer, how they find each other, and what they agree on."""
