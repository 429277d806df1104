"""The version of the program, in one place for the package and its outputs."""

VERSION = "0.2.0"
