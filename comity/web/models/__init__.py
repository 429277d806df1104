"""The forms of all answers of the API, as records: OpenAPI is made of them, and tests hold every answer against them.

Days are dates, offsets count code points unless ``offsets=utf16`` was asked for, ``names`` are display names by code.
"""
