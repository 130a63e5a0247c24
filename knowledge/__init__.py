"""Triage: embeddings, memory, rules and model."""
