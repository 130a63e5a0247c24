"""One adapter a provider: the product's ports on the left, an SDK on the right."""
