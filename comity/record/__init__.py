"""The record: a folder of immutable segments that an analyst fills for years and can trust."""
