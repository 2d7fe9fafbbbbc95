"""Words from elsewhere: a pasted page becomes a draft that an editor reviews."""
