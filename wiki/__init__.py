"""Pages that anyone can mend and nobody can lose: the next step. The room stands here so that its place is known."""
