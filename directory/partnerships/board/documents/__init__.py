"""How needs and offers leave: search documents and public records, pages, panels and mails."""
