"""The editor's door: one command a file; only `console` prints."""
