"""The version of the project, read by the build backend and printed by `mesogun --version`."""

VERSION = "0.1.0"
