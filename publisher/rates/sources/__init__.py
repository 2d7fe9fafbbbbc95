"""Where values come from: one small file a source, all behind one protocol."""
