"""The metering proxy between an agent and its model's endpoint."""
