"""The dataset as others get it: checked tables, a data package, charts and the report."""
