"""The hallway: the only place that knows all rooms, one file a story.

    issues     folder -> Site            what every renderer is given
    publish    Site -> public/           load | check | render | write | announce
    dispatch   Digest -> everybody once  render | freeze the audience | deliver | account
    letters    Digest -> Composer        whose letter it is, and how it is sealed
    returns    reports -> subscribers    failures, complaints and wishes to leave
    doctor     settings -> findings      what receivers will think of us

What it does not do: decide how anything looks, what is right or wrong, or when a letter may go;
the rooms do, and hand their decisions over as values.
"""
