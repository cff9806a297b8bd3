"""Runs compared over the tasks they share: is one better, how sure is that, and what would make it surer?

types      what a comparison says
caveats    what makes two runs less than comparable
data       payloads in, comparisons out
sentences  the answers in words
text       for the terminal
document   for programs
pages      HTML and Markdown
"""

from agentbench.compare.data import TARGET, compare, compare_all
from agentbench.compare.types import Answer, Comparison

__all__ = ["TARGET", "Answer", "Comparison", "compare", "compare_all"]
