"""THE DESK. What people at the office decide, look up and hand in. Each act has a who, and stands in the journal.

Pages and the command line call it. It sends nothing itself: what it changes, the stations find on their next run.
"""
