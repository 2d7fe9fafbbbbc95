"""THE COPY DESK: what a careful colleague would say before an issue goes out."""
