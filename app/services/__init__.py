"""The servers that the product brings along: PostgreSQL, Redis and Chroma, for who has none."""
