"""Who asked for it: states, tokens and the store that loses no wish."""
