"""Passwords of tests are hashed as those of the product, at the least cost: some two thousand are made in a run."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1
