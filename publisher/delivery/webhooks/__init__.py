"""What mail providers tell us over the web: whether it is they, and what it means."""
