"""The participation deficit: measures with intervals, the ecosystem, organisations and exemplars."""
