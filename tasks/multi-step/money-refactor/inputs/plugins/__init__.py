"""Plugins of partners."""
