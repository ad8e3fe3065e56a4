"""The recipe of models/en_news: sets, dress, network, lesson, export, in the order in which data flows."""
