"""Measure how much say digital reforms give the public, from the documents that promise them."""

__version__ = "0.1.0"
