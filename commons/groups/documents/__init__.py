"""How groups leave: search documents and public records, and the rows that pages show."""
