"""Common Ground: what every room shares. See ARCHITECTURE.md for the floors."""
