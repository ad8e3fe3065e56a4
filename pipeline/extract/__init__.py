"""Doc -> rows: sentences, mentions, dates, quotes and quantities (start with ``article.py``)."""
