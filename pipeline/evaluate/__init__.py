"""How good is the classifier: figures that would convince a sceptic."""
