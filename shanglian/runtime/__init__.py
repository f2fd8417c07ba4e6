"""The ground the house stands on: the home folder, the embedded PostgreSQL, the supervised processes.

No word of the trade belongs here, and no Django models.
"""
