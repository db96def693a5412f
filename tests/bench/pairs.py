"""What pairs of measurements show: the median of their ratios, its confidence interval, and whether that is worse."""

import math
import statistics
from collections import namedtuple

LIMIT = 0.03  # a change for the worse below this is ignored
CONFIDENCE = 0.95

Ratio = namedtuple("Ratio", "median low high sure")
Verdict = namedtuple("Verdict", "row ratio same allowed worse")


def ratio_of(ratios):
    """The median, and an interval that holds the true one with probability `sure` for any distribution: the ratios at
    two ranks. With few pairs CONFIDENCE cannot be reached; then the interval covers all of them."""
    ordered = sorted(ratios)
    count = len(ordered)
    rank, sure = 0, 1 - 2 * 0.5**count
    while rank + 1 < count - rank - 1:
        outside = sum(math.comb(count, k) for k in range(rank + 2)) / 2**count
        if 1 - 2 * outside < CONFIDENCE:
            break
        rank, sure = rank + 1, 1 - 2 * outside
    return Ratio(statistics.median(ordered), ordered[rank], ordered[count - 1 - rank], sure)


def ratios(samples):
    """For samples (old, new, old again), one per round: new against both old ones, and old against old."""
    return ([new / math.sqrt(old * again) for old, new, again in samples],
            [again / old for old, _, again in samples])


def judge(row, samples):
    """Costs: less is better. Worse: the median exceeds LIMIT plus what the old program differs from itself."""
    changed, unchanged = (ratio_of(all_) for all_ in ratios(samples))
    allowed = 1 + LIMIT + abs(unchanged.median - 1)
    return Verdict(row, changed, unchanged, allowed, changed.median > allowed)
