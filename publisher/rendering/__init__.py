"""How it looks: pure functions from issues to feeds, letters and pages. Same input, same bytes."""
