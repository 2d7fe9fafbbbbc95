"""The web pages: one file a kind of page, from the newest issue to the page for lost readers.

    plan             Site -> path and maker of every file: start reading here
    front            the newest issue in short, and those before it
    issue, article   a day's stories on one page; one story
    leaves, lengths  a story's page, or pages where it is too long for one; how many each takes
    breaks, cutting  where a text may be parted; where it is
    section          a section's stories, the newest first
    archive          the years, a year, its months
    feeds, lost      how to follow us; what stands at an address where nothing is
    moved            what stands at an address that once was a story's
    views            what templates are given of stories, pictures, words
    rates_view       the same of the rates (curve draws the small lines)
    structured_data  what a page says to machines
    frame            what all pages share: head, style sheet, and how a template is called

What they do not do: write files, read the clock, or know what stood there yesterday.
"""
