"""Stage 1 of the journey: files in, text blocks with page, box and style out, in reading order."""
