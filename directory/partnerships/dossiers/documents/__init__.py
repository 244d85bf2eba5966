"""How proposals and partnerships leave: search documents and records, pages, panels, the copy of a dossier."""
