"""Published DORA benchmarks and our own thresholds as cited YAML, and how a value is placed.

Four kinds of edition, never mixed on a page without saying which is which:

- `centroids`: the clusters of one report year, as published. They describe groups of
  respondents on all metrics together, so on one metric they may overlap, leave holes or be out
  of order. Nothing is smoothed.
- `distribution`: how many respondents gave which answer.
- `scale`: a score from 0 to 10.
- `thresholds`: our own elite, high, medium and low, ordered and without holes.
"""
