"""The domain: what an incident is, what it owes, who is paged. Knows no SDK and no door."""
