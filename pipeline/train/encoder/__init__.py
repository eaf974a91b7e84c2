"""Tune the encoder anew: needs the extra `encoder` (PyTorch) and minutes to hours, unlike the training of the heads.

    python -m pipeline.train.encoder ../shared/gold/train.csv

writes `models/encoder/` and the stored vectors in `corpus/vectors/`. See models/encoder/README.md.
"""
