"""Arithmetic on samples: {figure: {contender: [a number for each round, or None]}}."""

import statistics

NONE = {}


def of(samples, figure, contender):
    return [value for value in samples.get(figure, NONE).get(contender, []) if value is not None]


def median(samples, figure, contender):
    values = of(samples, figure, contender)
    return statistics.median(values) if values else None


def ratio(samples, figure, ours, theirs):
    """The median of the ratios within each round, as a machine's speed changes between rounds. None without any."""
    both = zip(*(samples.get(figure, NONE).get(contender, []) for contender in (ours, theirs)))
    ratios = [our / their for our, their in both if our is not None and their]
    return statistics.median(ratios) if ratios else None
