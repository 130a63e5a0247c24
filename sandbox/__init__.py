"""Stand-ins for the outside services on localhost, and the page to play with them. Imports nothing of the product."""
