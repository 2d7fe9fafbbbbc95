"""What we say: articles, dated issues, and the publication they belong to."""
