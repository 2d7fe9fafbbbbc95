"""The public door: the published site and the few routes by which readers come and go."""
