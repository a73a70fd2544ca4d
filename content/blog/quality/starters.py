"""Ordinary words that may begin a sentence or a heading with a capital.

No dictionary tells "Will" from will: words that are names as well (Mark, Grant, May, Rose, Drew) are not here, so a
sentence that begins with one is refused unless the record has it.
"""

STARTERS = frozenset(
    """
    a about above according across action after again against all alone alongside already also although always among an
    and another any anyone around as at audience audiences awards based because before beginning behind below beneath
    beside besides between beyond both but by cast categorised classed classified clearly comedy companies company
    compared counted countries country credited crew crime critics described despite direction director directors
    documentary drama during each either end ending even every everything facts fantasy featuring few film filmed films
    finally first five for formally four from genre genres given he her here his history horror how however if in inside
    instead into it its judged just known language languages last lasting later least like listed made many meanwhile
    measured more moreover most movie movies much music mystery named neither never next no nobody none not notably
    nothing now of often on once one only or origin originally other others our outside over overall people perhaps
    plainly plot produced producers production rarely rated rather rating ratings readers reception record release
    released remarkably reviews romance running runtime same score screenplay script second seen series set several
    shared she show shown shows simply since so some something sometimes still story such taken that the their then
    there these they thirdly this those though three thriller through throughout to today together told too top two
    ultimately under unlike until up usually various very viewers war western what whatever when where whether which
    while who whoever whose why with within without work writer writers writing written yet
    """.split()
)
