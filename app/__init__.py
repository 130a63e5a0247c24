"""The wiring: settings, bootstrap, logging, command line, supervisor of the local services."""
