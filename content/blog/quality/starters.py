"""Ordinary words that may begin a sentence or a heading with a capital.

No dictionary tells "Will" from will: words that are names as well (Mark, Grant, May, Rose, Drew) are not here, so a
sentence that begins with one is refused unless the record has it.
"""

STARTERS = frozenset(
    """
    a about above according across action after against all alongside also although among an and another any anyone
    around as at audience audiences awards based because before behind below besides between beyond both but by
    cast comedy companies company countries country crew critics crime despite direction director directors documentary
    drama during each either even every everything facts fantasy featuring few film filmed films finally first for
    from genre genres given he her here his history horror how however if in inside instead into it its just language
    language languages later like made many meanwhile more moreover most movie movies much music mystery neither no
    not nothing now of often on once one only or origin originally other others our outside over overall people
    perhaps plot produced producers production rated rating ratings rather reception record release released reviews
    romance running runtime same score screenplay script second series set several she show shows since so some
    something still story such taken that the their then there these they thirdly this those though thriller through
    throughout to today together told too two under unlike until up various very viewers war western what whatever
    when where whether which while who whose why with within without work writer writers writing written yet
    """.split()
)
