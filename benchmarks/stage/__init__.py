"""What the programs share: the running product, people who use it, and figures of what they saw."""
