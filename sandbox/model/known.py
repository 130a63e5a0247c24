"""The one model that there is, and the one key that it takes; `.env.example` names the same."""

MODEL = "sandbox"
MODEL_KEY = "sandbox-model-key"
