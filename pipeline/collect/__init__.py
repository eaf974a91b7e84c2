"""The first stage: `corpus/sources.csv` is checked against the files, and documents are added to it."""
