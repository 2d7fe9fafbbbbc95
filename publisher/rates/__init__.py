"""The numbers at the top: quotes from sources, checked, remembered and laid out as a table."""
