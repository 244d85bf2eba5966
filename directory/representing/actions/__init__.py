"""Every write about who speaks for an organisation and what it says of its record."""
