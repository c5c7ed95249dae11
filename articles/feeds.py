FORMATS = ("feed.xml", "feed.atom", "feed.json")
def section(request, node, name):
    return None
