"""The REST API: one module for each thing that a program may want, each with its blueprint."""
