"""The hallway: the only place that knows all rooms, written as the story of an issue."""
