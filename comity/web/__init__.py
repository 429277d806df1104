"""The local web server: an API under ``/api`` and the page that asks it.  See ``docs/serve.md`` and ``docs/api.md``."""
