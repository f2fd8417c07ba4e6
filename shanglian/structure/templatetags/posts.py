"""How titles, bodies, terms and days of posts read in a page."""

from django import template

from shanglian.structure.post_labels import called, day_words, term_words, time_words

register = template.Library()
register.filter("called", called)
register.filter("day_words", day_words)
register.filter("term_words", term_words)
register.filter("time_words", time_words)
