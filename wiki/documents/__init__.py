"""The shapes in which pages leave: search documents and records, what their pages show, and copies to take away."""
