"""Validators: one small function per kind of check; `registry` lists them, `base` is their interface."""
