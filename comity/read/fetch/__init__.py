"""Fetching from the web, with its guards: addresses, sizes, times, robots.txt, politeness."""
