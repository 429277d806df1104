"""Decisions of persons on events: appended, anchored in the evidence, laid over what was read.

What is shown is a pure function of the tables: the events as merged, and the decisions in the
order of their times without those that were undone.  `records` are the decisions, `attach` finds
what they are about, `state` carries them out, `views` shows the result as tables of the index.
"""
