"""Segmentation: the blocks of a document become commitments as the plan itself delimits them."""
