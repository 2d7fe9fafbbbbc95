"""Putting it on the web: a plan of paths and bytes, and the one place that writes it."""
