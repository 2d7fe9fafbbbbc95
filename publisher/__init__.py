"""Publisher turns a folder of Markdown into a news briefing that arrives everywhere at once."""

__version__ = "0.1.0"
