"""The demo: invented people, six campaigns and 90 days of work, made through the verbs that people use.

`begin.py` is where it starts, `filling.py` is the long work that carries it out; what happens is planned in `plan.py`
from a seed, and done in `acting.py`.
"""
