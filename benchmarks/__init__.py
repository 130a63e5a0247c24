"""Programs that print figures as JSON."""
