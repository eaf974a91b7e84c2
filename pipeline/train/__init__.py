"""Learn the classifier from labelled examples; the encoder's own fine-tuning is apart, in `pipeline.train.encoder`."""
