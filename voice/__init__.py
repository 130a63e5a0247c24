"""Twilio's door: hotline and paging calls."""
