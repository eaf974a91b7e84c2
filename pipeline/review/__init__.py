"""An analyst's review: rows worth a person's time out, corrections in, and what they change."""
