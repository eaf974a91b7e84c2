"""Code each commitment: cluster, participation level, evidence and the secondary codes."""
