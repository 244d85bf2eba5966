"""How claims, people, versions and reminders leave: as pages, panels and mails."""
