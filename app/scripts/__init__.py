"""Campaign scripts: the kinds of statuses, the rules of a change, and the verbs with which managers edit them."""
