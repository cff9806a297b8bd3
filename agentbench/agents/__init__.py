"""Agents: who works on a trial in a harness-run. `registry` lists them, `base` is their interface."""
